/** A run of samples of one series to which nothing is added any more. */
export interface Block {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  readonly columns: Columns;
}

/** `timesMs[i]` belongs to `values[i]`. */
export interface Columns {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** Where samples stand: `start <= i < end` of both columns. */
export interface Span extends Columns {
  readonly start: number;
  readonly end: number;
}

/** Closes a span that holds at least one sample. */
export function closeBlock({ timesMs, values, start, end }: Span): Block {
  return {
    fromMs: timesMs[start] ?? 0,
    toMs: timesMs[end - 1] ?? 0,
    count: end - start,
    columns: { timesMs: timesMs.slice(start, end), values: values.slice(start, end) },
  };
}

/** Writes the samples of a block into columns, from `at` on. */
export function readBlock({ columns }: Block, into: Columns, at: number): void {
  into.timesMs.set(columns.timesMs, at);
  into.values.set(columns.values, at);
}
