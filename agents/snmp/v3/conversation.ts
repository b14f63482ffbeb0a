import type { Oid } from '../../../config/model/oid.ts';
import type { SnmpFault } from '../../../config/model/snmp.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { malformed } from '../ber.ts';
import { ERROR_STATUS, openPdu, newVarBindView, nextVarBind, PDU_TAG, type PduHead } from '../codec.ts';
import { decodeOid } from '../oid.ts';
import { encodeGet, stampRequestId, type Request } from '../request.ts';
import type { Endpoint, Envelope, Note, Outcome, Patience, Transport } from '../transport.ts';
import { afterSigned, believed, timeAt, type Engine } from './engine.ts';
import { localKeys, type LocalKeys, type User } from './keys.ts';
import { openV3, type V3Message } from './message.ts';
import { faultOfReport, REPORT } from './reports.ts';
import { isSignedBy, seal, unseal } from './seal.ts';

/** A device asked in version 3: finds out its engine and its time, signs, encrypts, and checks what comes. */
export interface Conversation {
  exchange(to: Endpoint, request: Request, patience: Patience): Promise<Outcome>;
  /** How often the device's engine has started; `undefined` while nothing is known of it. */
  boots(): number | undefined;
}

export interface ConversationOptions {
  readonly user: User;
  readonly context: string;
  /** Absent: that of the device itself. */
  readonly contextEngineId?: Uint8Array;
}

interface Deps {
  readonly clock: Clock;
  readonly transport: Pick<Transport, 'exchangeSealed'>;
}

/** What a message that came back is. */
type Opened =
  | { readonly kind: 'answer'; readonly head: PduHead; readonly packet: Uint8Array }
  | { readonly kind: 'report'; readonly oid: Oid; readonly message: V3Message };

/** Finding the engine, its time, and asking; once more for each, if the device changed in between. */
const MAX_STEPS = 5;
/** A device that was changed for another may keep silent to the engine id of the one before. */
const SILENCES_UNTIL_FORGOTTEN = 2;

/** What goes on between us and one device. */
interface Talk extends ConversationOptions, Deps {
  engine: Engine | undefined;
  keys: LocalKeys;
  silences: number;
}

export function createConversation(options: ConversationOptions, deps: Deps): Conversation {
  const talk: Talk = { ...options, ...deps, engine: undefined, keys: {}, silences: 0 };
  return {
    boots: () => talk.engine?.boots,
    async exchange(to, request, patience) {
      const reported = new Set<Oid>();
      let isFound = false;
      for (let step = 0; step < MAX_STEPS; step += 1) {
        const isSeeking = talk.engine === undefined;
        const came = await talk.transport.exchangeSealed(to, envelopeOf(talk, request), patience);
        if (came.kind === 'timeout') {
          const silence = afterSilence(talk, came, isFound);
          const isPrivacy = silence.note === 'silent_to_user' && (await isKnownSigned(talk, to, patience));
          return isPrivacy ? { kind: 'refused', fault: 'wrong_privacy' } : silence;
        }
        if (came.kind !== 'report') return came;
        const fault = afterReport(talk, came, reported);
        if (fault !== undefined) return { kind: 'refused', fault };
        isFound ||= isSeeking;
      }
      return { kind: 'refused', fault: 'refused' };
    },
  };
}

type Silence = Extract<Outcome, { kind: 'timeout' }>;

function afterSilence(talk: Talk, outcome: Silence, isFound: boolean): Silence {
  talk.silences += 1;
  if (talk.silences >= SILENCES_UNTIL_FORGOTTEN) {
    talk.engine = undefined;
    talk.silences = 0;
  }
  return isFound && outcome.note === undefined ? { kind: 'timeout', note: 'silent_to_user' } : outcome;
}

/**
 * Whether the device knows the user when nothing is encrypted. Many agents keep silent where they cannot decrypt; an empty question that
 * is only signed tells that from a wrong user.
 */
async function isKnownSigned(talk: Talk, to: Endpoint, { timeoutMs }: Patience): Promise<boolean> {
  const { auth, privacy } = talk.keys;
  if (auth === undefined || privacy === undefined) return false;
  const signed: Talk = { ...talk, keys: { auth } };
  const came = await talk.transport.exchangeSealed(to, envelopeOf(signed, nothing()), {
    timeoutMs,
    retries: 0,
  });
  if (came.kind === 'answer') return true;
  return came.kind === 'report' && faultOfReport(came.oid) === 'unsupported_level';
}

/** Learns from a report; answers the fault when there is nothing to learn, or it was said before. */
function afterReport(
  talk: Talk,
  { oid, message }: Extract<Opened, { kind: 'report' }>,
  reported: Set<Oid>,
): SnmpFault | undefined {
  const isNews = !reported.has(oid);
  reported.add(oid);
  const nowMs = talk.clock.nowMs();
  if (oid === REPORT.unknownEngine && isNews) {
    meet(talk, believed(message, nowMs));
    return undefined;
  }
  if (oid === REPORT.notInTimeWindow && isNews) {
    // A signed one has told its time already; what is not signed only helps to ask again.
    if (talk.engine?.isProven !== true || !message.flags.isAuthentic) talk.engine = believed(message, nowMs);
    return undefined;
  }
  return faultOfReport(oid);
}

function meet(talk: Talk, engine: Engine): void {
  const isSame = talk.engine !== undefined && Buffer.compare(talk.engine.id, engine.id) === 0;
  if (!isSame) talk.keys = localKeys(talk.user, engine.id);
  talk.engine = engine;
}

function envelopeOf(talk: Talk, request: Request): Envelope<Opened> {
  const { engine } = talk;
  return {
    seal(messageId) {
      if (engine === undefined) return search(messageId);
      stampRequestId(request, messageId);
      const { boots, id } = engine;
      return seal({
        messageId,
        isReportable: true,
        engineId: id,
        boots,
        time: timeAt(engine, talk.clock.nowMs()),
        user: talk.user.name,
        keys: talk.keys,
        scoped: {
          contextEngineId: talk.contextEngineId ?? id,
          context: talk.context,
          pdu: request.bytes,
        },
      });
    },
    open: (packet, messageId) => open(talk, packet, messageId),
  };
}

/** A question for no object. */
function nothing(): Request {
  return encodeGet({ version: '3' }, 'get', []);
}

/** RFC 3414 section 4: a question to nobody is answered by a report that names the engine. */
function search(messageId: number): Uint8Array {
  const none = new Uint8Array(0);
  const request = nothing();
  stampRequestId(request, messageId);
  return seal({
    messageId,
    isReportable: true,
    engineId: none,
    boots: 0,
    time: 0,
    user: '',
    keys: {},
    scoped: { contextEngineId: none, context: '', pdu: request.bytes },
  });
}

/** Reads what came: only what is signed and encrypted as the question was is an answer; a report may be less. */
function open(talk: Talk, packet: Uint8Array, messageId: number): Opened | Note {
  const message = openV3(packet);
  const { isAuthentic, isPrivate } = message.flags;
  if (isAuthentic && !isProof(talk, packet, message)) return 'unauthentic';
  const { pdu } = unseal(message, talk.keys);
  const head = openPdu(pdu);
  if (head.pduTag === PDU_TAG.report) return { kind: 'report', oid: firstOid(head), message };
  const { auth, privacy } = talk.keys;
  const isAtLevel = isAuthentic === (auth !== undefined) && isPrivate === (privacy !== undefined);
  if (!isAtLevel || !isFromEngine(talk, message)) return 'unauthentic';
  if (head.pduTag !== PDU_TAG.response || head.requestId !== messageId) return 'foreign';
  if (!isAuthentic) talk.engine = believed(message, talk.clock.nowMs());
  talk.silences = 0;
  return { kind: 'answer', head, packet: pdu };
}

function isFromEngine({ engine, user }: Talk, message: V3Message): boolean {
  return (
    engine !== undefined && Buffer.compare(message.engineId, engine.id) === 0 && message.user === user.name
  );
}

/** Whether the message is signed with the user's key and is not old; then it tells the engine's time. */
function isProof(talk: Talk, packet: Uint8Array, message: V3Message): boolean {
  const { engine, keys } = talk;
  if (engine === undefined || keys.auth === undefined || !isFromEngine(talk, message)) return false;
  if (!isSignedBy(keys.auth, packet, message)) return false;
  const now = afterSigned(engine, message, talk.clock.nowMs());
  if (now === undefined) return false;
  talk.engine = now;
  return true;
}

function firstOid({ varBinds }: PduHead): Oid {
  const view = newVarBindView();
  if (!nextVarBind(varBinds, view)) malformed('a report says nothing');
  return decodeOid(varBinds.bytes, view.oidStart, view.oidEnd);
}

/** What an answer says to who may read nothing; agents say it of the whole message. */
export function isDenied({ second }: PduHead): boolean {
  return second === ERROR_STATUS.authorizationError || second === ERROR_STATUS.noAccess;
}
