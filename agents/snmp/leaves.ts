import { defined } from '../../config/model/defined.ts';
import type { WatchkeeperError } from '../../config/model/errors.ts';
import { ERROR_STATUS, newVarBindView, nextVarBind } from './codec.ts';
import { equalsOid } from './oid.ts';
import { encodeGet, type Access, type Request } from './request.ts';
import { tellSilence, type Budget, type Session } from './session.ts';
import type { Outcome } from './transport.ts';

/** A leaf object that is asked for, with the room that its value takes in an answer. */
export interface Leaf {
  readonly oid: Uint8Array;
  readonly valueBytes: number;
}

/** One GET and the leaves that it asks for, as indexes of a list of leaves. */
export interface PackedGet {
  readonly request: Request;
  readonly leaves: readonly number[];
}

/** An answer of so many objects tells how big others will be. */
const TELLING_LEAVES = 8;

/** Tags and lengths around an object and its value, all in long form. */
const BYTES_AROUND = 8;
/** Version, community, numbers and lengths around the list. */
const BYTES_OF_MESSAGE = 60;

/** Packs leaves into as few GETs as the device's budget allows, in their order. */
export function packLeaves(
  access: Access,
  { maxAnswerBytes, maxObjects, sizeRatio }: Pick<Budget, 'maxAnswerBytes' | 'maxObjects' | 'sizeRatio'>,
  leaves: readonly Leaf[],
  chosen: readonly number[] = [...leaves.keys()],
): PackedGet[] {
  const packed: PackedGet[] = [];
  let open: number[] = [];
  let bytes = BYTES_OF_MESSAGE;
  const close = (): void => {
    if (open.length > 0) packed.push(sharedGet(access, leaves, open));
    open = [];
    bytes = BYTES_OF_MESSAGE;
  };
  for (const index of chosen) {
    const size = answerBytes(leaves[index]);
    if ((bytes + size) * sizeRatio > maxAnswerBytes || open.length >= maxObjects) close();
    open.push(index);
    bytes += size;
  }
  close();
  return packed;
}

/** The GETs of each list of leaves, by who asks and what for. */
const shared = new WeakMap<readonly Leaf[], Map<string, WeakRef<PackedGet>>>();

/** Devices of one plan that are asked in the same way share their GETs: a thousand of them take the memory of one. */
function sharedGet(access: Access, leaves: readonly Leaf[], chosen: readonly number[]): PackedGet {
  const known = shared.get(leaves) ?? new Map<string, WeakRef<PackedGet>>();
  shared.set(leaves, known);
  const community = access.version === '3' ? '' : Buffer.from(access.community).toString('hex');
  const key = [access.version, community, ...chosen].join(' ');
  const get = known.get(key)?.deref() ?? {
    request: encodeGet(access, 'get', oidsOf(leaves, chosen)),
    leaves: chosen,
  };
  known.set(key, new WeakRef(get));
  return get;
}

/** How big the answer to a GET is reckoned to be. */
function reckonedBytes({ leaves: asked }: PackedGet, leaves: readonly Leaf[]): number {
  return asked.reduce((sum, index) => sum + answerBytes(leaves[index]), BYTES_OF_MESSAGE);
}

function answerBytes(leaf: Leaf | undefined): number {
  return leaf === undefined ? 0 : leaf.oid.length + leaf.valueBytes + BYTES_AROUND;
}

function oidsOf(leaves: readonly Leaf[], chosen: readonly number[]): Uint8Array[] {
  return chosen.flatMap((index) => leaves[index]?.oid ?? []);
}

/** Where an answered value stands: its leaf's index, its tag, and its bytes in the packet; the place holds until the next value. */
export type TakeValue = (leaf: number, tag: number, at: ValuePlace) => void;

export interface ValuePlace {
  readonly packet: Uint8Array;
  start: number;
  end: number;
}

/** What came of a round of GETs. */
export interface Round {
  /** Requests that got an answer, be it an error. */
  readonly answers: number;
  /** The first thing that went wrong, in the words of an operator. */
  readonly fault?: Fault;
  /** How big the answers were beside what was reckoned with; 0 when they were too small to tell. */
  readonly sizeRatio: number;
  /** Leaves that the device cannot tell without failing; they were left out of `gets`. */
  readonly refused: readonly number[];
}

export interface Fault {
  readonly code: Extract<WatchkeeperError['code'], `snmp_${string}`>;
  readonly message: string;
}

/**
 * Asks all GETs one after the other and hands out the values. A GET that the device refuses as a whole is parted
 * until only what it cannot tell is left out; `gets` is changed accordingly, so that the next round asks right away
 * as the device bears it. After silence the rest is not asked.
 */
export async function askLeaves(
  session: Session,
  gets: PackedGet[],
  leaves: readonly Leaf[],
  { take, isTimeUp }: { take: TakeValue; isTimeUp: () => boolean },
): Promise<Round> {
  const round: OpenRound = { session, gets, leaves, refused: [], answers: 0, sizeRatio: 0, at: 0 };
  while (round.at < gets.length && round.fault?.code !== 'snmp_timeout') {
    if (isTimeUp()) {
      round.fault ??= { code: 'snmp_timeout', message: 'it answers too slowly: the poll ran out of time' };
      break;
    }
    const width = Math.min(session.window.size, gets.length - round.at);
    const batch = gets.slice(round.at, round.at + width);
    const outcomes = await session.exchangeAll(
      batch.map(({ request }) => request),
      gets.length - round.at - width,
    );
    const silence = outcomes.find((outcome) => outcome.kind !== 'answer');
    // What is lost beside others is asked again; what is lost alone, or all of it, is silence.
    if (silence !== undefined && outcomes.every(({ kind }) => kind !== 'answer')) {
      round.fault ??= silenceFault(silence);
      break;
    }
    for (const outcome of outcomes) takeOutcome(round, outcome, take);
  }
  const { refused, answers, sizeRatio, fault } = round;
  return defined({ answers, refused, sizeRatio, fault });
}

interface OpenRound {
  readonly session: Session;
  readonly gets: PackedGet[];
  readonly leaves: readonly Leaf[];
  readonly refused: number[];
  answers: number;
  sizeRatio: number;
  /** The next GET to ask. */
  at: number;
  fault?: Fault;
}

/** Takes what came of the next GET. One that must be asked again, or in parts, goes behind the others. */
function takeOutcome(round: OpenRound, outcome: Outcome, take: TakeValue): void {
  const { session, gets, leaves, refused, at } = round;
  const get = gets[at];
  if (get === undefined) return;
  if (outcome.kind !== 'answer') {
    gets.splice(at, 1);
    gets.push(get);
    return;
  }
  round.answers += 1;
  const { second: status, third: errorIndex } = outcome.head;
  if (status !== ERROR_STATUS.noError) {
    const parted = partGet(session, get, { status, errorIndex }, leaves);
    refused.push(...parted.refused);
    gets.splice(at, 1);
    gets.push(...parted.gets);
    return;
  }
  const fault = takeValues(get, outcome, take);
  if (fault !== undefined) round.fault = fault;
  else if (get.leaves.length >= TELLING_LEAVES)
    round.sizeRatio = Math.max(round.sizeRatio, outcome.packet.length / reckonedBytes(get, leaves));
  round.at += 1;
}

function silenceFault(outcome: Exclude<Outcome, { kind: 'answer' }>): Fault {
  return { code: silenceCode(outcome), message: tellSilence(outcome) };
}

function silenceCode(outcome: Exclude<Outcome, { kind: 'answer' }>): Fault['code'] {
  if (outcome.kind === 'refused') return 'snmp_refused';
  return outcome.kind === 'timeout' && outcome.note === 'garbage' ? 'snmp_malformed' : 'snmp_timeout';
}

/** Hands out the values of an answer; what is behind a malformed place is lost, what is before it counts. */
function takeValues(
  { request, leaves }: PackedGet,
  { head, packet }: Extract<Outcome, { kind: 'answer' }>,
  take: TakeValue,
): Fault | undefined {
  const view = newVarBindView();
  // One for all values: a thousand devices tell some ten thousand a second.
  const at: ValuePlace = { packet, start: 0, end: 0 };
  const { oids } = request;
  let answered = 0;
  let strangers = 0;
  try {
    for (let place = 0; nextVarBind(head.varBinds, view); place += 1) {
      const index = placeOf(oids, packet, view, place);
      const leaf = leaves[index];
      if (leaf === undefined) strangers += 1;
      else {
        answered += 1;
        at.start = view.valueStart;
        at.end = view.valueEnd;
        take(leaf, view.tag, at);
      }
    }
  } catch {
    return { code: 'snmp_malformed', message: 'an answer is not valid SNMP from some place on' };
  }
  if (strangers > 0)
    return { code: 'snmp_malformed', message: 'an answer tells objects that were not asked' };
  if (answered < oids.length)
    return { code: 'snmp_malformed', message: 'an answer lacks objects that were asked' };
  return undefined;
}

/** Which of the asked objects this is: nearly always the one at the same place. */
function placeOf(
  oids: readonly Uint8Array[],
  packet: Uint8Array,
  { oidStart, oidEnd }: { oidStart: number; oidEnd: number },
  place: number,
): number {
  const expected = oids[place];
  if (expected !== undefined && equalsOid(packet, oidStart, oidEnd, expected)) return place;
  return oids.findIndex((oid) => equalsOid(packet, oidStart, oidEnd, oid));
}

/** Parts a GET that the device refused: without the object that it blames, or in halves. */
function partGet(
  session: Session,
  { leaves: asked }: PackedGet,
  { status, errorIndex }: { status: number; errorIndex: number },
  leaves: readonly Leaf[],
): { gets: PackedGet[]; refused: readonly number[] } {
  if (status === ERROR_STATUS.tooBig && asked.length > 1) {
    const bytes =
      asked.reduce((sum, index) => sum + answerBytes(leaves[index]), BYTES_OF_MESSAGE) * session.sizeRatio;
    session.maxAnswerBytes = Math.min(session.maxAnswerBytes, Math.ceil(bytes / 2));
    session.maxObjects = Math.min(session.maxObjects, Math.ceil(asked.length / 2));
    return { gets: packLeaves(session.access, session, leaves, asked), refused: [] };
  }
  const blamed = asked[errorIndex - 1];
  if (blamed === undefined && asked.length > 1) {
    const half = Math.ceil(asked.length / 2);
    const parts = [asked.slice(0, half), asked.slice(half)];
    return { gets: parts.flatMap((part) => packLeaves(session.access, session, leaves, part)), refused: [] };
  }
  const refused = blamed ?? asked[0];
  const rest = asked.filter((index) => index !== refused);
  return {
    gets: packLeaves(session.access, session, leaves, rest),
    refused: refused === undefined ? [] : [refused],
  };
}
