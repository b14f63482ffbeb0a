import type { Block } from '../block.ts';
import type { Series } from '../series.ts';
import { ByteColumn, Column } from '../gathered.ts';
import { SeriesSet } from '../series-set.ts';
import type { FrameContent } from './frames.ts';

/** The series whose labels stand in the newest file of a kind. */
export class DefinedSeries {
  #file = -1;
  readonly #series = new SeriesSet();

  /** Whether the file had the labels of the series already; from now on it has. */
  wasIn(file: number, series: Series): boolean {
    if (file !== this.#file) this.#series.clear();
    this.#file = file;
    if (this.#series.has(series)) return true;
    this.#series.add(series);
    return false;
  }
}

/** Gathers what goes into the next frame of a file, in columns that are used again: nothing is copied twice. */
export class Gatherer {
  readonly #defined: DefinedSeries;
  /** In the order of the ids, samples first. */
  readonly #owners: Series[] = [];
  readonly #samples = {
    ids: new Column(),
    counts: new Column(),
    timesMs: new Column(),
    values: new Column(),
  };
  readonly #blockOwners: Series[] = [];
  readonly #blocks = {
    ids: new Column(),
    counts: new Column(),
    lengths: new Column(),
    fromMs: new Column(),
    toMs: new Column(),
  };
  readonly #bytes = new ByteColumn();

  constructor(defined: DefinedSeries) {
    this.#defined = defined;
  }

  get isEmpty(): boolean {
    return this.#owners.length === 0 && this.#blockOwners.length === 0;
  }

  /** Roughly, so that nobody lets it grow without bound. */
  get bytes(): number {
    const { ids, timesMs } = this.#samples;
    return 8 * ids.length + 16 * timesMs.length + 28 * this.#blocks.ids.length + this.#bytes.length;
  }

  /** Takes what of its open samples is new. */
  drain(series: Series): void {
    const samples = this.#samples;
    const count = series.drain(samples.timesMs, samples.values);
    if (count === 0) return;
    this.#owners.push(series);
    samples.ids.push(series.id);
    samples.counts.push(count);
  }

  addSample(series: Series, atMs: number, value: number): void {
    const samples = this.#samples;
    this.#owners.push(series);
    samples.ids.push(series.id);
    samples.counts.push(1);
    samples.timesMs.push(atMs);
    samples.values.push(value);
  }

  addBlock(series: Series, { fromMs, toMs, count, bytes }: Block): void {
    const blocks = this.#blocks;
    this.#blockOwners.push(series);
    blocks.ids.push(series.id);
    blocks.counts.push(count);
    blocks.lengths.push(bytes.length);
    blocks.fromMs.push(fromMs);
    blocks.toMs.push(toMs);
    this.#bytes.add(bytes);
  }

  /** What was gathered, for the file of this number; and begins anew. Its columns hold until something is added. */
  take(file: number, isEnd = false): FrameContent {
    const samples = this.#samples;
    const blocks = this.#blocks;
    const content = {
      series: newTo(file, this.#defined, [this.#owners, this.#blockOwners]),
      samples: {
        ids: Uint32Array.from(samples.ids.view()),
        counts: Uint32Array.from(samples.counts.view()),
        timesMs: samples.timesMs.view(),
        values: samples.values.view(),
      },
      blocks: {
        ids: Uint32Array.from(blocks.ids.view()),
        counts: Uint32Array.from(blocks.counts.view()),
        lengths: Uint32Array.from(blocks.lengths.view()),
        fromMs: blocks.fromMs.view(),
        toMs: blocks.toMs.view(),
        bytes: this.#bytes.view(),
      },
      isEnd,
    };
    this.clear();
    return content;
  }

  clear(): void {
    this.#owners.length = 0;
    this.#blockOwners.length = 0;
    for (const column of [...Object.values(this.#samples), ...Object.values(this.#blocks)]) column.clear();
    this.#bytes.clear();
  }
}

/** The series whose labels the file has not yet; from now on it has. */
function newTo(
  file: number,
  defined: DefinedSeries,
  lists: readonly (readonly Series[])[],
): FrameContent['series'] {
  const fresh: (readonly [number, Series['labels']])[] = [];
  for (const owners of lists) {
    for (const series of owners) {
      if (!defined.wasIn(file, series)) fresh.push([series.id, series.labels]);
    }
  }
  return fresh;
}
