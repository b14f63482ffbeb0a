import type { Labels } from '../../../config/model/labels.ts';
import type { SeriesSource } from '../../../config/model/series.ts';

/** One element of an instant vector. */
export interface Element {
  readonly labels: Labels;
  readonly value: number;
  /** Whether its name is to be taken away at the end: only where names are removed late. */
  readonly dropsName: boolean;
}

export type Vector = readonly Element[];

/** The samples of one series in a span, without staleness markers; read `start <= i < end`, never write. */
export interface Window {
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly start: number;
  readonly end: number;
  readonly dropsName: boolean;
}

/** A range vector: the windows of its series, each with at least one sample of `fromMs < t <= toMs`. */
export interface Matrix {
  readonly fromMs: number;
  readonly toMs: number;
  readonly windows: readonly Window[];
}

/** What one query may use and what it has to say. */
export interface Query {
  readonly source: SeriesSource;
  readonly lookbackMs: number;
  /** First and last instant asked for, what `@ start()` and `@ end()` mean. */
  readonly startMs: number;
  readonly endMs: number;
  /** The step of subqueries that name none. */
  readonly defaultStepMs: number;
  /** Counts samples that were read. Throws `query_limit` when they or the time are too much. */
  readonly spend: (samples: number) => void;
  /** Throws `query_limit` when the time is over. */
  readonly checkTime: () => void;
  readonly warn: (text: string) => void;
  readonly inform: (text: string) => void;
}

/** A run over the instants `startMs … endMs`; a subquery has one of its own. What nodes keep for it, by their slot. */
export interface Scope {
  readonly query: Query;
  readonly startMs: number;
  readonly endMs: number;
  /** How far its instants are apart; absent where there is one. */
  readonly stepMs?: number;
  readonly kept: unknown[];
}

/** Nodes of an expression, ready to be evaluated at an instant of a scope. */
export type VectorPlan = (scope: Scope, atMs: number) => Vector;
export type ScalarPlan = (scope: Scope, atMs: number) => number;
export type MatrixPlan = (scope: Scope, atMs: number) => Matrix;
