import { ByteReader, ByteWriter } from './bytes.ts';
import { columnCapacity, readColumn, writeColumn } from './column.ts';

/** A run of samples of one series to which nothing is added any more, packed. */
export interface Block {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  readonly bytes: Uint8Array;
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

/** Packing is synchronous: one writer serves all. */
const writer = new ByteWriter();

/** Packs a span that holds at least one sample. Times come at even distances, values move in small steps. */
export function closeBlock({ timesMs, values, start, end }: Span): Block {
  writer.begin(2 * columnCapacity(end - start));
  writeColumn(writer, timesMs.subarray(start, end), 'pace');
  writeColumn(writer, values.subarray(start, end), 'step');
  return {
    fromMs: timesMs[start] ?? 0,
    toMs: timesMs[end - 1] ?? 0,
    count: end - start,
    bytes: writer.toBytes(),
  };
}

/** Writes the samples of a block into columns, from `at` on. */
export function readBlock({ count, bytes }: Block, { timesMs, values }: Columns, at: number): void {
  const reader = new ByteReader(bytes);
  readColumn(reader, timesMs.subarray(at, at + count), 'pace');
  readColumn(reader, values.subarray(at, at + count), 'step');
}
