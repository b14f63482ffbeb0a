import type { AgentDeviceBody } from '../config/model/agent-api.ts';
import { defined } from '../config/model/defined.ts';
import type { Labels } from '../config/model/labels.ts';
import type { Reading } from '../config/model/sample.ts';
import type { Host } from './host/host.ts';
import { createBlock } from './page/readings.ts';
import { formatValue, linePrefix, type Append, type PageSource } from './page/text.ts';
import type { Known, PolledDevice } from './snmp/device.ts';
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
  const up = linePrefix('device_up', { device: id });
  const duration = linePrefix('device_poll_duration_seconds', { device: id });
  let block: { of: Known['readings']; write: ReturnType<typeof createBlock> } | undefined;

  const readings = (known: Known): PageSource => {
    if (block?.of !== known.readings) block = { of: known.readings, write: createBlock(id, known.readings) };
    return block.write(known.values);
  };
  return {
    write(append) {
      const answers = isUp(sources);
      if (answers !== undefined) append('device_up', `${up}${answers ? 1 : 0}\n`);
      const state = snmp?.device.state();
      if (state?.isUp === true)
        append('device_poll_duration_seconds', `${duration}${formatValue(state.pollDurationMs / 1000)}\n`);
      const info = infoOf(sources);
      if (Object.keys(info).length > 0)
        append('device_info', `${linePrefix('device_info', { device: id, ...info })}1\n`);
      if (state?.known !== undefined) readings(state.known).write(append);
      if (host !== undefined) writeHost(id, host, append);
    },
  };
}

/** What is known of the device itself; this machine knows itself best. */
function infoOf({ host, snmp }: Sources): Labels {
  return { ...snmp?.device.state().known?.info, ...host?.read().info };
}

function writeHost(device: string, host: Host, append: Append): void {
  for (const { metric, labels, value } of host.read().samples)
    append(metric, `${linePrefix(metric, { device, ...labels })}${formatValue(value)}\n`);
}

/** The debug view of a device. */
export function deviceBody(sources: Sources): AgentDeviceBody {
  const { id, host, snmp } = sources;
  const hostBody = { lastAnswerAtMs: host?.read().atMs, readings: hostReadings(host) };
  const snmpBody: Partial<AgentDeviceBody> & SnmpBody =
    snmp === undefined ? { profiles: [], exchanges: [] } : snmpBodyOf(snmp);
  return defined({
    id,
    isUp: isUp(sources) ?? false,
    ...hostBody,
    ...snmpBody,
    readings: [...(snmpBody.readings ?? []), ...hostBody.readings],
  });
}

function snmpBodyOf({ device, session }: SnmpSource): Partial<AgentDeviceBody> & SnmpBody {
  const { lastAnswerAtMs, lastError, known } = device.state();
  return defined({
    lastAnswerAtMs,
    lastError,
    profiles: known?.profiles ?? [],
    readings: known && snmpReadings(known),
    exchanges: session.exchanges(),
  });
}

type SnmpBody = Pick<AgentDeviceBody, 'profiles' | 'exchanges'>;

function snmpReadings({ readings, values, atMs }: Known): readonly Reading[] {
  return readings.flatMap(({ metric, labels, leaf, states }, index) => {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) return [];
    return [defined({ metric, labels, value, state: states?.get(value), source: leaf, atMs })];
  });
}

function hostReadings(host: Host | undefined): readonly Reading[] {
  if (host === undefined) return [];
  const { samples, atMs } = host.read();
  return samples.map(({ metric, labels, value }) => ({ metric, labels, value, source: 'host', atMs }));
}
