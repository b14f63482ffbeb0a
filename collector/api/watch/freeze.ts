import type { Handover, HandoverKind } from '../../../config/model/handover.ts';
import { NO_MARKS, unfinishedOf, type Sheet } from '../../../config/model/sheet.ts';
import type { WatchPost } from '../../../config/model/watch.ts';
import { fillBlocks } from '../../duty/watch/blocks/block.ts';
import { hashOfText, sheetText } from '../../duty/watch/hashes.ts';
import { marksNow } from '../../records/duty.ts';
import { fromJson } from '../../records/json.ts';
import type { Db } from '../../records/tables.ts';
import { lastSealed } from '../../records/watch.ts';
import type { WatchDeps } from './watch-deps.ts';

export interface FreezeOrder {
  readonly post: WatchPost;
  readonly kind: HandoverKind;
  readonly outgoing?: string;
  readonly incoming: string;
  readonly by: string;
  readonly atMs: number;
}

export interface Frozen {
  readonly handover: Omit<Handover, 'id'>;
  readonly sheet: string;
}

/** Fills the sheet from what is so now, and freezes it with its hash. */
export async function freeze(
  { desk, blocks, log }: WatchDeps,
  db: Db,
  { post, kind, outgoing, incoming, by, atMs }: FreezeOrder,
): Promise<Frozen> {
  const before = await lastSealed(db, post);
  const last = before === undefined ? undefined : fromJson<Sheet>(before.sheet);
  const fromMs = last?.frozenAtMs ?? 0;
  const through = await marksNow(db);
  const since = last?.through ?? NO_MARKS;
  const filled = await fillBlocks(blocks, { db, post, atMs, fromMs, since, through }, log);
  const shift = desk.now().shift?.name;
  const sheet: Sheet = {
    post,
    ...(shift === undefined ? {} : { shift }),
    ...(outgoing === undefined ? {} : { outgoing }),
    incoming,
    fromMs,
    frozenAtMs: atMs,
    through,
    blocks: filled,
  };
  return frozen(sheet, { kind, by });
}

/** A handover that begins with a sheet. */
export function frozen(
  sheet: Sheet,
  { kind, by }: { readonly kind: HandoverKind; readonly by: string },
): Frozen {
  const text = sheetText(sheet);
  const { post, outgoing, incoming, frozenAtMs: startedAtMs } = sheet;
  return {
    sheet: text,
    handover: {
      // A sheet is made for a post; its field is a word for those who read the export.
      post: post as WatchPost,
      kind,
      ...(outgoing === undefined ? {} : { outgoing }),
      incoming,
      startedAtMs,
      startedBy: by,
      sheetHash: hashOfText(text),
      blocks: sheet.blocks.map(({ id }) => id),
      unfinished: unfinishedOf(sheet),
      opened: {},
      questions: [],
      carryOvers: [],
      signatures: [],
      state: { kind: 'walking' },
    },
  };
}
