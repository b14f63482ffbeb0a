import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { Oid } from '../../config/model/oid.ts';
import type { Profile } from '../../config/model/profile.ts';
import { TAG } from './ber.ts';
import { ERROR_STATUS, newVarBindView, nextVarBind } from './codec.ts';
import { askLeaves, packLeaves, type Leaf } from './leaves.ts';
import { matchProfiles, type Identity } from './match.ts';
import { encodeOid, startsWithOid } from './oid.ts';
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
  const matching =
    named === undefined
      ? matchProfiles(profiles, await identify(session, profiles, isTimeUp))
      : profiles.filter(({ name }) => named.includes(name));
  const { leaves: wanted, columns } = objectsOf(matching);
  const leaves = await getAll(session, wanted, isTimeUp);
  const { columns: walked, notes } = await walkColumns(session, columns, isTimeUp);
  const found = { leaves, columns: walked };
  const readings = readingsOf(matching, found);
  return {
    profiles: matching.map(({ name }) => name),
    info: infoOf(matching, found),
    readings: readings.slice(0, MAX_READINGS),
    changesWith: matching.flatMap(({ changesWith }) => changesWith).filter((oid) => leaves.has(oid)),
    notes:
      readings.length > MAX_READINGS
        ? [`it has ${readings.length} readings; only ${MAX_READINGS} are read`, ...notes]
        : notes,
  };
}

export interface DiscoveryOptions {
  readonly profiles: readonly Profile[];
  readonly named: readonly string[] | undefined;
  readonly isTimeUp: () => boolean;
}

async function identify(
  session: Session,
  profiles: readonly Profile[],
  isTimeUp: () => boolean,
): Promise<Identity> {
  const told = await getAll(session, [SYS_DESCR, SYS_OBJECT_ID], isTimeUp);
  const asked = profiles.flatMap(({ match }) => match.flatMap(({ has }) => has ?? []));
  return {
    descr: textOf(told.get(SYS_DESCR)),
    objectId: textOf(told.get(SYS_OBJECT_ID)),
    has: await findPresent(session, [...new Set(asked)]),
  };
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
