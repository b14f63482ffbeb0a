import type { Labels } from '../../../config/model/labels.ts';
import { isStale } from '../../../config/model/sample.ts';
import { nextBlock, readBlock, type Columns } from '../block.ts';
import { ByteReader } from '../bytes.ts';
import { firstAfter } from '../sorted.ts';
import type { Catalogue } from './catalogue.ts';
import type { RowColumns, RowSource } from './duck.ts';

/** Samples of series on their way into history, packed: the series `ids[i]` has `counts[i]` samples in the next `lengths[i]` bytes. */
export interface Pieces {
  /** `[id, labels]` of series that the receiver has not heard of. */
  readonly fresh: readonly (readonly [number, Labels])[];
  readonly ids: Float64Array;
  readonly lengths: Float64Array;
  readonly counts: Float64Array;
  /** Blocks that follow on each other; those of each series begin anew. */
  readonly bytes: Uint8Array;
}

/** What came for one flush, by the number of its series. */
export class Batch {
  readonly #blocks = new Map<number, Uint8Array>();
  readonly #numbers: Map<number, number>;
  readonly #catalogue: Catalogue;
  /** Of one block. */
  #scratch: Columns = columnsFor(256);
  rows = 0;

  /** `numbers`: which series the ids of the sender are; it is added to. */
  constructor(catalogue: Catalogue, numbers: Map<number, number>) {
    this.#catalogue = catalogue;
    this.#numbers = numbers;
  }

  /** All of a series comes in one message. */
  add({ fresh, ids, lengths, counts, bytes }: Pieces): void {
    for (const [id, labels] of fresh) this.#numbers.set(id, this.#catalogue.numberOf(labels));
    let start = 0;
    for (const [index, id] of ids.entries()) {
      const end = start + (lengths[index] ?? 0);
      this.#blocks.set(this.#numberOf(id), bytes.subarray(start, end));
      this.rows += counts[index] ?? 0;
      start = end;
    }
  }

  /** The samples of `fromMs < t <= toMs`, sorted by series and instant. */
  rowsOf(fromMs: number, toMs: number): RowSource {
    const spans = this.#spans(fromMs, toMs);
    let now = NOTHING;
    return (columns) => {
      let rows = 0;
      while (rows < columns.series.length) {
        if (now.start === now.end) {
          const next = spans.next();
          if (next.done === true) break;
          now = next.value;
        }
        const count = Math.min(now.end - now.start, columns.series.length - rows);
        put(columns, rows, { ...now, end: now.start + count });
        now.start += count;
        rows += count;
      }
      return rows;
    };
  }

  *#spans(fromMs: number, toMs: number): Generator<Span> {
    for (const number of [...this.#blocks.keys()].sort((a, b) => a - b)) {
      const bytes = this.#blocks.get(number) ?? NO_BYTES;
      const reader = new ByteReader(bytes);
      let beforeMs = 0;
      while (reader.at < bytes.length) {
        const block = nextBlock(reader, beforeMs);
        beforeMs = block.toMs;
        if (block.toMs <= fromMs || block.fromMs > toMs) continue;
        const { count } = block;
        if (this.#scratch.timesMs.length < count) this.#scratch = columnsFor(2 * count);
        const { timesMs, values } = this.#scratch;
        readBlock(block, { timesMs, values }, 0);
        const start = firstAfter(timesMs, 0, count, fromMs);
        yield { number, timesMs, values, start, end: firstAfter(timesMs, start, count, toMs) };
      }
    }
  }

  #numberOf(id: number): number {
    const number = this.#numbers.get(id);
    if (number === undefined) throw new Error('a series comes with its labels the first time');
    return number;
  }
}

/** Samples of one series: `start <= i < end` of both columns. They hold until the next. */
interface Span {
  readonly number: number;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  start: number;
  readonly end: number;
}

function columnsFor(count: number): Columns {
  return { timesMs: new Float64Array(count), values: new Float64Array(count) };
}

const NO_BYTES = new Uint8Array(0);
const NO_NUMBERS = new Float64Array(0);
const NOTHING: Span = { number: 0, timesMs: NO_NUMBERS, values: NO_NUMBERS, start: 0, end: 0 };

function put(columns: RowColumns, row: number, { number, timesMs, values, start, end }: Span): void {
  columns.series.fill(number, row, row + end - start);
  columns.timesMs.set(timesMs.subarray(start, end), row);
  columns.values.set(values.subarray(start, end), row);
  for (let at = start; at < end; at += 1) columns.ended[row + at - start] = isStale(values, at) ? 1 : 0;
}
