import type { Count, OpenItem } from '../../../../config/model/attendance.ts';
import type { SheetLine } from '../../../../config/model/sheet.ts';
import { dutyRecordsSince, findLog, type Numbered } from '../../../records/duty.ts';
import type { WatchDesk } from '../desk.ts';
import type { SheetBlock } from './block.ts';

export interface PeopleBlockDeps {
  readonly desk: Pick<WatchDesk, 'now'>;
}

/** More than the longest watch: a count of another week is none. */
const COUNTS_SINCE_MS = 60 * 86_400_000;
const MOST_ENTRIES = 500;

function itemsOf({ desk }: PeopleBlockDeps): readonly Numbered<OpenItem>[] {
  return desk.now().records.filter((record): record is Numbered<OpenItem> => record.kind === 'open_item');
}

function itemLine(item: Numbered<OpenItem>, code: string): SheetLine {
  const { id, subject, reason, description, owner, from, sinceMs, carried, weight } = item;
  return {
    key: String(id),
    code,
    params: { subject, reason, description, owner, from, sinceMs, carried, weight },
    weight,
  };
}

/** What was opened during a watch has no reason why it was not done, as what a handover passed on has. */
function itemCode({ sort, reason, carried }: OpenItem): string {
  if (sort === 'confirm') return 'to_confirm';
  if (reason !== '') return 'carried';
  return carried === 0 ? 'opened_now' : 'opened';
}

/** What is still to be done from watches before, with its age, and what a leader has yet to confirm. */
export function carryOversBlock(deps: PeopleBlockDeps): SheetBlock {
  return {
    id: 'carry_overs',
    async lines() {
      return itemsOf(deps)
        .filter(({ sort }) => sort !== 'notice')
        .map((item) => itemLine(item, itemCode(item)));
    },
  };
}

/** What superiors have told. */
export function noticesBlock(deps: PeopleBlockDeps): SheetBlock {
  return {
    id: 'notices',
    async lines() {
      return itemsOf(deps)
        .filter(({ sort }) => sort === 'notice')
        .map((item) => itemLine(item, 'notice'));
    },
  };
}

/** Keys, radios and tools as they were counted last; not counted since the last sheet is told. */
export function equipmentBlock(): SheetBlock {
  return {
    id: 'equipment',
    async lines({ db, atMs, fromMs }) {
      const [last] = await dutyRecordsSince(db, 'count', atMs - COUNTS_SINCE_MS, 1);
      if (last === undefined) return [{ key: 'none', code: 'never_counted', params: {}, weight: 'plain' }];
      const isStale = last.atMs < fromMs;
      const head: SheetLine = {
        key: 'count',
        code: isStale ? 'counted_before' : 'counted',
        params: { person: last.by, atMs: last.atMs },
        weight: isStale ? 'heed' : 'plain',
      };
      return [head, ...last.items.map(countLine)];
    },
  };
}

function countLine({ name, expected, found }: Count['items'][number]): SheetLine {
  return {
    key: name,
    code: found === expected ? 'item_there' : 'item_differs',
    params: { item: name, expected, found },
    weight: found < expected ? 'grave' : 'plain',
  };
}

/** The watch log of the time of the sheet: what people wrote. What the product wrote stands in the log itself. */
export function logBlock(): SheetBlock {
  return {
    id: 'log',
    async lines({ db, since, through }) {
      const entries = await findLog(db, {
        afterId: since.log,
        beforeId: through.log + 1,
        limit: MOST_ENTRIES,
      });
      return entries
        .filter(({ code }) => code === 'note')
        .toReversed()
        .map(({ id, atMs, author = '', text, tags, attachments, corrects }): SheetLine => {
          const files = attachments.map(({ name }) => name).join(', ');
          const params = { atMs, author, text, tags: tags.join(' '), files };
          return {
            key: String(id),
            code: corrects === undefined ? 'noted' : 'corrected',
            params: corrects === undefined ? params : { ...params, corrects },
            weight: 'plain',
          };
        });
    },
  };
}
