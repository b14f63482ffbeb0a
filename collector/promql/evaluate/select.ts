import { isStale } from '../../../config/model/sample.ts';
import type { Matcher, SeriesSlice } from '../../../config/model/series.ts';
import type { MatrixSelector, Shift, VectorSelector } from '../ast.ts';
import type { Element, MatrixPlan, Scope, VectorPlan, Window } from './types.ts';

/** The instant that a selector or subquery looks at, seen from `atMs`. */
export function shiftedMs({ offsetMs, at }: Shift, { query }: Scope, atMs: number): number {
  if (at === undefined) return atMs - offsetMs;
  if (at === 'start') return query.startMs - offsetMs;
  return (at === 'end' ? query.endMs : at.atMs) - offsetMs;
}

/** How many samples up to and including `toMs` stand in `start … end`, as the index after the last of them. */
export function indexAfter(
  timesMs: Float64Array,
  span: { start: number; end: number },
  toMs: number,
): number {
  let { start: low, end: high } = span;
  if (high > low && (timesMs[high - 1] ?? 0) <= toMs) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) <= toMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One value of a series at an instant with the time it was taken. */
export interface Latest {
  readonly slice: SeriesSlice;
  readonly index: number;
}

interface Reading {
  readonly matchers: readonly Matcher[];
  readonly shift: Shift;
  readonly backMs: number;
  readonly slot: number;
}

/** All that a selector reads in a scope, read once. */
function slicesOf({ matchers, shift, backMs, slot }: Reading, scope: Scope): readonly SeriesSlice[] {
  const known = scope.kept[slot];
  if (known !== undefined) return known as readonly SeriesSlice[];
  const fromMs = shiftedMs(shift, scope, scope.startMs) - backMs;
  const toMs = shiftedMs(shift, scope, scope.endMs);
  const slices: SeriesSlice[] = [];
  for (const slice of scope.query.source.select(matchers, fromMs, toMs)) {
    scope.query.spend(slice.end - slice.start);
    if (slice.end > slice.start) slices.push(slice);
  }
  scope.kept[slot] = slices;
  return slices;
}

/** The newest sample of each series, not older than the lookback and not the mark of its end. */
export function latestPlan(selector: VectorSelector, slot: number) {
  return (scope: Scope, atMs: number): readonly Latest[] => {
    const { lookbackMs } = scope.query;
    const reading = { matchers: selector.matchers, shift: selector.shift, backMs: lookbackMs, slot };
    const lookMs = shiftedMs(selector.shift, scope, atMs);
    const found: Latest[] = [];
    for (const slice of slicesOf(reading, scope)) {
      const index = indexAfter(slice.timesMs, slice, lookMs) - 1;
      if (index < slice.start || (slice.timesMs[index] ?? 0) <= lookMs - lookbackMs) continue;
      if (!isStale(slice.values, index)) found.push({ slice, index });
    }
    return found;
  };
}

export function selectorPlan(selector: VectorSelector, slot: number): VectorPlan {
  const latest = latestPlan(selector, slot);
  return (scope, atMs) =>
    latest(scope, atMs).map(
      ({ slice, index }): Element => ({
        labels: slice.labels,
        value: slice.values[index] ?? Number.NaN,
        dropsName: false,
      }),
    );
}

export function matrixPlan({ selector, rangeMs }: MatrixSelector, slot: number): MatrixPlan {
  const { matchers, shift } = selector;
  const reading = { matchers, shift, backMs: rangeMs, slot };
  return (scope, atMs) => {
    const known = scope.kept[slot + 1];
    const whole = known === undefined ? slicesOf(reading, scope).map(unmarked) : (known as readonly Window[]);
    scope.kept[slot + 1] = whole;
    const toMs = shiftedMs(shift, scope, atMs);
    return { fromMs: toMs - rangeMs, toMs, windows: windowsOf(whole, toMs - rangeMs, toMs) };
  };
}

/** The part `fromMs < t <= toMs` of each series that has samples there. */
export function windowsOf(whole: readonly Window[], fromMs: number, toMs: number): readonly Window[] {
  const windows: Window[] = [];
  for (const { labels, timesMs, values, start, end, dropsName } of whole) {
    const first = (timesMs[start] ?? 0) > fromMs ? start : indexAfter(timesMs, { start, end }, fromMs);
    const after = indexAfter(timesMs, { start: first, end }, toMs);
    if (after > first) windows.push({ labels, timesMs, values, start: first, end: after, dropsName });
  }
  return windows;
}

/** The slice itself, or a copy where staleness markers have to go. */
function unmarked({ labels, timesMs, values, start, end }: SeriesSlice): Window {
  let marks = 0;
  for (let index = start; index < end; index += 1) {
    const value = values[index];
    if (value !== value && isStale(values, index)) marks += 1;
  }
  if (marks === 0) return { labels, timesMs, values, start, end, dropsName: false };
  const kept = Array.from({ length: end - start }, (_, index) => start + index).filter(
    (index) => !isStale(values, index),
  );
  return {
    labels,
    timesMs: Float64Array.from(kept, (index) => timesMs[index] ?? 0),
    values: Float64Array.from(kept, (index) => values[index] ?? Number.NaN),
    start: 0,
    end: kept.length,
    dropsName: false,
  };
}
