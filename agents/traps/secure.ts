import { element, integerElement, TAG } from '../snmp/ber.ts';
import { PDU_TAG } from '../snmp/codec.ts';
import { encodeOid } from '../snmp/oid.ts';
import { userOf } from '../snmp/access.ts';
import { afterSigned, believed, WINDOW_SECONDS, type Engine } from '../snmp/v3/engine.ts';
import { localKeys, type LocalKeys } from '../snmp/v3/keys.ts';
import { openV3, type V3Message } from '../snmp/v3/message.ts';
import { ownTime, type OwnEngine } from '../snmp/v3/own-engine.ts';
import { REPORT } from '../snmp/v3/reports.ts';
import { isSignedBy, seal, unseal } from '../snmp/v3/seal.ts';
import type { TrapRefusal } from '../../config/model/traps.ts';
import { forgetFirst } from './bucket.ts';
import type { TrapSender } from './directory.ts';
import { openTrapPdu, type Notification } from './notification.ts';

/** A message of version 3 from one of several possible senders, seen through. */
export type SecureTrap =
  | {
      readonly kind: 'trap';
      readonly sender: TrapSender;
      readonly notification: Notification;
      /** The acknowledgement of an inform. */
      readonly answer?: Uint8Array;
      /** It was heard before: acknowledged again, but not news. */
      readonly isRepeated: boolean;
    }
  | {
      readonly kind: 'refused';
      readonly refusal: TrapRefusal;
      /** What tells the sender of an inform how to go on. */
      readonly answer?: Uint8Array;
      /** It only asked who we are. */
      readonly isSearch?: true;
    };

type Refused = Extract<SecureTrap, { kind: 'refused' }>;

/** Reads messages of version 3 that come unasked: traps, where the sender's engine counts, and informs, where ours does. */
export interface SecureReceiver {
  /** @throws {WatchkeeperError} `snmp_malformed`. */
  receive(packet: Uint8Array, senders: readonly TrapSender[], nowMs: number): SecureTrap;
}

/** Engines whose time is remembered, keys that are, and messages against being played again. */
const MAX_ENGINES = 4_096;
const MAX_KEYS = 4_096;
const MAX_HEARD = 8_192;

interface State {
  readonly own: OwnEngine;
  readonly engines: Map<string, Engine>;
  readonly keys: Map<string, { readonly of: TrapSender; readonly keys: LocalKeys }>;
  readonly heard: Map<string, true>;
}

export function createSecureReceiver(own: OwnEngine): SecureReceiver {
  const state: State = { own, engines: new Map(), keys: new Map(), heard: new Map() };
  return { receive: (packet, senders, nowMs) => receive(state, packet, senders, nowMs) };
}

function receive(
  state: State,
  packet: Uint8Array,
  senders: readonly TrapSender[],
  nowMs: number,
): SecureTrap {
  const message = openV3(packet);
  const isOurs = equal(message.engineId, state.own.id);
  const refuse = (refusal: TrapRefusal, reason: keyof typeof REPORT, keys: LocalKeys = {}): Refused => {
    if (!message.flags.isReportable) return { kind: 'refused', refusal };
    // Who wants to be told of another engine has to find ours first.
    const report = isOurs ? reason : 'unknownEngine';
    return { kind: 'refused', refusal, answer: reportTo(state.own, message, { report, keys, nowMs }) };
  };
  if (message.engineId.length === 0) return { ...refuse('unknown_user', 'unknownEngine'), isSearch: true };
  const sender = senders.find(
    ({ credentials }) => credentials.version === '3' && credentials.user === message.user,
  );
  if (sender === undefined) return refuse('unknown_user', 'unknownUser');
  const keys = keysOf(state, sender, message.engineId);
  if (!isAtLevel(message, keys)) return refuse('wrong_level', 'unsupportedLevel');
  if (keys.auth !== undefined) {
    if (!isSignedBy(keys.auth, packet, message)) return refuse('wrong_password', 'wrongDigest');
    if (!isInTime(state, message, isOurs, nowMs))
      return refuse('wrong_time', 'notInTimeWindow', { auth: keys.auth });
  }
  const scoped = unseal(message, keys);
  const notification = openTrapPdu(scoped.pdu);
  const isRepeated = wasHeard(state, packet, message);
  if (!notification.isInform) {
    if (isRepeated) return { kind: 'refused', refusal: 'replayed' };
    return { kind: 'trap', sender, notification, isRepeated };
  }
  if (!isOurs) return { ...refuse('unknown_user', 'unknownEngine'), isSearch: true };
  const answer = seal({
    ...ourHead(state.own, message, nowMs),
    keys,
    scoped: { ...scoped, pdu: acknowledged(scoped.pdu) },
  });
  return { kind: 'trap', sender, notification, isRepeated, answer };
}

function isAtLevel({ flags }: V3Message, { auth, privacy }: LocalKeys): boolean {
  return flags.isAuthentic === (auth !== undefined) && flags.isPrivate === (privacy !== undefined);
}

/** RFC 3414 section 3.2 step 7: by our own time for informs; by what was heard of the sender's for traps. */
function isInTime(state: State, message: V3Message, isOurs: boolean, nowMs: number): boolean {
  if (isOurs) {
    const distance = Math.abs(message.time - ownTime(state.own, nowMs));
    return message.boots === state.own.boots && distance <= WINDOW_SECONDS;
  }
  const name = nameOf(message.engineId);
  const now = afterSigned(state.engines.get(name) ?? believed(message, nowMs), message, nowMs);
  if (now === undefined) return false;
  state.engines.delete(name);
  state.engines.set(name, now);
  if (state.engines.size > MAX_ENGINES) forgetFirst(state.engines);
  return true;
}

/** Whether just this signed message came before; without a signature one trap is as good as another. */
function wasHeard(
  { heard }: State,
  packet: Uint8Array,
  { flags, codeStart, codeEnd, engineId }: V3Message,
): boolean {
  if (!flags.isAuthentic) return false;
  const name = `${nameOf(engineId)} ${nameOf(packet.subarray(codeStart, codeEnd))}`;
  if (heard.has(name)) return true;
  heard.set(name, true);
  if (heard.size > MAX_HEARD) forgetFirst(heard);
  return false;
}

function keysOf({ keys: known }: State, sender: TrapSender, engineId: Uint8Array): LocalKeys {
  if (sender.credentials.version !== '3') return {};
  const name = `${sender.id} ${nameOf(engineId)}`;
  const kept = known.get(name);
  if (kept?.of === sender) return kept.keys;
  const keys = localKeys(userOf(sender.credentials), engineId);
  known.set(name, { of: sender, keys });
  if (known.size > MAX_KEYS) forgetFirst(known);
  return keys;
}

interface Reporting {
  readonly report: keyof typeof REPORT;
  readonly keys: LocalKeys;
  readonly nowMs: number;
}

/** A report in answer to a message (RFC 3412 section 7.1 step 3). */
function reportTo(own: OwnEngine, message: V3Message, { report, keys, nowMs }: Reporting): Uint8Array {
  const zero = integerElement(TAG.integer, 0);
  const binding = element(
    TAG.sequence,
    element(TAG.oid, encodeOid(REPORT[report])),
    integerElement(TAG.counter32, 1),
  );
  return seal({
    ...ourHead(own, message, nowMs),
    keys,
    scoped: {
      contextEngineId: own.id,
      context: '',
      pdu: element(PDU_TAG.report, zero, zero, zero, element(TAG.sequence, binding)),
    },
  });
}

function ourHead(own: OwnEngine, { messageId, user }: V3Message, nowMs: number) {
  return {
    messageId,
    user,
    isReportable: false,
    engineId: own.id,
    boots: own.boots,
    time: ownTime(own, nowMs),
  };
}

/** The PDU of an inform as its answer, which has the same form (RFC 3416 section 4.2.7). */
function acknowledged(pdu: Uint8Array): Uint8Array {
  const answer = Uint8Array.from(pdu);
  answer[0] = PDU_TAG.response;
  return answer;
}

function nameOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
