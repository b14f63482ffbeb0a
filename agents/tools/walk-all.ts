import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Oid } from '../../config/model/oid.ts';
import { TAG } from '../snmp/ber.ts';
import { ERROR_STATUS, newVarBindView, nextVarBind } from '../snmp/codec.ts';
import { compareOids, decodeOid, encodeOid, startsWithOid } from '../snmp/oid.ts';
import { requestOf, tellSilence, type Session } from '../snmp/session.ts';
import type { Outcome } from '../snmp/transport.ts';
import { tryDecodeValue, type SnmpValue } from '../snmp/value.ts';

export interface WalkedObject {
  readonly oid: Oid;
  readonly value: SnmpValue;
}

export interface WalkLimits {
  readonly maxObjects: number;
  readonly isTimeUp: () => boolean;
}

/** What came of walking a tree, and why it ended before its end, if it did. */
export interface WalkedTree {
  readonly objects: readonly WalkedObject[];
  readonly cut?: string;
}

type Answer = Extract<Outcome, { kind: 'answer' }>;

/** Some agents die of long answers; each silence makes the next question smaller. */
const MAX_SILENCES = 3;

interface Way {
  readonly root: Uint8Array;
  readonly objects: WalkedObject[];
  last: Uint8Array;
  repetitions: number;
  silences: number;
}

/**
 * Walks everything below an object, in order. What is not valid is left out.
 * @throws {WatchkeeperError} when the device says nothing at all.
 */
export async function walkAll(session: Session, below: Oid, limits: WalkLimits): Promise<WalkedTree> {
  const root = encodeOid(below);
  const way: Way = {
    root,
    objects: [],
    last: root,
    repetitions: Math.min(25, session.maxRepetitions),
    silences: 0,
  };
  const { objects } = way;
  for (;;) {
    if (objects.length >= limits.maxObjects) return { objects, cut: `after ${objects.length} objects` };
    if (limits.isTimeUp()) return { objects, cut: 'it took too long' };
    const kind = session.access.version === '1' ? 'getNext' : 'getBulk';
    const outcome = await session.exchange(requestOf(session, kind, [way.last], way.repetitions));
    if (outcome.kind !== 'answer') {
      if (isToBeAskedForLess(way, outcome)) continue;
      if (session.answers() === 0) throw new WatchkeeperError('snmp_timeout', tellSilence(outcome));
      return { objects, cut: tellSilence(outcome) };
    }
    if (takeAll(way, outcome)) return { objects };
  }
}

function isToBeAskedForLess(way: Way, { kind }: Exclude<Outcome, Answer>): boolean {
  way.silences += 1;
  way.repetitions = Math.max(1, Math.floor(way.repetitions / 5));
  return kind === 'timeout' && way.silences < MAX_SILENCES;
}

/** Files what an answer holds; answers whether there is no more. */
function takeAll(way: Way, { head, packet }: Answer): boolean {
  way.silences = 0;
  if (head.second === ERROR_STATUS.tooBig && way.repetitions > 1) {
    way.repetitions = Math.max(1, Math.floor(way.repetitions / 2));
    return false;
  }
  if (head.second !== ERROR_STATUS.noError) return true;
  const view = newVarBindView();
  const before = way.last;
  try {
    while (nextVarBind(head.varBinds, view)) {
      const { oidStart, oidEnd, tag } = view;
      if (tag === TAG.endOfMibView || !startsWithOid(packet, oidStart, oidEnd, way.root)) return true;
      const oid = Uint8Array.from(packet.subarray(oidStart, oidEnd));
      // An agent that goes backwards would be walked for ever.
      if (compareOids(oid, way.last) <= 0) return true;
      way.last = oid;
      const value = tryDecodeValue(tag, packet, view.valueStart, view.valueEnd);
      if (value !== undefined) way.objects.push({ oid: decodeOid(oid, 0, oid.length), value });
    }
  } catch {
    // What is behind a place that is not valid is asked for again from there.
  }
  return way.last === before;
}
