import { isStale } from '../../../config/model/sample.ts';
import type { Matcher, SeriesSlice } from '../../../config/model/series.ts';
import type { MatrixSelector, Shift, VectorSelector } from '../ast.ts';
import { createPlaces, type Places } from './places.ts';
import type { Element, MatrixPlan, Scope, VectorPlan, Window } from './types.ts';

/** The instant that a selector or subquery looks at, seen from `atMs`. */
export function shiftedMs({ offsetMs, at }: Shift, { query }: Scope, atMs: number): number {
  if (at === undefined) return atMs - offsetMs;
  if (at === 'start') return query.startMs - offsetMs;
  return (at === 'end' ? query.endMs : at.atMs) - offsetMs;
}

interface Reading {
  readonly matchers: readonly Matcher[];
  readonly shift: Shift;
  readonly backMs: number;
}

/** All that a selector reads in a scope. */
function slicesOf({ matchers, shift, backMs }: Reading, scope: Scope): readonly SeriesSlice[] {
  const fromMs = shiftedMs(shift, scope, scope.startMs) - backMs;
  const toMs = shiftedMs(shift, scope, scope.endMs);
  const slices: SeriesSlice[] = [];
  for (const slice of scope.query.source.select(matchers, fromMs, toMs)) {
    scope.query.spend(slice.end - slice.start);
    if (slice.end > slice.start) slices.push(slice);
  }
  return slices;
}

interface Reader {
  readonly slices: readonly SeriesSlice[];
  readonly after: Places;
}

/** What `make` makes of the newest sample of each series, not older than the lookback and not the mark of its end. */
export function latestPlan<T>(
  { matchers, shift }: VectorSelector,
  slot: number,
  make: (slice: SeriesSlice, index: number, position: number) => T,
): (scope: Scope, atMs: number) => readonly T[] {
  const begin = (scope: Scope): Reader => {
    const slices = slicesOf({ matchers, shift, backMs: scope.query.lookbackMs }, scope);
    return { slices, after: createPlaces(slices) };
  };
  return (scope, atMs) => {
    const { slices, after } = (scope.kept[slot] ??= begin(scope)) as Reader;
    const lookMs = shiftedMs(shift, scope, atMs);
    const oldestMs = lookMs - scope.query.lookbackMs;
    const found: T[] = [];
    for (let number = 0; number < slices.length; number += 1) {
      const slice = slices[number];
      if (slice === undefined) continue;
      const index = after(number, slice, lookMs) - 1;
      if (index < slice.start || (slice.timesMs[index] ?? 0) <= oldestMs) continue;
      if (!isStale(slice.values, index)) found.push(make(slice, index, found.length));
    }
    return found;
  };
}

export function selectorPlan(selector: VectorSelector, slot: number): VectorPlan {
  return latestPlan(
    selector,
    slot,
    ({ labels, values }, index): Element => ({
      labels,
      value: values[index] ?? Number.NaN,
      dropsName: false,
    }),
  );
}

export function matrixPlan({ selector, rangeMs }: MatrixSelector, slot: number): MatrixPlan {
  const { matchers, shift } = selector;
  const begin = (scope: Scope): WindowsIn =>
    windowsOf(slicesOf({ matchers, shift, backMs: rangeMs }, scope).map(unmarked));
  return (scope, atMs) => {
    const windowsIn = (scope.kept[slot] ??= begin(scope)) as WindowsIn;
    const toMs = shiftedMs(shift, scope, atMs);
    return { fromMs: toMs - rangeMs, toMs, windows: windowsIn(toMs - rangeMs, toMs) };
  };
}

/** The part `fromMs < t <= toMs` of each series that has samples there. */
export type WindowsIn = (fromMs: number, toMs: number) => readonly Window[];

export function windowsOf(whole: readonly Window[]): WindowsIn {
  const first = createPlaces(whole);
  const after = createPlaces(whole);
  return (fromMs, toMs) => {
    const windows: Window[] = [];
    for (let number = 0; number < whole.length; number += 1) {
      const series = whole[number];
      if (series === undefined) continue;
      const start = first(number, series, fromMs);
      const end = after(number, series, toMs);
      if (end <= start) continue;
      const { labels, timesMs, values, dropsName } = series;
      windows.push({ labels, timesMs, values, start, end, dropsName });
    }
    return windows;
  };
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
