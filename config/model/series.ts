import type { Labels } from './labels.ts';
import type { Aspect, Tier } from './tiers.ts';

/** One condition of a selector. Regular expressions are RE2 and anchored at both ends. */
export interface Matcher {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/**
 * The samples of one series in a span of time, oldest first. `timesMs[i]` belongs to `values[i]`, for
 * `start <= i < end`; the arrays may be longer than that and hold what others read: never write. A value may be a
 * staleness marker (see `isStale`).
 */
export interface SeriesSlice {
  /** With `__name__`. */
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly start: number;
  readonly end: number;
  /**
   * Up to that instant its samples stand for spans of so long: one may be as old. Absent where all are as they came.
   */
  readonly coarse?: CoarseReach;
}

export interface CoarseReach {
  readonly toMs: number;
  readonly resolutionMs: number;
}

/** With how little detail a reader gets the same answer: what of each span. Who has only all samples gives those. */
export interface Detail {
  readonly tier: Tier;
  readonly aspect: Aspect;
  /** The reader looks at the last sample of all and no other. */
  readonly isNewest?: boolean;
}

/** The last sample of all, as it came. */
export const NEWEST: Detail = { tier: 'raw', aspect: 'last', isNewest: true };

/**
 * The newest sample of each of some series: that of `labels[i]` is `values[i]` of `timesMs[i]`; both may be longer than
 * the list. Several read the same ones: never write.
 */
export interface NewestSamples {
  readonly labels: readonly Labels[];
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** Where samples are read from: the head, the history, or both behind one face. */
export interface SeriesSource {
  /** Every series that all matchers accept, with its samples of `fromMs <= t <= toMs` (possibly none). */
  select(matchers: readonly Matcher[], fromMs: number, toMs: number, detail?: Detail): Iterable<SeriesSlice>;
  /**
   * The newest sample of `afterMs < t <= toMs` of each series that all matchers accept, without series that have none or
   * ended after it. Absent where it costs no less than to select them.
   */
  newest?(matchers: readonly Matcher[], afterMs: number, toMs: number): NewestSamples;
}

/** Where samples are written to. */
export interface SeriesSink {
  /** Labels with `__name__`. A sample that is not newer than the series' last is ignored and answered `false`. */
  append(labels: Labels, atMs: number, value: number): boolean;
}
