import { messageOf } from '../../config/model/errors.ts';
import { defined } from '../../config/model/defined.ts';
import type { Labels } from '../../config/model/labels.ts';
import { metricOf, METRICS, type Unit } from '../../config/model/metrics.ts';
import type { Oid } from '../../config/model/oid.ts';
import type { Profile, ProfileMatch } from '../../config/model/profile.ts';
import type { SnmpFault } from '../../config/model/snmp.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { createPolledDevice, type Known } from '../snmp/device.ts';
import { identify } from '../snmp/discovery.ts';
import { fittingMatch } from '../snmp/match.ts';
import { createPlanner } from '../snmp/plan.ts';
import type { Session } from '../snmp/session.ts';
import type { SilentReading } from '../snmp/silence.ts';

/** Everything that a device tells. */
export interface ProbeReport {
  readonly descr: string;
  readonly objectId: Oid;
  readonly info: Labels;
  /** In the order of precedence. */
  readonly profiles: readonly { readonly name: string; readonly title: string; readonly why: string }[];
  readonly readings: readonly ProbeReading[];
  /** Readings that the device has, but tells nothing for now, and why. */
  readonly silent: readonly SilentReading[];
  /** What could not be read. */
  readonly note?: string;
}

export interface ProbeReading {
  readonly metric: string;
  readonly labels: Labels;
  readonly value: number;
  readonly unit: Unit;
  readonly state?: string;
  readonly source: Oid;
}

/** Why there is no report. */
export interface ProbeFailure {
  readonly fault?: SnmpFault;
  readonly message: string;
}

const POLL_DEADLINE_MS = 60_000;
const IDENTIFY_DEADLINE_MS = 60_000;

/** Finds out what a device is and reads all of it once. */
export async function probe(
  session: Session,
  profiles: readonly Profile[],
  clock: Clock,
): Promise<ProbeReport | ProbeFailure> {
  const endAtMs = clock.nowMs() + IDENTIFY_DEADLINE_MS;
  try {
    const identity = await identify(session, profiles, () => clock.nowMs() >= endAtMs);
    const device = createPolledDevice({
      id: 'probed',
      session,
      profiles,
      named: undefined,
      planOf: createPlanner(),
      pollDeadlineMs: POLL_DEADLINE_MS,
      clock,
    });
    await device.poll();
    const { known, lastError } = device.state();
    if (known === undefined) return failure(session, lastError ?? 'it tells nothing');
    const { descr, objectId } = identity;
    const serving = known.profiles.map((name) => {
      const alike = profiles.filter((profile) => profile.name === name);
      const match = alike.map((profile) => fittingMatch(profile, identity)).find((one) => one !== undefined);
      return { name, title: alike[0]?.title ?? '', why: tellMatch(match) };
    });
    return defined({
      descr,
      objectId,
      info: known.info,
      profiles: serving,
      readings: readingsOf(known),
      silent: device.silentReadings(),
      note: lastError,
    });
  } catch (error) {
    return failure(session, messageOf(error));
  }
}

function failure(session: Session, message: string): ProbeFailure {
  return defined({ fault: session.fault(), message });
}

function readingsOf({ readings, values }: Known): readonly ProbeReading[] {
  const told = readings.flatMap(({ metric, labels, leaf, states }, index) => {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) return [];
    const unit = metricOf(metric)?.unit ?? 'none';
    return [defined({ metric, labels, value, unit, state: states?.get(value), source: leaf })];
  });
  const places = new Map(Object.keys(METRICS).map((name, place) => [name, place]));
  const place = (metric: string): number => places.get(metric) ?? places.size;
  return told.sort((a, b) => place(a.metric) - place(b.metric));
}

function tellMatch(match: ProfileMatch | undefined): string {
  const parts = [
    match?.objectId === undefined ? [] : [`sysObjectID begins with ${match.objectId}`],
    match?.descr === undefined ? [] : [`sysDescr has ${String(match.descr)}`],
    match?.has === undefined ? [] : [`it has something below ${match.has}`],
  ];
  return parts.flat().join(', ');
}
