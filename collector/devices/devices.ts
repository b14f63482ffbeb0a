import type { DeviceView, ReadingsView, ReadingView } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import type { DeviceState } from '../../config/model/device.ts';
import { graver, type Severity } from '../../config/model/severity.ts';
import type { SiteDevice } from '../../config/model/site.ts';
import type { LatestSample } from '../series/series.ts';
import { severityOf } from './readings.ts';
import { deviceState, freshForMs, type Evidence } from './state.ts';
import { allReadings, Tracked, type DeviceSeries } from './tracked.ts';

/** All devices of the site as they are now. */
export interface Devices {
  /** Judges every device anew. */
  update(nowMs: number): readonly DeviceView[];
  /** Everything that a device told last; `undefined` if the site has no such device. */
  readings(id: string): ReadingsView | undefined;
}

export interface DevicesDeps {
  /** The series that carry the label of a device: the store's own list, which grows, or another one. */
  readonly seriesOf: (device: string) => readonly DeviceSeries[];
  readonly settings: () => DevicesSettings;
  /** Whether the agent of this `instance` could be scraped at last; absent before the first scrape. */
  readonly isAgentUp: (instance: string | undefined) => boolean | undefined;
  /** The gravest active alert of a device. */
  readonly alertSeverity: (device: string) => Severity | undefined;
}

export interface DevicesSettings {
  readonly devices: readonly SiteDevice[];
  readonly pollIntervalMs: number;
  readonly scrapeIntervalMs: number;
}

/** What is remembered of a device from one judgement to the next. */
interface Memory {
  readonly awaitedSinceMs: number;
  readonly tracked: Tracked;
  state: DeviceState | undefined;
  lastSeenAtMs: number | undefined;
}

export function createDevices({ seriesOf, settings, isAgentUp, alertSeverity }: DevicesDeps): Devices {
  let memories = new Map<string, Memory>();

  const begin = ({ kind }: SiteDevice, nowMs: number): Memory => ({
    awaitedSinceMs: nowMs,
    tracked: new Tracked(kind),
    state: undefined,
    lastSeenAtMs: undefined,
  });
  const judge = (id: string, memory: Memory, nowMs: number): DeviceView => {
    const { tracked } = memory;
    const series = seriesOf(id);
    const up = presenceOf(tracked.presences(series));
    if (up?.value === 1) memory.lastSeenAtMs = up.atMs;
    const lastWord = lastWordOf(up, memory.lastSeenAtMs);
    const { pollIntervalMs, scrapeIntervalMs } = settings();
    const severity = graver(severityOf(tracked.alarming(series, lastWord)), alertSeverity(id));
    const evidence = { up: evidenceOf(up, memory), isAgentUp: isAgentUp(up?.labels['instance']), severity };
    memory.state = deviceState(defined({ ...evidence, awaitedSinceMs: memory.awaitedSinceMs }), {
      previous: memory.state,
      nowMs,
      freshMs: freshForMs(pollIntervalMs, scrapeIntervalMs),
    });
    const headline = tracked.headline(series, lastWord);
    return defined({ id, state: memory.state, headline, lastSeenAtMs: memory.lastSeenAtMs });
  };

  return {
    update(nowMs) {
      const { devices } = settings();
      const before = memories;
      memories = new Map();
      return devices.map((device) => {
        const memory = before.get(device.id) ?? begin(device, nowMs);
        memories.set(device.id, memory);
        return judge(device.id, memory, nowMs);
      });
    },
    readings(id) {
      const memory = memories.get(id);
      if (memory === undefined) return undefined;
      const { tracked, lastSeenAtMs } = memory;
      const series = seriesOf(id);
      const up = presenceOf(tracked.presences(series));
      const readings: readonly ReadingView[] = allReadings(series, lastWordOf(up, lastSeenAtMs));
      return { device: id, readings };
    },
  };
}

/** The device's `device_up`: of several agents that read it, the one that reaches it, else the latest. */
function presenceOf(told: readonly LatestSample[]): LatestSample | undefined {
  return [...told].sort(
    (a, b) => Number(a.isEnded) - Number(b.isEnded) || b.value - a.value || b.atMs - a.atMs,
  )[0];
}

/** A device whose samples grew too old to be kept was up once and is not any more. */
function evidenceOf(up: LatestSample | undefined, { lastSeenAtMs }: Memory): Evidence['up'] {
  if (up !== undefined) return { isUp: up.value === 1, atMs: up.atMs };
  return lastSeenAtMs === undefined ? undefined : { isUp: false, atMs: lastSeenAtMs };
}

/**
 * Tells which samples make up the device's last word. While it answers, a series that ended is not part of it. When it
 * is silent, all that was there until then is, and none is younger than the device's last answer.
 */
function lastWordOf(
  up: LatestSample | undefined,
  lastSeenAtMs: number | undefined,
): (sample: LatestSample) => LatestSample | undefined {
  if (up === undefined || lastSeenAtMs === undefined) return () => undefined;
  const isAnswering = up.value === 1 && !up.isEnded;
  const instance = up.labels['instance'];
  return (sample) => {
    const isPart = isAnswering ? !sample.isEnded : sample.atMs >= lastSeenAtMs;
    if (!isPart || sample.labels['instance'] !== instance) return undefined;
    return sample.atMs > lastSeenAtMs ? { ...sample, atMs: lastSeenAtMs } : sample;
  };
}
