import { lineOf, type JournalLine } from '../../alerting/attention/raise.ts';
import type { Db } from './tables.ts';
import { entryOf } from './alerts.ts';

/** So many lines are read at once: others have their turn in between. */
const AT_ONCE = 1_000;
/** A month of a room in great trouble; of more the latest are read. */
export const MAX_JOURNAL_LINES = 100_000;

export interface Journal {
  /** In order of time. */
  readonly lines: readonly JournalLine[];
  /** There are more, and these are the latest. */
  readonly isCut: boolean;
}

/** What the history of alerts tells of a time, as the load of the watch is counted by it. */
export async function alertJournal(
  db: Db,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  maxLines = MAX_JOURNAL_LINES,
): Promise<Journal> {
  const lines: JournalLine[] = [];
  for (let beforeId = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = await db
      .selectFrom('alert_history')
      .selectAll()
      .where('at_ms', '>=', fromMs)
      .where('at_ms', '<', toMs)
      .where('id', '<', beforeId)
      .orderBy('id', 'desc')
      .limit(AT_ONCE)
      .execute();
    for (const row of rows) {
      if (lines.length >= maxLines) return { lines: inOrder(lines), isCut: true };
      lines.push(lineOf(entryOf(row)));
    }
    beforeId = rows.at(-1)?.id ?? 0;
    if (rows.length < AT_ONCE) return { lines: inOrder(lines), isCut: false };
  }
}

/** Of one instant in the order in which they were written. */
function inOrder(newestFirst: readonly JournalLine[]): readonly JournalLine[] {
  return newestFirst.toReversed().sort((a, b) => a.atMs - b.atMs);
}
