import type { Labels } from '../../../config/model/labels.ts';
import { isStale } from '../../../config/model/sample.ts';
import type { NewestSamples, SeriesSlice } from '../../../config/model/series.ts';
import { remembered } from '../../../config/model/remembered.ts';
import type { VectorSelector } from '../ast.ts';
import type { ScalarJudge } from './binary.ts';
import { createPlaces, placeOnce, type Places } from './places.ts';
import { shiftedMs, slicesOf } from './select.ts';
import type { Element, ScalarPlan, Scope, Vector, VectorPlan } from './types.ts';

/** What is made of the sample that stands for a series, as which one of all: `undefined` passes it over. */
export type Make<T> = (labels: Labels, value: number, sampleMs: number, position: number) => T | undefined;

/** Makes something of the newest sample of each series, not older than the lookback and not the mark of its end. */
export type LatestPlan = <T>(scope: Scope, atMs: number, make: Make<T>) => readonly T[];

export function latestPlan(selector: VectorSelector, slot: number): LatestPlan {
  const fromSlices = slicesPlan(selector, slot);
  return (scope, atMs, make) => {
    const newest = newestIn(selector, scope);
    return newest === undefined ? fromSlices(scope, atMs, make) : madeOfNewest(newest, make);
  };
}

/** At one instant, where the source tells no more than is looked at. */
function newestIn({ matchers, shift }: VectorSelector, scope: Scope): NewestSamples | undefined {
  const { query, startMs, endMs } = scope;
  if (startMs !== endMs) return undefined;
  const lookMs = shiftedMs(shift, scope, startMs);
  const newest = query.source.newest?.(matchers, lookMs - query.lookbackMs, lookMs);
  if (newest !== undefined) query.spend(newest.labels.length);
  return newest;
}

function madeOfNewest<T>({ labels, timesMs, values }: NewestSamples, make: Make<T>): readonly T[] {
  const found: T[] = [];
  for (let index = 0; index < labels.length; index += 1) {
    const own = labels[index];
    if (own === undefined) continue;
    const made = make(own, values[index] ?? Number.NaN, timesMs[index] ?? 0, found.length);
    if (made !== undefined) found.push(made);
  }
  return found;
}

interface Reader {
  readonly slices: readonly SeriesSlice[];
  readonly after: Places;
}

function readerOf({ matchers, shift }: VectorSelector, scope: Scope): Reader {
  const slices = slicesOf({ matchers, shift, backMs: scope.query.lookbackMs }, scope);
  return { slices, after: scope.startMs === scope.endMs ? placeOnce : createPlaces(slices) };
}

function slicesPlan(selector: VectorSelector, slot: number): LatestPlan {
  return <T>(scope: Scope, atMs: number, make: Make<T>) => {
    const { slices, after } = (scope.kept[slot] ??= readerOf(selector, scope)) as Reader;
    const lookMs = shiftedMs(selector.shift, scope, atMs);
    const look = { lookMs, oldestMs: lookMs - scope.query.lookbackMs };
    const found: T[] = [];
    for (let number = 0; number < slices.length; number += 1) {
      const slice = slices[number];
      if (slice === undefined) continue;
      const index = after(number, slice, lookMs) - 1;
      if (!stands(slice, index, look)) continue;
      const { labels, timesMs, values } = slice;
      const made = make(labels, values[index] ?? Number.NaN, timesMs[index] ?? 0, found.length);
      if (made !== undefined) found.push(made);
    }
    return found;
  };
}

interface Look {
  readonly lookMs: number;
  readonly oldestMs: number;
}

/** Whether its sample at the index stands for the series: there is one, it is no mark of the end and not too old. */
function stands(slice: SeriesSlice, index: number, { lookMs, oldestMs }: Look): boolean {
  if (index < slice.start) return false;
  const sampleMs = slice.timesMs[index] ?? 0;
  if (sampleMs <= oldestMs && !standsStill(slice, sampleMs, lookMs)) return false;
  return !isStale(slice.values, index);
}

/** Whether a line of a coarse span still stands for its series: the next one has not come yet. */
function standsStill({ coarse }: SeriesSlice, sampleMs: number, lookMs: number): boolean {
  if (coarse === undefined || sampleMs > coarse.toMs) return false;
  const spanEndsMs = Math.ceil(sampleMs / coarse.resolutionMs) * coarse.resolutionMs;
  return lookMs < spanEndsMs + coarse.resolutionMs;
}

const element = (labels: Labels, value = Number.NaN): Element => ({ labels, value, dropsName: false });

/** What several read at one instant is made into elements once. */
const elementsOf = remembered(
  ({ labels, values }: NewestSamples): Vector => labels.map((own, index) => element(own, values[index])),
);

export function selectorPlan(selector: VectorSelector, slot: number): VectorPlan {
  const fromSlices = slicesPlan(selector, slot);
  return (scope, atMs) => {
    const newest = newestIn(selector, scope);
    return newest === undefined ? fromSlices(scope, atMs, element) : elementsOf(newest);
  };
}

/** The elements of a selector whose values pass beside a number: what does not pass is never made one. */
export function passingPlan(
  selector: VectorSelector,
  slot: number,
  { scalar, judge }: { readonly scalar: ScalarPlan; readonly judge: ScalarJudge },
): VectorPlan {
  const latest = latestPlan(selector, slot);
  return (scope, atMs) => {
    const number = scalar(scope, atMs);
    return latest(scope, atMs, (labels, own) => {
      const value = judge(own, number);
      return value === undefined ? undefined : { labels, value, dropsName: false };
    });
  };
}
