import type { HistorySettings } from '../../config/history.ts';
import { defined } from '../../config/model/defined.ts';
import type { EngineGrowth, Forecast, GrowthBody } from '../../config/model/growth-api.ts';
import { METRIC_NAME, without } from '../../config/model/labels.ts';
import type { SeriesSink } from '../../config/model/series.ts';
import { TIERS } from '../../config/model/tiers.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { every } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { GroupRun } from '../../alerting/engine/group.ts';
import type { Elsewhere } from '../promql/elsewhere/open.ts';
import type { EngineRoom } from '../promql/elsewhere/room.ts';
import type { Queries } from '../promql/worker/queries.ts';
import type { Head } from '../series/head.ts';
import type { History } from '../series/history/keep.ts';
import { DAY_MS } from '../series/history/layout.ts';
import { countsOf, shares, usedMetrics } from './counts.ts';
import { engineGrowth, passOver, STORED_PER_SECOND, tellEngineRoom } from './elsewhere.ts';
import { elements, forecastsOf } from './forecast.ts';

/** What grows, and how long there is room for it. */
export interface Growth {
  body(): Promise<GrowthBody>;
  stop(): Promise<void>;
}

export interface GrowthDeps {
  readonly history: History | undefined;
  /** Who keeps history instead. */
  readonly elsewhere?: Pick<Elsewhere, 'host' | 'room'> | undefined;
  readonly head: Pick<Head, 'all' | 'seriesWith'> & SeriesSink;
  readonly settings: () => HistorySettings | undefined;
  readonly queries: Pick<Queries, 'instant'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Metrics that rules select. */
  readonly usedMetrics: () => ReadonlySet<string>;
}

/** As the collector has its parts. */
export function growthOf(
  {
    watching: { history, elsewhere, head },
    config,
    alerting,
    clock,
    log,
  }: Pick<GrowthDeps, 'clock' | 'log'> & {
    readonly watching: Pick<GrowthDeps, 'history' | 'elsewhere' | 'head'>;
    readonly config: () => { readonly collector: { readonly history?: HistorySettings } };
    readonly alerting: { groups(): readonly GroupRun[] };
  },
  queries: GrowthDeps['queries'],
): Growth {
  return startGrowth({
    queries,
    history,
    elsewhere,
    head,
    clock,
    log,
    settings: () => config().collector.history,
    usedMetrics: () => usedMetrics(alerting.groups()),
  });
}

const FORECAST_EACH_MS = 3_600_000;
const TELL_EACH_MS = 60_000;

export function startGrowth(deps: GrowthDeps): Growth {
  const { clock, log, head, history, elsewhere, queries } = deps;
  let forecasts: readonly Forecast[] = [];
  let forecastAtMs: number | undefined;
  let room: EngineRoom | undefined;
  let storedPerSecond: number | undefined;
  const onError = (err: unknown): void => log.error({ err }, 'a forecast could not be made');
  // An engine elsewhere may know what others told it.
  const isTold = (metric: string): boolean =>
    elsewhere !== undefined || head.seriesWith(METRIC_NAME, metric).length > 0;
  const make = async (atMs: number, signal: AbortSignal): Promise<void> => {
    if (elsewhere !== undefined)
      storedPerSecond = (await elements(queries, STORED_PER_SECOND, atMs, signal))[0]?.value;
    forecasts = await forecastsOf(queries, isTold, atMs, signal);
    forecastAtMs = atMs;
  };
  const tell = async (atMs: number, signal: AbortSignal): Promise<void> => {
    if (elsewhere === undefined && history?.flushedToMs === undefined) return;
    room = elsewhere && (await tellEngineRoom(elsewhere, head, { atMs, signal }));
    if (forecastAtMs === undefined || atMs - forecastAtMs >= FORECAST_EACH_MS || atMs < forecastAtMs) {
      await make(atMs, signal).catch(passOver);
    }
    tellForecasts(forecasts, head, atMs);
  };
  const loop = every(clock, { intervalMs: TELL_EACH_MS, onError }, tell);
  const lastDay = countsOf(deps);
  const engineNow = async (): Promise<EngineGrowth | undefined> => {
    if (elsewhere === undefined) return undefined;
    // Whoever looks before it was asked for the first time.
    room ??= await elsewhere.room(new AbortController().signal);
    return engineGrowth(elsewhere, room, storedPerSecond);
  };
  return {
    body: async () => ({
      ...shares(await lastDay(), deps.usedMetrics()),
      ...defined({ forecasts, forecastAtMs, history: stateOf(deps), engine: await engineNow() }),
    }),
    stop: () => loop.stop(),
  };
}

function tellForecasts(forecasts: readonly Forecast[], sink: SeriesSink, atMs: number): void {
  for (const { kind, labels, daysLeft } of forecasts) {
    if (daysLeft === undefined) continue;
    const own = { job: 'collector', instance: 'local', kind };
    const told = { ...without(labels, METRIC_NAME), [METRIC_NAME]: 'watchkeeper_capacity_days_left', ...own };
    sink.append(told, atMs, daysLeft);
  }
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
