import type { VectorElement } from '../../alerting/ports.ts';
import { FORECAST_KINDS, type Forecast, type ForecastKind } from '../../config/model/growth-api.ts';
import { labelsKey, METRIC_NAME, without, type Labels } from '../../config/model/labels.ts';
import type { Queries } from '../promql/worker/queries.ts';

type Asked = Pick<Queries, 'instant'>;
const LONGEST_DAYS = 5 * 365;

interface Filling {
  /** Nothing fills up where nobody tells this: then nothing is asked for, which would be dear. */
  readonly metric: string;
  /** Used now, as a share of the whole. */
  readonly used: string;
  /** What is added each second, as a share of the whole: a line through the last thirty days. */
  readonly perSecond: string;
}

const FILLING: Readonly<Record<ForecastKind, Filling>> = {
  storage: {
    metric: 'host_storage_used_ratio',
    used: 'host_storage_used_ratio',
    perSecond: since('deriv(host_storage_used_ratio[30d])', 'host_storage_used_ratio'),
  },
  filesystem: {
    metric: 'node_filesystem_avail_bytes',
    used: '1 - node_filesystem_avail_bytes / node_filesystem_size_bytes',
    perSecond: since(
      '(-deriv(node_filesystem_avail_bytes[30d]) / node_filesystem_size_bytes)',
      'node_filesystem_avail_bytes',
    ),
  },
  receive: bandwidth('interface_receive_bytes_total'),
  transmit: bandwidth('interface_transmit_bytes_total'),
};

function bandwidth(metric: string): Filling {
  const used = `rate(${metric}[1d]) / (interface_speed_bytes_per_second > 0)`;
  return { metric, used, perSecond: since(`deriv((${used})[30d:1d])`, metric) };
}

/** Only of what was there some days ago: an hour leads nowhere. */
function since(slope: string, metric: string): string {
  return `${slope} and ${metric} offset 3d`;
}

/**
 * Where everything leads that may fill up, what is full first at the beginning.
 * @param isTold Whether there are series of a metric at all.
 */
export async function forecastsOf(
  queries: Asked,
  isTold: (metric: string) => boolean,
  atMs: number,
  signal: AbortSignal,
): Promise<readonly Forecast[]> {
  const made: Forecast[] = [];
  for (const kind of FORECAST_KINDS) {
    if (isTold(FILLING[kind].metric)) made.push(...(await forecast(queries, kind, atMs, signal)));
  }
  return made.sort((a, b) => (a.daysLeft ?? Infinity) - (b.daysLeft ?? Infinity));
}

async function forecast(
  queries: Asked,
  kind: ForecastKind,
  atMs: number,
  signal: AbortSignal,
): Promise<readonly Forecast[]> {
  const { used, perSecond } = FILLING[kind];
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

export async function elements(
  queries: Asked,
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
