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

export function createSession(options: SessionOptions, deps: SessionDeps): Session {
  return new OneSession(options, deps);
}

/** A class, for each of a thousand devices has one. */
class OneSession implements Session {
  readonly access: Access;
  readonly window = newWindow();
  readonly maxRepetitions: number;
  maxAnswerBytes: number;
  maxObjects = MAX_OBJECTS;
  sizeRatio = 1;
  readonly #endpoint: LookUp;
  readonly #patience: Patience;
  readonly #deps: SessionDeps;
  readonly #secure: ReturnType<typeof createConversation> | undefined;
  readonly #log = createExchangeLog(EXCHANGES_KEPT);
  #answers = 0;
  #fault: SnmpFault | undefined;

  constructor(
    { endpoint, access, patience, maxRepetitions = MAX_REPETITIONS }: SessionOptions,
    deps: SessionDeps,
  ) {
    this.#endpoint = endpoint;
    this.#patience = patience;
    this.#deps = deps;
    this.#secure = 'user' in access ? createConversation(access, deps) : undefined;
    this.access = 'user' in access ? { version: '3' } : access;
    this.maxAnswerBytes = MAX_ANSWER_BYTES - ('user' in access ? V3_BYTES : 0);
    this.maxRepetitions = maxRepetitions;
  }

  async exchange(request: Request, patience = this.#patience): Promise<Outcome> {
    const { clock, transport, countOutcome } = this.#deps;
    const atMs = clock.nowMs();
    const to = await this.#endpoint();
    const outcome: Outcome =
      typeof to === 'string'
        ? { kind: 'unsent', message: to }
        : await (this.#secure ?? transport).exchange(to, request, patience);
    if (outcome.kind === 'answer') this.#answers += 1;
    this.#fault = faultOf(outcome);
    countOutcome(outcome);
    this.#log.add({ atMs, durationMs: clock.nowMs() - atMs, request, outcome: tellOutcome(outcome) });
    return outcome;
  }

  async exchangeAll(requests: readonly Request[], waiting: number): Promise<readonly Outcome[]> {
    const { clock } = this.#deps;
    const startMs = clock.nowMs();
    const [first] = requests;
    // Nearly every device is asked one thing at a time.
    const outcomes =
      requests.length === 1 && first !== undefined
        ? [await this.exchange(first)]
        : await Promise.all(requests.map((request) => this.exchange(request)));
    const durationMs = clock.nowMs() - startMs;
    const isWhole = durationMs < this.#patience.timeoutMs && outcomes.every(({ kind }) => kind === 'answer');
    // One that is lost alone says nothing of how many it bears.
    if (isWhole || requests.length > 1) adapt(this.window, { durationMs, isWhole, waiting });
    return outcomes;
  }

  answers(): number {
    return this.#answers;
  }

  fault(): SnmpFault | undefined {
    return this.#fault;
  }

  boots(): number | undefined {
    return this.#secure?.boots();
  }

  exchanges(): readonly ExchangeView[] {
    return this.#log.views();
  }
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
