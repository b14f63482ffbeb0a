import { ByteReader, ByteWriter } from './bytes.ts';
import { columnCapacity, readColumn, writeColumn } from './column.ts';

/** A run of samples of one series to which nothing is added any more, packed. Instants are whole milliseconds. */
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

/** In front of instants that come at even distances: the distance follows. */
const EVEN = 0;
/** In front of others: a column of how far each is from the first. */
const UNEVEN = 1;

/** Packs a span that holds at least one sample. Instants mostly come at even distances, values move in small steps. */
export function closeBlock({ timesMs, values, start, end }: Span): Block {
  const fromMs = timesMs[start] ?? 0;
  const toMs = timesMs[end - 1] ?? 0;
  const count = end - start;
  writer.begin(16 + 2 * columnCapacity(count));
  const stepMs = count > 1 ? (toMs - fromMs) / (count - 1) : 0;
  if (isEven(timesMs, start, end, stepMs)) {
    writer.byte(EVEN);
    writer.unsigned(stepMs);
  } else {
    writer.byte(UNEVEN);
    writeColumn(
      writer,
      timesMs.subarray(start, end).map((atMs) => atMs - fromMs),
      'pace',
    );
  }
  writeColumn(writer, values.subarray(start, end), 'step');
  return { fromMs, toMs, count, bytes: writer.toBytes() };
}

/** Writes the samples of a block into columns, from `at` on. */
export function readBlock({ fromMs, count, bytes }: Block, { timesMs, values }: Columns, at: number): void {
  const reader = new ByteReader(bytes);
  if (reader.byte() === EVEN) {
    const stepMs = reader.unsigned();
    for (let index = 0; index < count; index += 1) timesMs[at + index] = fromMs + index * stepMs;
  } else {
    const own = timesMs.subarray(at, at + count);
    readColumn(reader, own, 'pace');
    for (let index = 0; index < count; index += 1) own[index] = (own[index] ?? 0) + fromMs;
  }
  readColumn(reader, values.subarray(at, at + count), 'step');
}

/** Of a block whose instants come at even distances. */
export interface EvenPart {
  readonly stepMs: number;
  /** Where in its bytes the packed values begin. */
  readonly valuesAt: number;
}

export function evenPart({ bytes }: Block): EvenPart | undefined {
  if (bytes[0] !== EVEN) return undefined;
  const reader = new ByteReader(bytes);
  reader.skip(1);
  const stepMs = reader.unsigned();
  return { stepMs, valuesAt: reader.at };
}

/** Begins `into` anew with the bytes of a block that comes evenly; its values follow. */
export function putEven(into: ByteWriter, stepMs: number): void {
  into.begin(512);
  into.byte(EVEN);
  into.unsigned(stepMs);
}

/**
 * Begins `into` anew with a block that follows on those of its series, of which the last ended at `beforeMs`; behind a
 * byte that says of what kind it is, if there is one.
 */
export function chainBlock(
  into: ByteWriter,
  { fromMs, toMs, count, bytes }: Block,
  beforeMs: number,
  kind?: number,
): void {
  into.begin(bytes.length + 48);
  if (kind !== undefined) into.byte(kind);
  into.unsigned(bytes.length);
  into.unsigned(count);
  into.unsigned(fromMs - beforeMs);
  into.unsigned(toMs - fromMs);
  into.copy(bytes);
}

/** The next of blocks that follow on each other; its bytes are the reader's own. */
export function nextBlock(reader: ByteReader, beforeMs: number): Block {
  const length = reader.unsigned();
  const count = reader.unsigned();
  const fromMs = beforeMs + reader.unsigned();
  const toMs = fromMs + reader.unsigned();
  return { fromMs, toMs, count, bytes: reader.take(length) };
}

function isEven(timesMs: Float64Array, start: number, end: number, stepMs: number): boolean {
  if (!Number.isSafeInteger(stepMs)) return false;
  const fromMs = timesMs[start] ?? 0;
  for (let index = start + 1; index < end; index += 1) {
    if (timesMs[index] !== fromMs + (index - start) * stepMs) return false;
  }
  return true;
}
