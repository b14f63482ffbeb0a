import type { Series } from '../series.ts';
import { ByteColumn, Column } from '../gathered.ts';
import type { Pieces } from './pieces.ts';

/** Gathers samples of series as they are in memory, some at a time: packed blocks stay packed. */
export class PieceGatherer {
  readonly #fresh: (readonly [number, Series['labels']])[] = [];
  readonly #blocks = {
    ids: new Column(),
    counts: new Column(),
    lengths: new Column(),
    fromMs: new Column(),
    toMs: new Column(),
  };
  readonly #bytes = new ByteColumn();
  readonly #samples = {
    ids: new Column(),
    counts: new Column(),
    timesMs: new Column(),
    values: new Column(),
  };
  /** Whose labels the other side has. */
  readonly #told: Set<number>;

  constructor(told: Set<number>) {
    this.#told = told;
  }

  /** Roughly. */
  get bytes(): number {
    return 36 * this.#blocks.ids.length + this.#bytes.length + 16 * this.#samples.timesMs.length;
  }

  /** What the series has of `fromMs < t <= toMs`; blocks at the ends come whole. */
  add(series: Series, fromMs: number, toMs: number): void {
    let has = false;
    let packedToMs = fromMs;
    for (const block of series.packedToMs > fromMs ? series.packed() : []) {
      packedToMs = Math.max(packedToMs, block.toMs);
      if (block.toMs <= fromMs || block.fromMs > toMs) continue;
      has = true;
      this.#blocks.ids.push(series.id);
      this.#blocks.counts.push(block.count);
      this.#blocks.lengths.push(block.bytes.length);
      this.#blocks.fromMs.push(block.fromMs);
      this.#blocks.toMs.push(block.toMs);
      this.#bytes.add(block.bytes);
    }
    const { timesMs, values, start, end } = packedToMs >= toMs ? NOTHING : series.slice(packedToMs + 1, toMs);
    if (end > start) {
      has = true;
      this.#samples.ids.push(series.id);
      this.#samples.counts.push(end - start);
      this.#samples.timesMs.copy(timesMs, start, end);
      this.#samples.values.copy(values, start, end);
    }
    if (has && !this.#told.has(series.id)) {
      this.#told.add(series.id);
      this.#fresh.push([series.id, series.labels]);
    }
  }

  /** What was gathered, and begins anew. */
  take(): Pieces {
    const { ids, counts, lengths, fromMs, toMs } = this.#blocks;
    const samples = this.#samples;
    const pieces = {
      fresh: this.#fresh.splice(0),
      blocks: {
        ids: Uint32Array.from(ids.view()),
        counts: Uint32Array.from(counts.view()),
        lengths: Uint32Array.from(lengths.view()),
        fromMs: fromMs.view().slice(),
        toMs: toMs.view().slice(),
        bytes: this.#bytes.view().slice(),
      },
      samples: {
        ids: Uint32Array.from(samples.ids.view()),
        counts: Uint32Array.from(samples.counts.view()),
        timesMs: samples.timesMs.view().slice(),
        values: samples.values.view().slice(),
      },
    };
    for (const column of [...Object.values(this.#blocks), ...Object.values(samples)]) column.clear();
    this.#bytes.clear();
    return pieces;
  }
}

const NONE = new Float64Array(0);
const NOTHING = { timesMs: NONE, values: NONE, start: 0, end: 0 };
