import { sql, type Expression } from 'kysely';

/** A part of a list that is read newest first: by time, and of one instant by number. */
export interface Page {
  /** Only what is older than this instant; the newest when absent. */
  readonly beforeMs?: number;
  /** And what is of that instant with a smaller number. A storm raises thousands at one: no page holds them all. */
  readonly beforeId?: number;
  /** So many where there are as many. */
  readonly limit: number;
}

/** Whether a row, by its columns of time and number, lies in a page or behind it. */
export function isBefore(
  at: string,
  { beforeMs = Number.MAX_SAFE_INTEGER, beforeId = 0 }: Page,
): Expression<boolean> {
  return sql<boolean>`(${sql.ref(at)}, ${sql.ref('id')}) < (${beforeMs}, ${beforeId})`;
}

/** Rows that go into one statement: below the parameters that any store takes, and short enough to run at once. */
const ROWS_AT_ONCE = 200;

export function* inBatches<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    yield rows.slice(start, start + ROWS_AT_ONCE);
}
