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
  type AppendBlock,
  type Lines,
  type PageSource,
} from './page/text.ts';
import type { SnmpCredentials } from '../config/snmp-access.ts';
import type { TrapView } from '../config/model/traps.ts';
import type { DeviceState, Known, PolledDevice } from './snmp/device.ts';
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
  return new DevicePage(sources);
}

/** A class, for each of a thousand devices has one. */
class DevicePage implements PageSource {
  readonly #sources: Sources;
  /** As it stands between quotes. */
  readonly #name: Uint8Array;
  /** Of `device_info`, and what it was made of. */
  #info: Lines | undefined;
  #infoOf: Labels | undefined;
  #hostInfoOf: Labels | undefined;

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#name = quotedName(sources.id);
  }

  write(append: Append, appendBlock: AppendBlock): void {
    const { id, host, snmp } = this.#sources;
    const isAnswering = isUp(this.#sources);
    if (isAnswering !== undefined) append('device_up', new DeviceLine(UP, this.#name, isAnswering ? 1 : 0));
    const state = snmp?.device.state();
    if (state !== undefined) this.#writePolled(state, append, appendBlock);
    const info = this.#infoNow(state?.known?.info, host?.read().info);
    if (info !== undefined) append('device_info', info);
    if (host !== undefined) writeHost(id, host, append);
  }

  /** What the device tells over SNMP. */
  #writePolled(
    { isUp: isAnswering, pollDurationMs, known }: DeviceState,
    append: Append,
    appendBlock: AppendBlock,
  ): void {
    const duration = new DeviceLine(POLL_DURATION, this.#name, pollDurationMs / 1000);
    if (isAnswering) append('device_poll_duration_seconds', duration);
    if (known !== undefined) appendBlock(blockOf(this.#name, known.readings, known.values));
  }

  /** Made anew only when the device says something else of itself. */
  #infoNow(snmp: Labels | undefined, host: Labels | undefined): Lines | undefined {
    if (this.#infoOf === snmp && this.#hostInfoOf === host) return this.#info;
    this.#infoOf = snmp;
    this.#hostInfoOf = host;
    // This machine knows itself best.
    const info = { ...snmp, ...host };
    const isKnown = Object.keys(info).length > 0;
    this.#info = isKnown
      ? fixedLines(`${linePrefix('device_info', { device: this.#sources.id, ...info })}1\n`)
      : undefined;
    return this.#info;
  }
}

const UP = Buffer.from('device_up{device="');
const POLL_DURATION = Buffer.from('device_poll_duration_seconds{device="');
const BEHIND_NAME = Buffer.from('"} ');

/** A series of a device that has no other label. */
class DeviceLine implements Lines {
  readonly #before: Uint8Array;
  readonly #name: Uint8Array;
  readonly #value: number;

  constructor(before: Uint8Array, name: Uint8Array, value: number) {
    this.#before = before;
    this.#name = name;
    this.#value = value;
  }

  write(page: PageBytes): void {
    page.raw(this.#before);
    page.raw(this.#name);
    page.raw(BEHIND_NAME);
    page.value(this.#value);
  }
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
