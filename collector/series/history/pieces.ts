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

/** Where in a message the blocks and the samples of a series stand: there are too many for objects of their own. */
interface Place {
  readonly pieces: Pieces;
  readonly firstBlock: number;
  endBlock: number;
  readonly bytesAt: number;
  samplesAt: number;
  samplesEnd: number;
}

/** What came for one flush, by the number of its series. */
export class Batch {
  readonly #places = new Map<number, Place>();
  readonly #numbers: Map<number, number>;
  readonly #catalogue: Catalogue;
  /** Of one block: instants in the one half, values in the other. */
  #scratch = new Float64Array(256);
  rows = 0;

  /** `numbers`: which series the ids of the sender are; it is added to. */
  constructor(catalogue: Catalogue, numbers: Map<number, number>) {
    this.#catalogue = catalogue;
    this.#numbers = numbers;
  }

  /** All of a series comes in one message, its blocks behind each other. */
  add(pieces: Pieces): void {
    for (const [id, labels] of pieces.fresh) this.#numbers.set(id, this.#catalogue.numberOf(labels));
    this.#addBlocks(pieces);
    this.#addSamples(pieces);
  }

  #addBlocks(pieces: Pieces): void {
    const { ids, lengths, counts } = pieces.blocks;
    let bytesAt = 0;
    let place: Place | undefined;
    for (const [index, id] of ids.entries()) {
      if (place === undefined || id !== ids[index - 1]) {
        place = { pieces, firstBlock: index, endBlock: index, bytesAt, samplesAt: 0, samplesEnd: 0 };
        this.#places.set(this.#numberOf(id), place);
      }
      place.endBlock = index + 1;
      bytesAt += lengths[index] ?? 0;
      this.rows += counts[index] ?? 0;
    }
  }

  #addSamples(pieces: Pieces): void {
    const { ids, counts } = pieces.samples;
    let start = 0;
    for (const [index, id] of ids.entries()) {
      const end = start + (counts[index] ?? 0);
      this.rows += end - start;
      const number = this.#numberOf(id);
      const known = this.#places.get(number);
      const span = { samplesAt: start, samplesEnd: end };
      if (known?.pieces === pieces) Object.assign(known, span);
      else this.#places.set(number, { pieces, firstBlock: 0, endBlock: 0, bytesAt: 0, ...span });
      start = end;
    }
  }

  /** The samples of `fromMs < t <= toMs`, sorted by series and instant. */
  rowsOf(fromMs: number, toMs: number): RowSource {
    const numbers = [...this.#places.keys()].sort((a, b) => a - b);
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
    const place = this.#places.get(number);
    if (place === undefined) return;
    const { blocks, samples } = place.pieces;
    let { bytesAt } = place;
    for (let index = place.firstBlock; index < place.endBlock; index += 1) {
      const block = blockAt(blocks, index, bytesAt);
      bytesAt += block.bytes.length;
      if (block.toMs <= fromMs || block.fromMs > toMs) continue;
      if (this.#scratch.length < 2 * block.count) this.#scratch = new Float64Array(2 * block.count);
      const half = this.#scratch.length / 2;
      const columns = {
        timesMs: this.#scratch.subarray(0, block.count),
        values: this.#scratch.subarray(half, half + block.count),
      };
      readBlock(block, columns, 0);
      yield columns;
    }
    yield {
      timesMs: samples.timesMs.subarray(place.samplesAt, place.samplesEnd),
      values: samples.values.subarray(place.samplesAt, place.samplesEnd),
    };
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

function blockAt(blocks: Pieces['blocks'], index: number, bytesAt: number): Block {
  return {
    fromMs: blocks.fromMs[index] ?? 0,
    toMs: blocks.toMs[index] ?? 0,
    count: blocks.counts[index] ?? 0,
    bytes: blocks.bytes.subarray(bytesAt, bytesAt + (blocks.lengths[index] ?? 0)),
  };
}
