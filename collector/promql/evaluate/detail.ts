import { NEWEST, type Detail, type SeriesSlice } from '../../../config/model/series.ts';
import { TIER_MS, type Aspect } from '../../../config/model/tiers.ts';
import type { Query } from './types.ts';

/** What a selector reads, as far as it decides in what detail. */
export interface Reading {
  /** The first instant that it looks at. */
  readonly firstMs: number;
  /** It looks at one instant, whatever the step. */
  readonly isFixed: boolean;
  readonly stepMs: number | undefined;
  /** The function that reads a range; absent for the newest sample. */
  readonly reader: string | undefined;
  readonly rangeMs: number | undefined;
}

/** Functions whose value over whole spans is that over all their samples. */
const EXACT: Readonly<Record<string, Aspect>> = {
  min_over_time: 'min',
  max_over_time: 'max',
  last_over_time: 'last',
  avg_over_time: 'avg',
};
/** Functions that look at how a value goes: where it stood at the end of each span tells them enough of a long range. */
const TREND = new Set(['deriv', 'predict_linear', 'delta', 'rate', 'increase']);
/** So many spans are in a range that is looked at by spans. */
const TREND_SPANS = 100;
/** What they are given of each span where there is nothing else. */
const OTHERWISE: Aspect = 'avg';

const TIERS = ['1h', '5m'] as const;

/**
 * In how little detail a selector may read: lines of spans where they say the same as the samples, `undefined` for
 * every sample. Spans end at whole multiples of their length, so the instants have to be such.
 */
export function detailOf(reading: Reading): Detail | undefined {
  const { reader, stepMs, rangeMs } = reading;
  if (reader === undefined && stepMs === undefined) return rangeMs === undefined ? NEWEST : undefined;
  if (reader === undefined) return exact(reading, 'last');
  if (TREND.has(reader)) return trend(reading);
  const aspect = EXACT[reader];
  return aspect === undefined ? { tier: 'raw', aspect: OTHERWISE } : exact(reading, aspect);
}

function trend({ rangeMs = 0 }: Reading): Detail | undefined {
  const tier = TIERS.find((each) => rangeMs >= TREND_SPANS * TIER_MS[each]);
  return tier === undefined ? undefined : { tier, aspect: 'last' };
}

function exact({ firstMs, isFixed, stepMs = 0, rangeMs = 0 }: Reading, aspect: Aspect): Detail {
  const whole = [firstMs, isFixed ? 0 : stepMs, rangeMs];
  const tier = TIERS.find((each) => whole.every((ms) => ms % TIER_MS[each] === 0));
  return { tier: tier ?? 'raw', aspect };
}

/** Says beside the result when it is not what all samples would give. */
export function remarkOnDetail(
  query: Query,
  { coarse }: SeriesSlice,
  { reader, detail }: { readonly reader: string | undefined; readonly detail: Detail | undefined },
): void {
  if (coarse === undefined || reader === undefined || EXACT[reader] !== undefined) return;
  const isTrend = detail !== undefined && detail.tier !== 'raw';
  const of = detail?.aspect ?? OTHERWISE;
  if (isTrend && reader !== 'rate' && reader !== 'increase') return;
  query.inform(
    `${reader} before ${new Date(coarse.toMs).toISOString()} is of one value (${of}) for each ${coarse.resolutionMs / 60_000} min`,
  );
}
