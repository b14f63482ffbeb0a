import type { DeviceView, ReadingsView, ReadingView } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import type { DeviceState } from '../../config/model/device.ts';
import { headlineMetrics } from '../../config/model/headline.ts';
import { METRIC_NAME } from '../../config/model/labels.ts';
import type { Matcher } from '../../config/model/series.ts';
import { graver, type Severity } from '../../config/model/severity.ts';
import type { SiteDevice } from '../../config/model/site.ts';
import { AGENT_JOB } from '../ingest/agents.ts';
import type { LatestSample } from '../series/series.ts';
import { readingsOf, severityOf } from './readings.ts';
import { deviceState, freshForMs, type Evidence } from './state.ts';

/** All devices of the site as they are now. */
export interface Devices {
  /** Judges every device anew. */
  update(nowMs: number): readonly DeviceView[];
  /** Everything that a device told last; `undefined` if the site has no such device. */
  readings(id: string): ReadingsView | undefined;
}

export interface DevicesDeps {
  /** What each series said last that the matchers accept. */
  readonly latest: (matchers: readonly Matcher[]) => readonly LatestSample[];
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
  state: DeviceState | undefined;
  lastSeenAtMs: number | undefined;
}

/** A tile has room for no more. */
const MAX_HEADLINE = 8;

export function createDevices({ latest, settings, isAgentUp, alertSeverity }: DevicesDeps): Devices {
  let memories = new Map<string, Memory>();

  const samplesOf = (id: string): readonly LatestSample[] =>
    latest([
      { name: 'job', op: '=', value: AGENT_JOB },
      { name: 'device', op: '=', value: id },
    ]);
  const judge = (device: SiteDevice, memory: Memory, nowMs: number): DeviceView => {
    const samples = samplesOf(device.id);
    const up = presenceOf(samples);
    if (up?.value === 1) memory.lastSeenAtMs = up.atMs;
    const readings = readingsOf(current(samples, up, memory.lastSeenAtMs));
    const { pollIntervalMs, scrapeIntervalMs } = settings();
    memory.state = deviceState(
      defined({
        up: evidenceOf(up, memory),
        isAgentUp: isAgentUp(up?.labels['instance']),
        severity: graver(severityOf(readings), alertSeverity(device.id)),
        awaitedSinceMs: memory.awaitedSinceMs,
      }),
      { previous: memory.state, nowMs, freshMs: freshForMs(pollIntervalMs, scrapeIntervalMs) },
    );
    const headline = headlineOf(device, readings);
    return defined({ id: device.id, state: memory.state, headline, lastSeenAtMs: memory.lastSeenAtMs });
  };

  return {
    update(nowMs) {
      const { devices } = settings();
      memories = new Map(
        devices.map(({ id }) => [
          id,
          memories.get(id) ?? { awaitedSinceMs: nowMs, state: undefined, lastSeenAtMs: undefined },
        ]),
      );
      return devices.flatMap((device) => {
        const memory = memories.get(device.id);
        return memory === undefined ? [] : [judge(device, memory, nowMs)];
      });
    },
    readings(id) {
      if (!settings().devices.some((device) => device.id === id)) return undefined;
      const samples = samplesOf(id);
      const readings = readingsOf(current(samples, presenceOf(samples), memories.get(id)?.lastSeenAtMs));
      return { device: id, readings };
    },
  };
}

/** A device whose samples grew too old to be kept was up once and is not any more. */
function evidenceOf(up: LatestSample | undefined, { lastSeenAtMs }: Memory): Evidence['up'] {
  if (up !== undefined) return { isUp: up.value === 1, atMs: up.atMs };
  return lastSeenAtMs === undefined ? undefined : { isUp: false, atMs: lastSeenAtMs };
}

/** The device's `device_up`: of several agents that read it, the one that reaches it, else the latest. */
function presenceOf(samples: readonly LatestSample[]): LatestSample | undefined {
  const told = samples.filter(({ labels }) => labels[METRIC_NAME] === 'device_up');
  return told.sort(
    (a, b) => Number(a.isEnded) - Number(b.isEnded) || b.value - a.value || b.atMs - a.atMs,
  )[0];
}

/**
 * The samples that make up the device's last word. While it answers, a series that ended is not part of it. When it
 * is silent, all that was there until then is, and none is younger than the device's last answer.
 */
function current(
  samples: readonly LatestSample[],
  up: LatestSample | undefined,
  lastSeenAtMs: number | undefined,
): readonly LatestSample[] {
  if (up === undefined || lastSeenAtMs === undefined) return [];
  const isAnswering = up.value === 1 && !up.isEnded;
  return samples
    .filter(
      ({ labels, isEnded, atMs }) =>
        labels[METRIC_NAME] !== 'device_up' &&
        labels['instance'] === up.labels['instance'] &&
        (isAnswering ? !isEnded : atMs >= lastSeenAtMs),
    )
    .map((sample) => (sample.atMs > lastSeenAtMs ? { ...sample, atMs: lastSeenAtMs } : sample));
}

function headlineOf({ kind }: SiteDevice, readings: readonly ReadingView[]): readonly ReadingView[] {
  return headlineMetrics(kind)
    .flatMap((metric) => readings.filter((reading) => reading.metric === metric))
    .slice(0, MAX_HEADLINE);
}
