import type { ExchangeView } from '../../config/model/api.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { SnmpFault } from '../../config/model/snmp.ts';
import { createExchangeLog, type Told } from './exchange-log.ts';
import { tellFault } from './faults.ts';
import { encodeGet, encodeGetBulk, type Access, type Request } from './request.ts';
import type { LookUp } from './endpoint.ts';
import type { Outcome, Patience, Transport } from './transport.ts';
import { createConversation, isDenied, type ConversationOptions } from './v3/conversation.ts';
import { adapt, newWindow, type Window } from './window.ts';

/** The conversation with one device: how it is asked, what it bears, and what was said last. */
export interface Session extends Budget {
  readonly access: Access;
  exchange(request: Request, patience?: Patience): Promise<Outcome>;
  /** Sends requests at once and waits for all; `waiting` are still to come. The window learns from it. */
  exchangeAll(requests: readonly Request[], waiting: number): Promise<readonly Outcome[]>;
  /** How many answers there have been. */
  answers(): number;
  /** Why the last request got no usable answer; `undefined` when it got one. */
  fault(): SnmpFault | undefined;
  /** How often the device's engine has started, which only version 3 tells. */
  boots(): number | undefined;
  /** The latest exchanges, newest first. */
  exchanges(): readonly ExchangeView[];
}

/** What a device bears; it shrinks when the device says that an answer is too big, and is kept while the agent runs. */
export interface Budget {
  maxAnswerBytes: number;
  /** Objects in one answer, for agents that cut answers off or have slow ones. */
  maxObjects: number;
  /** Rows in one answer of a walk. */
  maxRepetitions: number;
  /** How big answers really are beside what was reckoned with. */
  sizeRatio: number;
  /** How many requests it bears at once. */
  readonly window: Window;
}

/** An answer of this size passes every network unfragmented. */
const MAX_ANSWER_BYTES = 1_400;
const MAX_OBJECTS = 100;
/** What version 3 takes of it around the PDU. */
const V3_BYTES = 120;
const MAX_REPETITIONS = 50;
const EXCHANGES_KEPT = 16;

export interface SessionOptions {
  readonly endpoint: LookUp;
  readonly access: Access | SecureAccess;
  readonly patience: Patience;
  readonly maxRepetitions?: number | undefined;
}

/** Version 3: as whom it is asked. */
export interface SecureAccess extends ConversationOptions {
  readonly version: '3';
}

export function createSession(
  { endpoint, access, patience, maxRepetitions = MAX_REPETITIONS }: SessionOptions,
  { clock, transport, countOutcome }: SessionDeps,
): Session {
  const log = createExchangeLog(EXCHANGES_KEPT);
  const window = newWindow();
  const secure = 'user' in access ? createConversation(access, { clock, transport }) : undefined;
  let answers = 0;
  let fault: SnmpFault | undefined;
  const exchange = async (request: Request, ownPatience = patience): Promise<Outcome> => {
    const atMs = clock.nowMs();
    const to = await endpoint();
    const outcome: Outcome =
      typeof to === 'string'
        ? { kind: 'unsent', message: to }
        : await (secure ?? transport).exchange(to, request, ownPatience);
    if (outcome.kind === 'answer') answers += 1;
    fault = faultOf(outcome);
    countOutcome(outcome);
    log.add({ atMs, durationMs: clock.nowMs() - atMs, request, outcome: tellOutcome(outcome) });
    return outcome;
  };
  return {
    access: secure === undefined ? access : { version: '3' },
    maxAnswerBytes: MAX_ANSWER_BYTES - (secure === undefined ? 0 : V3_BYTES),
    maxObjects: MAX_OBJECTS,
    maxRepetitions,
    sizeRatio: 1,
    window,
    exchange,
    async exchangeAll(requests, waiting) {
      const startMs = clock.nowMs();
      const [first] = requests;
      // Nearly every device is asked one thing at a time.
      const outcomes =
        requests.length === 1 && first !== undefined
          ? [await exchange(first)]
          : await Promise.all(requests.map((request) => exchange(request)));
      const durationMs = clock.nowMs() - startMs;
      const isWhole = durationMs < patience.timeoutMs && outcomes.every(({ kind }) => kind === 'answer');
      // One that is lost alone says nothing of how many it bears.
      if (isWhole || requests.length > 1) adapt(window, { durationMs, isWhole, waiting });
      return outcomes;
    },
    answers: () => answers,
    fault: () => fault,
    boots: () => secure?.boots(),
    exchanges: () => log.views(),
  };
}

interface SessionDeps {
  readonly clock: Clock;
  readonly transport: Pick<Transport, 'exchange' | 'exchangeSealed'>;
  readonly countOutcome: (outcome: Outcome) => void;
}

function tellOutcome(outcome: Outcome): Told {
  if (outcome.kind !== 'answer') return tellSilence(outcome);
  const { second: status, third: object } = outcome.head;
  return { bytes: outcome.packet.length, status, object };
}

function faultOf(outcome: Outcome): SnmpFault | undefined {
  switch (outcome.kind) {
    case 'answer':
      return isDenied(outcome.head) ? 'no_access' : undefined;
    case 'timeout':
      return outcome.note ?? 'no_answer';
    case 'unsent':
      return 'unsent';
    case 'refused':
      return outcome.fault;
  }
  return outcome satisfies never;
}

/** Why there is no answer, in the words of an operator. */
export function tellSilence(outcome: Exclude<Outcome, { kind: 'answer' }>): string {
  if (outcome.kind === 'unsent') return `could not be asked: ${outcome.message}`;
  return tellFault(outcome.kind === 'refused' ? outcome.fault : (outcome.note ?? 'no_answer'));
}

/** Few objects whose numbers change from request to request; a plan of polls encodes its own once. */
export function requestOf(
  { access }: Session,
  kind: Request['kind'],
  oids: readonly Uint8Array[],
  maxRepetitions = 1,
): Request {
  return kind === 'getBulk' ? encodeGetBulk(access, oids, maxRepetitions) : encodeGet(access, kind, oids);
}
