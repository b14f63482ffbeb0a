import type { Labels } from '../config/model/labels.ts';

/** The instants at which the curves of a rule are read. */
export interface PlotRange {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** What a rule holds against what. */
export interface RulePlot {
  readonly values: readonly PlotSeries[];
  /** None where the rule asks whether the value is equal to something. */
  readonly limits: readonly PlotSeries[];
}

export interface PlotSeries {
  readonly labels: Labels;
  readonly timesMs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}
