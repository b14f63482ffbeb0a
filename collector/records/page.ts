/** A part of a list that is read newest first. */
export interface Page {
  /** Only what is older than this instant; the newest when absent. */
  readonly beforeMs?: number;
  /** At least so many where there are as many; a page never splits an instant, so the next begins exactly where it ends. */
  readonly limit: number;
}

/** Rows that go into one statement: below the parameters that any store takes, and short enough to run at once. */
const ROWS_AT_ONCE = 200;

export function* inBatches<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    yield rows.slice(start, start + ROWS_AT_ONCE);
}
