import type { SheetBlockContent, SheetLine, SheetMarks } from '../../../../config/model/sheet.ts';
import type { WatchPost } from '../../../../config/model/watch.ts';
import type { Log } from '../../../../config/runtime/log.ts';
import type { Db } from '../../../records/tables.ts';

/** What a sheet is made for. */
export interface SheetMoment {
  /** The records, as the step sees them that freezes the sheet: a block reads from nowhere else. */
  readonly db: Db;
  readonly post: WatchPost;
  readonly atMs: number;
  /** Where the last signed sheet of the post ended: what happened since belongs into this one. */
  readonly fromMs: number;
  readonly since: SheetMarks;
  /** Where this one ends in the alert history and in the watch log. */
  readonly through: SheetMarks;
}

/**
 * One block of the handover sheet. A part of the product that has something to pass on implements it, adds it to the
 * list that `watch` is opened with, and its words to `SHEET_WORDS`: the title under its id, each line under its code.
 * Lines of routine work that was not done are `isUnfinished`: the outgoing must explain each. A block that throws
 * stands in the sheet as unknown, never as empty.
 */
export interface SheetBlock {
  readonly id: string;
  lines(moment: SheetMoment): Promise<readonly SheetLine[]>;
}

/** A longer list tells nobody anything; what is left out is counted. */
const MOST_LINES = 200;

/** Fills all blocks for one instant. */
export async function fillBlocks(
  blocks: readonly SheetBlock[],
  moment: SheetMoment,
  log: Log,
): Promise<readonly SheetBlockContent[]> {
  return Promise.all(
    blocks.map(async (block): Promise<SheetBlockContent> => {
      try {
        return { id: block.id, lines: bounded(await block.lines(moment)) };
      } catch (err) {
        log.error({ err, block: block.id }, 'a block of the handover sheet could not be filled');
        return { id: block.id, lines: [], isUnknown: true };
      }
    }),
  );
}

function bounded(lines: readonly SheetLine[]): readonly SheetLine[] {
  if (lines.length <= MOST_LINES) return lines;
  // What must be explained is never left out.
  const unfinished = lines.filter(({ isUnfinished }) => isUnfinished === true);
  const others = lines.filter(({ isUnfinished }) => isUnfinished !== true);
  const shown = others.slice(0, Math.max(0, MOST_LINES - unfinished.length));
  const n = others.length - shown.length;
  return [...unfinished, ...shown, { key: 'more', code: 'more', params: { n }, weight: 'heed' }];
}
