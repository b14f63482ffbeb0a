import type { DeviceConfig } from '../../config/load.ts';
import type { ZoneView } from '../../config/model/agent-api.ts';
import { METRIC_NAME } from '../../config/model/labels.ts';
import { NEWEST, type SeriesSlice, type SeriesSource } from '../../config/model/series.ts';
import { AGENT_JOB } from './agents.ts';

/** An agent is scraped every few seconds, or tells every ten that it is there. */
const REPORTED_WITHIN_MS = 60_000;

type Placed = Pick<DeviceConfig, 'device' | 'zone'>;

/**
 * The zones in which the site has devices, and whether an agent reports for each: it has told of one of them, or
 * that it is there for that zone.
 */
export function zoneViews(
  devices: readonly Placed[],
  source: SeriesSource,
  nowMs: number,
): readonly ZoneView[] {
  const zoneOf = new Map(devices.map(({ device, zone }) => [device.id, zone]));
  const lately = (metric: string, label: string): readonly string[] =>
    [...source.select(matchersOf(metric), nowMs - REPORTED_WITHIN_MS, nowMs, NEWEST)]
      .filter(({ start, end }) => end > start)
      .map(({ labels }: SeriesSlice) => labels[label] ?? '');
  const reported = new Set([
    ...lately('watchkeeper_agent_info', 'zone'),
    ...lately('device_up', 'device').map((device) => zoneOf.get(device)),
  ]);
  return [...Map.groupBy(devices, ({ zone }) => zone)].map(([zone, some]) => ({
    zone,
    devices: some.length,
    isReported: reported.has(zone),
  }));
}

function matchersOf(metric: string) {
  return Object.entries({ [METRIC_NAME]: metric, job: AGENT_JOB }).map(([name, value]) => ({
    name,
    op: '=' as const,
    value,
  }));
}
