import { isStale } from '../../../config/model/sample.ts';
import type { Matcher, SeriesSlice } from '../../../config/model/series.ts';
import type { MatrixSelector, Shift } from '../ast.ts';
import { detailOf, remarkOnDetail } from './detail.ts';
import { createPlaces } from './places.ts';
import type { MatrixPlan, Scope, Window } from './types.ts';

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
  /** The function that reads a range; absent for the newest sample. */
  readonly reader?: string | undefined;
  readonly rangeMs?: number;
}

/** To count and to look at the clock for each series would cost more than to read it. */
const SPENT_TOGETHER = 1_000;

/** All that a selector reads in a scope. */
export function slicesOf(
  { matchers, shift, backMs, reader, rangeMs }: Reading,
  scope: Scope,
): readonly SeriesSlice[] {
  const fromMs = shiftedMs(shift, scope, scope.startMs) - backMs;
  const toMs = shiftedMs(shift, scope, scope.endMs);
  const slices: SeriesSlice[] = [];
  const firstMs = shiftedMs(shift, scope, scope.startMs);
  const detail = detailOf({
    firstMs,
    isFixed: shift.at !== undefined,
    stepMs: scope.stepMs,
    reader,
    rangeMs,
  });
  let unspent = 0;
  for (const slice of scope.query.source.select(matchers, fromMs, toMs, detail)) {
    unspent += slice.end - slice.start;
    if (unspent >= SPENT_TOGETHER) {
      scope.query.spend(unspent);
      unspent = 0;
    }
    if (slice.end <= slice.start) continue;
    slices.push(slice);
    if (slice.coarse !== undefined) remarkOnDetail(scope.query, slice, { reader, detail });
  }
  scope.query.spend(unspent);
  return slices;
}

export function matrixPlan({ selector, rangeMs }: MatrixSelector, slot: number, reader?: string): MatrixPlan {
  const { matchers, shift } = selector;
  const begin = (scope: Scope): WindowsIn =>
    windowsOf(slicesOf({ matchers, shift, backMs: rangeMs, rangeMs, reader }, scope).map(unmarked));
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
