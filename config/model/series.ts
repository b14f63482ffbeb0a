import type { Labels } from './labels.ts';

/** One condition of a selector. Regular expressions are RE2 and anchored at both ends. */
export interface Matcher {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/**
 * The samples of one series in a span of time, oldest first. `timesMs[i]` belongs to `values[i]`, for
 * `start <= i < end`; the arrays may be longer than that and belong to the store: read, never write. A value may be
 * a staleness marker (see `isStale`).
 */
export interface SeriesSlice {
  /** With `__name__`. */
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly start: number;
  readonly end: number;
}

/** Where samples are read from: the head, the history, or both behind one face. */
export interface SeriesSource {
  /** Every series that all matchers accept, with its samples of `fromMs <= t <= toMs` (possibly none). */
  select(matchers: readonly Matcher[], fromMs: number, toMs: number): Iterable<SeriesSlice>;
}

/** Where samples are written to. */
export interface SeriesSink {
  /** Labels with `__name__`. A sample that is not newer than the series' last is ignored and answered `false`. */
  append(labels: Labels, atMs: number, value: number): boolean;
}
