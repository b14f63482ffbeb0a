import type { Labels } from '../../../config/model/labels.ts';
import { isStale } from '../../../config/model/sample.ts';
import { readBlock, type Block } from '../block.ts';
import type { Catalogue } from './catalogue.ts';
import type { RowColumns, RowSource } from './duck.ts';

/** Samples of series on their way into history, as they are in memory: packed blocks, and open samples. */
export interface Pieces {
  /** `[id, labels]` of series that the receiver has not heard of. */
  readonly fresh: readonly (readonly [number, Labels])[];
  readonly blocks: {
    readonly ids: Uint32Array;
    readonly counts: Uint32Array;
    readonly lengths: Uint32Array;
    readonly fromMs: Float64Array;
    readonly toMs: Float64Array;
    readonly bytes: Uint8Array;
  };
  /** `ids[i]` has `counts[i]` samples, behind each other in both columns. */
  readonly samples: {
    readonly ids: Uint32Array;
    readonly counts: Uint32Array;
    readonly timesMs: Float64Array;
    readonly values: Float64Array;
  };
}

interface Open {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** What came for one flush, by the number of its series. */
export class Batch {
  readonly #blocks = new Map<number, Block[]>();
  readonly #open = new Map<number, Open>();
  readonly #numbers: Map<number, number>;
  readonly #catalogue: Catalogue;
  rows = 0;

  /** `numbers`: which series the ids of the sender are; it is added to. */
  constructor(catalogue: Catalogue, numbers: Map<number, number>) {
    this.#catalogue = catalogue;
    this.#numbers = numbers;
  }

  add({ fresh, blocks, samples }: Pieces): void {
    for (const [id, labels] of fresh) this.#numbers.set(id, this.#catalogue.numberOf(labels));
    let at = 0;
    for (const [index, id] of blocks.ids.entries()) {
      const length = blocks.lengths[index] ?? 0;
      const count = blocks.counts[index] ?? 0;
      const block = {
        fromMs: blocks.fromMs[index] ?? 0,
        toMs: blocks.toMs[index] ?? 0,
        count,
        bytes: blocks.bytes.subarray(at, at + length),
      };
      at += length;
      this.rows += count;
      listIn(this.#blocks, this.#numberOf(id)).push(block);
    }
    let start = 0;
    for (const [index, id] of samples.ids.entries()) {
      const end = start + (samples.counts[index] ?? 0);
      this.rows += end - start;
      const { timesMs, values } = samples;
      this.#open.set(this.#numberOf(id), {
        timesMs: timesMs.subarray(start, end),
        values: values.subarray(start, end),
      });
      start = end;
    }
  }

  /** The samples of `fromMs < t <= toMs`, sorted by series and instant. */
  rowsOf(fromMs: number, toMs: number): RowSource {
    const numbers = [...new Set([...this.#blocks.keys(), ...this.#open.keys()])].sort((a, b) => a - b);
    const rest = this.#samples(numbers, fromMs, toMs);
    return (columns) => {
      let rows = 0;
      while (rows < columns.series.length) {
        const next = rest.next();
        if (next.done === true) break;
        const { number, timesMs, values, at } = next.value;
        put(columns, rows, { number, atMs: timesMs[at] ?? 0, values, at });
        rows += 1;
      }
      return rows;
    };
  }

  *#samples(numbers: readonly number[], fromMs: number, toMs: number): Generator<One> {
    const one: One = { number: 0, timesMs: NONE, values: NONE, at: 0 };
    for (const number of numbers) {
      one.number = number;
      for (const span of this.#spans(number, fromMs, toMs)) {
        one.timesMs = span.timesMs;
        one.values = span.values;
        for (let at = 0; at < span.timesMs.length; at += 1) {
          const atMs = span.timesMs[at] ?? 0;
          if (atMs <= fromMs || atMs > toMs) continue;
          one.at = at;
          yield one;
        }
      }
    }
  }

  *#spans(number: number, fromMs: number, toMs: number): Generator<Open> {
    for (const block of this.#blocks.get(number) ?? []) {
      if (block.toMs <= fromMs || block.fromMs > toMs) continue;
      const columns = { timesMs: new Float64Array(block.count), values: new Float64Array(block.count) };
      readBlock(block, columns, 0);
      yield columns;
    }
    const open = this.#open.get(number);
    if (open !== undefined) yield open;
  }

  #numberOf(id: number): number {
    const number = this.#numbers.get(id);
    if (number === undefined) throw new Error('a series comes with its labels the first time');
    return number;
  }
}

interface One {
  number: number;
  timesMs: Float64Array;
  values: Float64Array;
  at: number;
}

const NONE = new Float64Array(0);

function put(
  columns: RowColumns,
  row: number,
  { number, atMs, values, at }: { number: number; atMs: number; values: Float64Array; at: number },
): void {
  columns.series[row] = number;
  columns.timesMs[row] = atMs;
  columns.ended[row] = isStale(values, at) ? 1 : 0;
  columns.values[row] = values[at] ?? Number.NaN;
}

function listIn(map: Map<number, Block[]>, number: number): Block[] {
  const known = map.get(number);
  if (known !== undefined) return known;
  const made: Block[] = [];
  map.set(number, made);
  return made;
}
