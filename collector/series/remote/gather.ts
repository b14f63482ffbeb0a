import type { Labels } from '../../../config/model/labels.ts';
import type { SeriesSlice } from '../../../config/model/series.ts';
import type { OutgoingSeries } from '../../../config/wire/remote-write.ts';
import type { Head } from '../head.ts';
import type { Series } from '../series.ts';

/** What goes out in one request. */
export interface Batch {
  readonly series: readonly OutgoingSeries[];
  /** It could not be kept: its samples are gathered again. */
  undo(): void;
}

export interface GathererOptions {
  readonly head: Pick<Head, 'all' | 'size'>;
  /** Up to where an earlier run gathered; `undefined`: there was none, and what is in the head stays here. */
  readonly gatheredToMs: number | undefined;
  /** On every series that has no such label. */
  readonly labels: Labels;
  readonly maxSamples?: number;
}

/** Samples in one request: as many as are packed without holding up the main loop. */
const MAX_SAMPLES = 5_000;
/** Late samples that wait for a disk that takes nothing. */
const MAX_LATE = 100_000;

/** Takes out of the head what is new, once, the samples of a series in the order of time. */
export class RemoteGatherer {
  readonly #head: GathererOptions['head'];
  readonly #labels: Labels;
  readonly #maxSamples: number;
  /** Up to where each series was gathered; a series that came since has no entry. */
  readonly #gatheredTo = new Map<Series, number>();
  #late: { readonly series: Series; readonly atMs: number }[] = [];
  #lateLost = 0;

  constructor({ head, gatheredToMs, labels, maxSamples = MAX_SAMPLES }: GathererOptions) {
    this.#head = head;
    this.#labels = labels;
    this.#maxSamples = maxSamples;
    for (const series of head.all()) {
      const lastMs = Math.max(series.lastAtMs, series.packedToMs);
      this.#gatheredTo.set(series, Math.min(lastMs, gatheredToMs ?? lastMs));
    }
  }

  /** Late samples that were let go of, for want of room. */
  get lateLost(): number {
    return this.#lateLost;
  }

  /** A sample has taken its place among older ones. */
  late(series: Series, atMs: number): void {
    // What is not gathered yet is found in its place.
    if (atMs > this.#toMs(series)) return;
    if (this.#late.length >= MAX_LATE) this.#lateLost += 1;
    else this.#late.push({ series, atMs });
  }

  /** All that is new up to the instant; whoever asks for the next batch has kept or undone the one before. */
  *batches(toMs: number): Iterable<Batch> {
    let batch = this.#begin();
    for (const series of this.#head.all()) {
      while (series.lastAtMs > this.#toMs(series)) {
        if (!this.#take(series, toMs, batch)) break;
        if (batch.samples < this.#maxSamples) continue;
        yield this.#finished(batch);
        batch = this.#begin();
      }
    }
    if (batch.samples > 0) yield this.#finished(batch);
    yield* this.#lateBatches();
    this.#forgetGone();
  }

  /** Apart from the others: a receiver that takes none of them refuses nothing else with them. */
  *#lateBatches(): Iterable<Batch> {
    const all = this.#late.sort((a, b) => a.atMs - b.atMs);
    this.#late = [];
    let at = 0;
    try {
      while (at < all.length) {
        const part = all.slice(at, at + this.#maxSamples);
        at += part.length;
        const slices = part.map(({ series, atMs }) => series.slice(atMs, atMs));
        const series = slices.filter(({ start, end }) => end > start).map((slice) => this.#outgoing(slice));
        const undo = (): void => void this.#late.push(...part);
        if (series.length > 0) yield { series: bySeries(series), undo };
      }
    } finally {
      // Whoever gathers has stopped before the end.
      this.#late.push(...all.slice(at));
    }
  }

  #begin(): OpenBatch {
    return { series: [], samples: 0, before: [] };
  }

  /** Whether there was something up to the instant. */
  #take(series: Series, toMs: number, batch: OpenBatch): boolean {
    const fromMs = this.#toMs(series);
    const slice = series.slice(fromMs === Number.NEGATIVE_INFINITY ? 0 : fromMs + 1, toMs);
    const end = Math.min(slice.end, slice.start + this.#maxSamples - batch.samples);
    if (end <= slice.start) return false;
    batch.series.push(this.#outgoing({ ...slice, end }));
    batch.samples += end - slice.start;
    batch.before.push([series, fromMs]);
    this.#gatheredTo.set(series, slice.timesMs[end - 1] ?? fromMs);
    return true;
  }

  #finished({ series, before }: OpenBatch): Batch {
    return {
      series,
      undo: () => {
        for (const [each, toMs] of before) this.#gatheredTo.set(each, toMs);
      },
    };
  }

  #outgoing({ labels, timesMs, values, start, end }: SeriesSlice): OutgoingSeries {
    return {
      labels: { ...this.#labels, ...labels },
      timesMs: timesMs.slice(start, end),
      values: values.slice(start, end),
    };
  }

  #toMs(series: Series): number {
    return this.#gatheredTo.get(series) ?? Number.NEGATIVE_INFINITY;
  }

  #forgetGone(): void {
    if (this.#gatheredTo.size <= this.#head.size.series) return;
    for (const series of this.#gatheredTo.keys()) if (series.isGone) this.#gatheredTo.delete(series);
  }
}

interface OpenBatch {
  readonly series: OutgoingSeries[];
  samples: number;
  /** Up to where each was gathered before. */
  readonly before: (readonly [Series, number])[];
}

/** Single samples, oldest first, put together by their series. */
function bySeries(samples: readonly OutgoingSeries[]): readonly OutgoingSeries[] {
  const found = new Map<string, OutgoingSeries[]>();
  for (const sample of samples) {
    const key = JSON.stringify(Object.entries(sample.labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    const same = found.get(key);
    if (same === undefined) found.set(key, [sample]);
    else same.push(sample);
  }
  return [...found.values()].map((same) => joined(same));
}

function joined(same: readonly OutgoingSeries[]): OutgoingSeries {
  const values = new Float64Array(same.length);
  // By `set`, not by number: the bits of a staleness marker are kept.
  for (const [index, each] of same.entries()) values.set(each.values, index);
  return { labels: same[0]?.labels ?? {}, timesMs: same.map(({ timesMs }) => timesMs[0] ?? 0), values };
}
