import type { AgentDeviceBody, PaceView } from '../config/model/agent-api.ts';
import { defined } from '../config/model/defined.ts';
import type { Labels } from '../config/model/labels.ts';
import type { Reading } from '../config/model/sample.ts';
import type { Host } from './host/host.ts';
import type { PageBytes } from './page/bytes.ts';
import { blockOf, quotedName } from './page/readings.ts';
import {
  fixedLines,
  formatValue,
  linePrefix,
  type Append,
  type Lines,
  type PageSource,
} from './page/text.ts';
import type { SnmpCredentials } from '../config/snmp-access.ts';
import type { TrapView } from '../config/model/traps.ts';
import type { Known, PolledDevice } from './snmp/device.ts';
import type { LookUp } from './snmp/endpoint.ts';
import type { Session } from './snmp/session.ts';

/** What tells of a device: this machine itself, its SNMP agent, or both. */
export interface Sources {
  readonly id: string;
  readonly host?: Host;
  readonly snmp?: SnmpSource;
}

export interface SnmpSource {
  readonly device: PolledDevice;
  readonly session: Session;
  readonly endpoint: LookUp;
  readonly credentials: SnmpCredentials;
  /** Not missed while it has never answered. */
  readonly isOptional: boolean;
}

/** Whether a device answers; `undefined` while nothing can be said. This machine answers to itself. */
export function isUp({ host, snmp }: Sources): boolean | undefined {
  if (host !== undefined) return host.read().atMs > 0 ? true : undefined;
  const state = snmp?.device.state();
  if (state === undefined || !state.hasBeenPolled) return undefined;
  return snmp?.isOptional === true && state.lastAnswerAtMs === undefined ? undefined : state.isUp;
}

/** The series of a device on the page. */
export function createPageSource(sources: Sources): PageSource {
  const { id, host, snmp } = sources;
  const up = new DeviceLine('device_up', id, () => (isUp(sources) === true ? 1 : 0));
  const info = infoLines(sources);
  const polled = snmp && createPolledSource(id, snmp);
  return {
    write(append, appendBlock) {
      if (isUp(sources) !== undefined) append('device_up', up);
      polled?.write(append, appendBlock);
      const known = info();
      if (known !== undefined) append('device_info', known);
      if (host !== undefined) writeHost(id, host, append);
    },
  };
}

/** A series of a device that has no other label. A class, for each of a thousand devices has some. */
class DeviceLine implements Lines {
  readonly #prefix: Uint8Array;
  readonly #value: () => number;

  constructor(metric: string, device: string, value: () => number) {
    this.#prefix = Buffer.from(linePrefix(metric, { device }));
    this.#value = value;
  }

  write(page: PageBytes): void {
    page.raw(this.#prefix);
    page.value(this.#value());
  }
}

/** What a device tells over SNMP. */
function createPolledSource(id: string, { device }: SnmpSource): PageSource {
  const duration = new DeviceLine(
    'device_poll_duration_seconds',
    id,
    () => device.state().pollDurationMs / 1000,
  );
  const name = quotedName(id);
  return {
    write(append, appendBlock) {
      const { isUp: isAnswering, known } = device.state();
      if (isAnswering) append('device_poll_duration_seconds', duration);
      if (known !== undefined) appendBlock(blockOf(name, known.readings, known.values));
    },
  };
}

/** The line of `device_info`, made anew only when the device says something else of itself. */
function infoLines(sources: Sources): () => Lines | undefined {
  let last: { readonly snmp: Labels | undefined; readonly host: Labels | undefined } | undefined;
  let lines: Lines | undefined;
  return () => {
    const snmp = sources.snmp?.device.state().known?.info;
    const host = sources.host?.read().info;
    if (last !== undefined && last.snmp === snmp && last.host === host) return lines;
    last = { snmp, host };
    // This machine knows itself best.
    const info = { ...snmp, ...host };
    const isKnown = Object.keys(info).length > 0;
    lines = isKnown
      ? fixedLines(`${linePrefix('device_info', { device: sources.id, ...info })}1\n`)
      : undefined;
    return lines;
  };
}

function writeHost(device: string, host: Host, append: Append): void {
  for (const { metric, labels, value } of host.read().samples)
    append(metric, fixedLines(`${linePrefix(metric, { device, ...labels })}${formatValue(value)}\n`));
}

/** The debug view of a device. */
export function deviceBody(sources: Sources, traps: readonly TrapView[]): AgentDeviceBody {
  const { id, host, snmp } = sources;
  const hostBody = { lastAnswerAtMs: host?.read().atMs, readings: hostReadings(host) };
  const snmpBody: Partial<AgentDeviceBody> & SnmpBody =
    snmp === undefined ? { profiles: [], exchanges: [] } : snmpBodyOf(snmp);
  return defined({
    id,
    isUp: isUp(sources) ?? false,
    ...hostBody,
    ...snmpBody,
    traps,
    readings: [...(snmpBody.readings ?? []), ...hostBody.readings],
  });
}

function snmpBodyOf({ device, session, isOptional }: SnmpSource): Partial<AgentDeviceBody> & SnmpBody {
  const { lastAnswerAtMs, lastError, known } = device.state();
  return defined({
    lastAnswerAtMs,
    lastError,
    // Nobody misses an optional one that has never answered.
    fault: isOptional && lastAnswerAtMs === undefined ? undefined : session.fault(),
    pace: paceOf(device, session),
    profiles: known?.profiles ?? [],
    readings: known && snmpReadings(known),
    exchanges: session.exchanges(),
  });
}

function paceOf(device: PolledDevice, { window, maxObjects }: Session): PaceView {
  const { pausedUntilMs } = device.state();
  const pace: PaceView = { lane: laneOf(device), atOnce: window.size, objects: maxObjects };
  return pausedUntilMs === undefined ? pace : { ...pace, pausedUntilMs };
}

function laneOf(device: PolledDevice): PaceView['lane'] {
  if (!device.state().isFast) return 'ordinary';
  return device.fastAfterMs() === undefined ? 'spared' : 'fast';
}

type SnmpBody = Pick<AgentDeviceBody, 'profiles' | 'exchanges'>;

function snmpReadings({ readings, values, lanes, atMs: polledAtMs, slowAtMs }: Known): readonly Reading[] {
  return readings.flatMap(({ metric, labels, leaf, states }, index) => {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) return [];
    const atMs = lanes[index] === 'slow' ? slowAtMs : polledAtMs;
    return [defined({ metric, labels, value, state: states?.get(value), source: leaf, atMs })];
  });
}

function hostReadings(host: Host | undefined): readonly Reading[] {
  if (host === undefined) return [];
  const { samples, atMs } = host.read();
  return samples.map(({ metric, labels, value }) => ({ metric, labels, value, source: 'host', atMs }));
}
