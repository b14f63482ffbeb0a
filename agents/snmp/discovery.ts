import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Labels } from '../../config/model/labels.ts';
import { MAX_ARC, type Oid } from '../../config/model/oid.ts';
import type { ClosedProfile, Profile, ProfileSummary } from '../../config/model/profile.ts';
import { TAG } from './ber.ts';
import { ERROR_STATUS, newVarBindView, nextVarBind } from './codec.ts';
import { askLeaves, packLeaves, type Leaf } from './leaves.ts';
import { ENTERPRISES, matchProfiles, openQuestions, vendorOf, type Identity } from './match.ts';
import { decodeOid, encodeOid, startsWithOid } from './oid.ts';
import { walkedFor, withStars } from './row.ts';
import { infoOf, objectsOf, readingsOf, type FoundReading } from './rows.ts';
import { requestOf, tellSilence, type Session } from './session.ts';
import type { Outcome } from './transport.ts';
import { isPresent, textOf, tryDecodeValue, type SnmpValue } from './value.ts';
import { walkColumns } from './walk.ts';

/** What a device is and what it has, found by exploring it. */
export interface Discovery {
  readonly profiles: readonly string[];
  /** The labels of `device_info`. */
  readonly info: Labels;
  readonly readings: readonly FoundReading[];
  /** Objects whose change means that there are other rows. */
  readonly changesWith: readonly Oid[];
  /** What could not be read, and why. */
  readonly notes: readonly string[];
}

const SYS_DESCR = '1.3.6.1.2.1.1.1.0';
const SYS_OBJECT_ID = '1.3.6.1.2.1.1.2.0';
const OBJECTS_AT_ONCE = 16;
/** A device of one vendor speaks for two or three; more is a device that makes them up. */
const MAX_VENDORS = 24;
/** A switch of nearly a thousand ports. A device that makes up more must not crowd the others out. */
export const MAX_READINGS = 10_000;
/** Room for a value of which nothing is known yet. */
const UNKNOWN_VALUE_BYTES = 40;

/**
 * Explores a device: which profiles serve it, and which rows it has. Profiles named by the site are taken instead of those that match.
 * @throws {WatchkeeperError} `snmp_timeout` when it does not answer, or not to the end.
 */
export async function discover(
  session: Session,
  { profiles, named, isTimeUp }: DiscoveryOptions,
): Promise<Discovery> {
  const serving =
    named === undefined
      ? matchProfiles(profiles, await identify(session, profiles, isTimeUp))
      : profiles.filter(({ name }) => named.includes(name));
  const matching = await Promise.all(serving.map(wholeOf));
  const { leaves: wanted, columns } = objectsOf(matching);
  const leaves = await getAll(session, wanted, isTimeUp);
  const { columns: walked, notes } = await walkColumns(
    session,
    [...new Set(columns.map(walkedFor))],
    isTimeUp,
  );
  const found = { leaves, columns: withStars(walked, columns) };
  const readings = readingsOf(matching, found);
  return {
    // One of several roots is as many profiles of one name.
    profiles: [...new Set(matching.map(({ name }) => name))],
    info: infoOf(matching, found),
    readings: readings.slice(0, MAX_READINGS),
    changesWith: matching.flatMap(({ changesWith }) => changesWith).filter((oid) => leaves.has(oid)),
    notes:
      readings.length > MAX_READINGS
        ? [`it has ${readings.length} readings; only ${MAX_READINGS} are read`, ...notes]
        : notes,
  };
}

/** A profile, or one that is read when it serves a device. */
export type SomeProfile = Profile | ClosedProfile;

async function wholeOf(profile: SomeProfile): Promise<Profile> {
  if ('rules' in profile) return profile;
  const { name, title, match } = profile;
  return { name, title, match, ...(await profile.read()) };
}

export interface DiscoveryOptions {
  readonly profiles: readonly SomeProfile[];
  readonly named: readonly string[] | undefined;
  readonly isTimeUp: () => boolean;
}

/**
 * What tells a device's family.
 * @throws {WatchkeeperError} `snmp_timeout` or `snmp_refused` when it does not answer.
 */
export async function identify(
  session: Session,
  profiles: readonly ProfileSummary[],
  isTimeUp: () => boolean,
): Promise<Identity> {
  const told = await getAll(session, [SYS_DESCR, SYS_OBJECT_ID], isTimeUp);
  const descr = textOf(told.get(SYS_DESCR));
  const objectId = textOf(told.get(SYS_OBJECT_ID));
  const vendors = await findVendors(session, isTimeUp);
  const asked = profiles.flatMap(({ match }) => openQuestions(match, { objectId, descr, vendors }));
  return { descr, objectId, has: await findPresent(session, [...new Set(asked)]) };
}

/** The values of those leaves that the device has. */
async function getAll(
  session: Session,
  oids: readonly Oid[],
  isTimeUp: () => boolean,
): Promise<ReadonlyMap<Oid, SnmpValue>> {
  const leaves = oids.map((oid): Leaf => ({ oid: encodeOid(oid), valueBytes: UNKNOWN_VALUE_BYTES }));
  const found = new Map<Oid, SnmpValue>();
  const round = await askLeaves(session, packLeaves(session.access, session, leaves), leaves, {
    isTimeUp,
    take(leaf, tag, { packet, start, end }) {
      const value = tryDecodeValue(tag, packet, start, end);
      const oid = oids[leaf];
      if (oid !== undefined && isPresent(value)) found.set(oid, value);
    },
  });
  if (round.fault?.code === 'snmp_timeout' || (round.answers === 0 && round.fault !== undefined))
    throw new WatchkeeperError(round.fault.code, round.fault.message);
  return found;
}

/** Those objects below which the device has something: the next object behind each tells. */
async function findPresent(
  session: Session,
  oids: readonly Oid[],
  width = Math.min(OBJECTS_AT_ONCE, session.maxObjects),
): Promise<ReadonlySet<Oid>> {
  const present = new Set<Oid>();
  for (let at = 0; at < oids.length; at += width) {
    const batch = oids.slice(at, at + width);
    const outcome = await session.exchange(requestOf(session, 'getNext', batch.map(encodeOid)));
    if (outcome.kind !== 'answer') throw new WatchkeeperError('snmp_timeout', tellSilence(outcome));
    // Version 1 refuses all for the one behind which there is nothing: one by one, then.
    const isRefused = outcome.head.second !== ERROR_STATUS.noError;
    const landed = isRefused
      ? batch.length > 1
        ? await findPresent(session, batch, 1)
        : []
      : landedBelow(batch, outcome);
    for (const oid of landed) present.add(oid);
  }
  return present;
}

/**
 * The vendors below whose number the device has something, found by going from each to the next. Hundreds of profiles know their
 * devices by a table of one of them, and a device bears few questions.
 */
async function findVendors(session: Session, isTimeUp: () => boolean): Promise<ReadonlySet<Oid>> {
  const vendors = new Set<Oid>();
  let behind = ENTERPRISES;
  while (vendors.size < MAX_VENDORS && !isTimeUp()) {
    const outcome = await session.exchange(requestOf(session, 'getNext', [encodeOid(behind)]));
    if (outcome.kind !== 'answer') throw new WatchkeeperError('snmp_timeout', tellSilence(outcome));
    const next = vendorTold(outcome);
    if (next === undefined || vendors.has(next)) break;
    vendors.add(next);
    const number = Number(next.slice(ENTERPRISES.length + 1));
    // The number behind it may be the next vendor's own: what is asked is what comes after its last object.
    behind = `${ENTERPRISES}.${number}.${MAX_ARC}`;
  }
  return vendors;
}

function vendorTold({ head, packet }: Extract<Outcome, { kind: 'answer' }>): Oid | undefined {
  const view = newVarBindView();
  if (head.second !== ERROR_STATUS.noError || !nextVarBind(head.varBinds, view)) return undefined;
  if (view.tag === TAG.endOfMibView) return undefined;
  return vendorOf(decodeOid(packet, view.oidStart, view.oidEnd));
}

/** Those of the objects asked behind that the answer stays below. */
function landedBelow(
  asked: readonly Oid[],
  { head, packet }: Extract<Outcome, { kind: 'answer' }>,
): readonly Oid[] {
  const view = newVarBindView();
  return asked.filter(
    (oid) =>
      nextVarBind(head.varBinds, view) &&
      view.tag !== TAG.endOfMibView &&
      startsWithOid(packet, view.oidStart, view.oidEnd, encodeOid(oid)),
  );
}
