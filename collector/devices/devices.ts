import type { DeviceView, ReadingsView, ReadingView } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
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
  lastSeenAtMs: number | undefined;
  told: Told;
  view: DeviceView | undefined;
}

/** What a device said of itself, read anew only when it says something. */
interface Told {
  readonly up: LatestSample | undefined;
  /** The gravest of its readings that can be an alarm by themselves. */
  readonly severity: Severity | undefined;
  readonly headline: readonly ReadingView[];
}

const NOTHING: Told = { up: undefined, severity: undefined, headline: [] };

/** What is the same for all devices at one instant. */
interface Instant {
  readonly nowMs: number;
  readonly freshMs: number;
  readonly isAgentUp: DevicesDeps['isAgentUp'];
}

export function createDevices({ seriesOf, settings, isAgentUp, alertSeverity }: DevicesDeps): Devices {
  const memories = new Map<string, Memory>();

  const memoryOf = ({ id, kind }: SiteDevice, nowMs: number): Memory => {
    const known = memories.get(id);
    if (known !== undefined) return known;
    const begun = {
      awaitedSinceMs: nowMs,
      tracked: new Tracked(kind),
      lastSeenAtMs: undefined,
      told: NOTHING,
      view: undefined,
    };
    memories.set(id, begun);
    return begun;
  };
  const judge = (id: string, memory: Memory, { nowMs, freshMs, isAgentUp: isUp }: Instant): DeviceView => {
    const series = seriesOf(id);
    if (memory.tracked.hasNews(series)) hear(memory, series);
    const { told, lastSeenAtMs, awaitedSinceMs, view: before } = memory;
    const evidence = {
      up: evidenceOf(told.up, memory),
      isAgentUp: isUp(told.up?.labels['instance']),
      severity: graver(told.severity, alertSeverity(id)),
      awaitedSinceMs,
    };
    const state = deviceState(evidence, { previous: before?.state, nowMs, freshMs });
    if (before?.state === state && before.headline === told.headline) return before;
    const view: DeviceView = defined({ id, state, headline: told.headline, lastSeenAtMs });
    memory.view = view;
    return view;
  };

  return {
    update(nowMs) {
      const { devices, pollIntervalMs, scrapeIntervalMs } = settings();
      const freshMs = freshForMs(pollIntervalMs, scrapeIntervalMs);
      const instant = { nowMs, freshMs, isAgentUp: askedOnce(isAgentUp) };
      const views = devices.map((device) => judge(device.id, memoryOf(device, nowMs), instant));
      if (memories.size > devices.length) keepOnly(memories, devices);
      return views;
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

/** Reads what the device says. */
function hear(memory: Memory, series: readonly DeviceSeries[]): void {
  const { tracked } = memory;
  const up = presenceOf(tracked.presences(series));
  if (up?.value === 1) memory.lastSeenAtMs = up.atMs;
  const lastWord = lastWordOf(up, memory.lastSeenAtMs);
  const severity = severityOf(tracked.alarming(series, lastWord));
  memory.told = { up, severity, headline: tracked.headline(series, lastWord) };
}

/** Many devices have the same agent. */
function askedOnce(isAgentUp: DevicesDeps['isAgentUp']): DevicesDeps['isAgentUp'] {
  const known = new Map<string | undefined, boolean | undefined>();
  return (instance) => {
    if (!known.has(instance)) known.set(instance, isAgentUp(instance));
    return known.get(instance);
  };
}

/** Lets go of the devices that the site has no more. */
function keepOnly(memories: Map<string, Memory>, devices: readonly SiteDevice[]): void {
  const kept = new Set(devices.map(({ id }) => id));
  for (const id of memories.keys()) if (!kept.has(id)) memories.delete(id);
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
