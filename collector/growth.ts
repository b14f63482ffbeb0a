import type { HistorySettings } from '../config/history.ts';
import {
  FORECAST_KINDS,
  type Forecast,
  type ForecastKind,
  type GrowthBody,
  type GrowthShare,
} from '../config/model/growth-api.ts';
import { METRIC_NAME, without, labelsKey, type Labels } from '../config/model/labels.ts';
import type { SeriesSink } from '../config/model/series.ts';
import { TIERS } from '../config/model/tiers.ts';
import type { Clock } from '../config/runtime/clock.ts';
import { every } from '../config/runtime/every.ts';
import type { Log } from '../config/runtime/log.ts';
import type { GroupRun } from '../alerting/engine/group.ts';
import type { VectorElement } from '../alerting/ports.ts';
import type { Queries } from './promql/worker/queries.ts';
import { DAY_MS, dayOf } from './series/history/layout.ts';
import type { History, SeriesCount } from './series/history/keep.ts';

/** What grows, and how long there is room for it. */
export interface Growth {
  body(): Promise<GrowthBody>;
  stop(): Promise<void>;
}

export interface GrowthDeps {
  readonly history: History | undefined;
  readonly settings: () => HistorySettings | undefined;
  readonly queries: Pick<Queries, 'instant'>;
  readonly sink: SeriesSink;
  readonly clock: Clock;
  readonly log: Log;
  /** Metrics that rules select. */
  readonly usedMetrics: () => ReadonlySet<string>;
}

/** Used now, and what is added each second, both as shares of the whole: a line through the last thirty days. */
const QUERIES: Readonly<Record<ForecastKind, readonly [used: string, perSecond: string]>> = {
  storage: [
    'host_storage_used_ratio',
    since('deriv(host_storage_used_ratio[30d])', 'host_storage_used_ratio'),
  ],
  filesystem: [
    '1 - node_filesystem_avail_bytes / node_filesystem_size_bytes',
    since(
      '(-deriv(node_filesystem_avail_bytes[30d]) / node_filesystem_size_bytes)',
      'node_filesystem_avail_bytes',
    ),
  ],
  receive: bandwidth('interface_receive_bytes_total'),
  transmit: bandwidth('interface_transmit_bytes_total'),
};

function bandwidth(counter: string): readonly [string, string] {
  const share = `rate(${counter}[1d]) / (interface_speed_bytes_per_second > 0)`;
  return [share, since(`deriv((${share})[30d:1d])`, counter)];
}

/** Only of what was there some days ago: an hour leads nowhere. */
function since(slope: string, metric: string): string {
  return `${slope} and ${metric} offset 3d`;
}

/** As the collector has its parts. */
export function growthOf(
  {
    watching: { history, head },
    config,
    alerting,
    clock,
    log,
  }: Pick<GrowthDeps, 'clock' | 'log'> & {
    readonly watching: { readonly history: History | undefined; readonly head: SeriesSink };
    readonly config: () => { readonly collector: { readonly history?: HistorySettings } };
    readonly alerting: { groups(): readonly GroupRun[] };
  },
  queries: GrowthDeps['queries'],
): Growth {
  return startGrowth({
    queries,
    history,
    clock,
    log,
    settings: () => config().collector.history,
    sink: head,
    usedMetrics: () => usedMetrics(alerting.groups()),
  });
}

const FORECAST_EACH_MS = 3_600_000;
const TELL_EACH_MS = 60_000;
const LONGEST_DAYS = 5 * 365;
const SHOWN = 30;

export function startGrowth(deps: GrowthDeps): Growth {
  const { clock, log, sink } = deps;
  let forecasts: readonly Forecast[] = [];
  let forecastAtMs: number | undefined;
  const onError = (err: unknown): void => log.error({ err }, 'a forecast could not be made');
  const make = async (atMs: number, signal: AbortSignal): Promise<void> => {
    const made: Forecast[] = [];
    for (const kind of FORECAST_KINDS) made.push(...(await forecast(deps.queries, kind, atMs, signal)));
    forecasts = made.sort((a, b) => (a.daysLeft ?? Infinity) - (b.daysLeft ?? Infinity));
    forecastAtMs = atMs;
  };
  const tell = async (atMs: number, signal: AbortSignal): Promise<void> => {
    if (deps.history?.flushedToMs === undefined) return;
    if (forecastAtMs === undefined || atMs - forecastAtMs >= FORECAST_EACH_MS || atMs < forecastAtMs) {
      await make(atMs, signal);
    }
    for (const { kind, labels, daysLeft } of forecasts) {
      if (daysLeft === undefined) continue;
      const own = without(labels, METRIC_NAME, 'job', 'instance');
      sink.append(
        {
          ...own,
          [METRIC_NAME]: 'watchkeeper_capacity_days_left',
          job: 'collector',
          instance: 'local',
          kind,
        },
        atMs,
        daysLeft,
      );
    }
  };
  const loop = every(clock, { intervalMs: TELL_EACH_MS, onError }, tell);
  return {
    async body() {
      const counts = await lastDay(deps);
      const state = stateOf(deps);
      const body = { ...shares(counts, deps.usedMetrics()), forecasts };
      const made = forecastAtMs === undefined ? body : { ...body, forecastAtMs };
      return state === undefined ? made : { ...made, history: state };
    },
    stop: () => loop.stop(),
  };
}

async function forecast(
  queries: GrowthDeps['queries'],
  kind: ForecastKind,
  atMs: number,
  signal: AbortSignal,
): Promise<readonly Forecast[]> {
  const [used, perSecond] = QUERIES[kind];
  const slopes = new Map<string, number>();
  for (const { labels, value } of await elements(queries, perSecond, atMs, signal)) {
    slopes.set(keyOf(labels), value * 86_400);
  }
  return (await elements(queries, used, atMs, signal)).flatMap(({ labels, value }) => {
    const perDay = slopes.get(keyOf(labels));
    if (perDay === undefined || !Number.isFinite(perDay) || !Number.isFinite(value)) return [];
    return [forecastOf(kind, labels, value, perDay)];
  });
}

/** Metrics that rules select by their name. */
export function usedMetrics(groups: readonly GroupRun[]): ReadonlySet<string> {
  return new Set(
    groups.flatMap(({ runs }) => runs).flatMap(({ rule }) => [...(rule.expression.metrics ?? [])]),
  );
}

/** A straight line from where it is now. */
export function forecastOf(
  kind: ForecastKind,
  labels: Labels,
  usedRatio: number,
  perDayRatio: number,
): Forecast {
  const own = { kind, labels: without(labels, METRIC_NAME), usedRatio, perDayRatio };
  const daysLeft = usedRatio >= 1 ? 0 : (1 - usedRatio) / perDayRatio;
  return daysLeft >= 0 && daysLeft <= LONGEST_DAYS ? { ...own, daysLeft } : own;
}

async function elements(
  queries: GrowthDeps['queries'],
  expression: string,
  atMs: number,
  signal: AbortSignal,
): Promise<readonly VectorElement[]> {
  const { value } = await queries.instant(expression, atMs, signal);
  return value.type === 'vector' ? value.elements : [];
}

function keyOf(labels: Labels): string {
  return labelsKey(without(labels, METRIC_NAME));
}

async function lastDay({ history, clock }: GrowthDeps): Promise<readonly SeriesCount[]> {
  if (history?.flushedToMs === undefined) return [];
  const endMs = dayOf(Math.min(history.flushedToMs, clock.nowMs()) + 1);
  const whole = await history.counts(endMs - DAY_MS + 1, endMs);
  if (whole.length > 0) return whole;
  return history.counts(endMs + 1, history.flushedToMs);
}

/** What of the last day was whose, the most first. */
export function shares(
  counts: readonly SeriesCount[],
  used: ReadonlySet<string>,
): Pick<GrowthBody, 'devices' | 'metrics'> {
  const total = counts.reduce((sum, { samples }) => sum + samples, 0);
  const by = (label: string): readonly GrowthShare[] => {
    const found = new Map<string, { series: number; samplesPerDay: number }>();
    for (const { labels, samples } of counts) {
      const name = labels[label] ?? '';
      const own = found.get(name) ?? { series: 0, samplesPerDay: 0 };
      found.set(name, { series: own.series + 1, samplesPerDay: own.samplesPerDay + samples });
    }
    return [...found]
      .map(([name, own]) => ({ name, ...own, share: own.samplesPerDay / total }))
      .sort((a, b) => b.samplesPerDay - a.samplesPerDay || (a.name < b.name ? -1 : 1))
      .slice(0, SHOWN);
  };
  return {
    devices: by('device'),
    metrics: by(METRIC_NAME).map((share) => ({ ...share, isUnused: !used.has(share.name) })),
  };
}

function stateOf({ history, settings }: GrowthDeps): GrowthBody['history'] {
  const state = history?.state;
  const own = settings();
  if (state === undefined || own === undefined) return undefined;
  const { tiers, series, freeBytes: diskFreeBytes } = state;
  const nowMs = history?.flushedToMs ?? 0;
  const days = (tier: (typeof TIERS)[number]): number => (nowMs - (tiers[tier].fromMs ?? nowMs)) / DAY_MS;
  const perDay = TIERS.map((tier) => (days(tier) >= 1 ? tiers[tier].bytes / days(tier) : 0));
  const bytesPerDay = perDay.reduce((sum, bytes) => sum + bytes, 0);
  // What a detail still grows by until as much expires as is added.
  const toCome = TIERS.reduce(
    (sum, tier, at) => sum + (perDay[at] ?? 0) * Math.max(0, own.keepMs[tier] / DAY_MS - days(tier)),
    0,
  );
  const room = Math.max(0, diskFreeBytes - own.keepFreeBytes);
  const body = {
    tiers: {
      raw: { ...tiers.raw, keepMs: own.keepMs.raw },
      '5m': { ...tiers['5m'], keepMs: own.keepMs['5m'] },
      '1h': { ...tiers['1h'], keepMs: own.keepMs['1h'] },
    },
    series,
    diskFreeBytes,
    keptFreeBytes: own.keepFreeBytes,
    bytesPerDay,
  };
  return toCome > room && bytesPerDay > 0 ? { ...body, daysLeft: room / bytesPerDay } : body;
}
