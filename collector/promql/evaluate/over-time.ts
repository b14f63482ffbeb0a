import { extrapolated, instantaneous, regression } from './rate.ts';
import { maxOf, meanOf, minOf, quantileOf, sumOf, varianceOf } from './statistics.ts';
import type { Matrix, Window } from './types.ts';

/** What a function makes of the samples of one series: a value, or nothing. */
export type Reduction = (window: Window, matrix: Matrix, param: number) => number | undefined;

const of =
  (statistic: (values: Float64Array, start: number, end: number) => number): Reduction =>
  ({ values, start, end }) =>
    statistic(values, start, end);

/** How often a value differs from the one before in this way. NaN after NaN is no difference. */
const transitions =
  (isOne: (before: number, value: number) => boolean): Reduction =>
  ({ values, start, end }) => {
    let count = 0;
    for (let index = start + 1; index < end; index += 1) {
      if (isOne(values[index - 1] ?? 0, values[index] ?? 0)) count += 1;
    }
    return count;
  };

/** Functions of a range vector that yield one value for each series. `param` is their plain number. */
export const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  avg_over_time: of(meanOf),
  sum_over_time: of(sumOf),
  min_over_time: of(minOf),
  max_over_time: of(maxOf),
  stdvar_over_time: of(varianceOf),
  stddev_over_time: of((values, start, end) => Math.sqrt(varianceOf(values, start, end))),
  count_over_time: ({ start, end }) => end - start,
  present_over_time: () => 1,
  last_over_time: ({ values, end }) => values[end - 1],
  quantile_over_time: ({ values, start, end }, _, share) => quantileOf(share, values.subarray(start, end)),
  changes: transitions((before, value) => before !== value && !(Number.isNaN(before) && Number.isNaN(value))),
  resets: transitions((before, value) => value < before),
  rate: extrapolated({ isCounter: true, isRate: true }),
  increase: extrapolated({ isCounter: true, isRate: false }),
  delta: extrapolated({ isCounter: false, isRate: false }),
  irate: instantaneous({ isRate: true }),
  idelta: instantaneous({ isRate: false }),
  deriv: (window) =>
    window.end - window.start < 2 ? undefined : regression(window, window.timesMs[window.start] ?? 0).slope,
};

/** The value that a straight line through the samples has `seconds` after the instant of the evaluation. */
export function predicted(window: Window, atMs: number, seconds: number): number | undefined {
  if (window.end - window.start < 2) return undefined;
  const { slope, value } = regression(window, atMs);
  return value + slope * seconds;
}
