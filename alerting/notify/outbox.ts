import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import { createTrouble } from '../../config/runtime/trouble.ts';
import type { Attempt, OutboxMessage, OutboxStore } from '../ports.ts';
import { createAttempts, makeReady } from './attempts.ts';
import type { Delivery, Notifier, ReadyMessage } from './notifiers/notifier.ts';
import { createWaker } from './waker.ts';

export interface OutboxDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: OutboxStore;
  /** Adds what a message is given only as it leaves; where it cannot be, the message waits. Absent: nothing. */
  readonly finish?: (message: OutboxMessage) => Promise<ReadyMessage>;
  /** The way out for a message as the settings have it now; absent, it waits. */
  readonly notifier: (message: OutboxMessage) => Notifier | undefined;
  /** A share between 0 and 1, for the back-off. */
  readonly random: () => number;
}

export interface Outbox {
  /** There may be messages to send. */
  wake(): void;
  /** The lanes that nothing gets through now. */
  down(): readonly LaneOutage[];
  /** Whether every lane that was used is down. */
  isCutOff(): boolean;
  stop(): Promise<void>;
}

/** A way out that nothing gets through, since when, and why. */
export interface LaneOutage extends Pick<OutboxMessage, 'channel' | 'receiver' | 'way'> {
  readonly sinceMs: number;
  readonly reason: string;
}

const FIRST_RETRY_MS = 5_000;
/** A server that is down is asked at least so often: everything leaves soon after it is back. */
const MAX_CHANNEL_RETRY_MS = 60_000;
/** A mailbox that is full or greylisted is tried at least so often. */
const MAX_MESSAGE_RETRY_MS = 15 * 60_000;
/** RFC 5321 4.5.4.1: senders give up after four to five days. */
const GIVE_UP_AFTER_MS = 5 * 86_400_000;
/** How long to wait when the records do not answer. */
const RECORDS_RETRY_MS = 5_000;

/** The wait after this many attempts: doubled each time up to a limit, and spread so that not all come back at once. */
export function backOffMs(attempts: number, maxMs: number, random: number): number {
  const plainMs = Math.min(maxMs, FIRST_RETRY_MS * 2 ** Math.min(attempts, 30));
  return Math.round(plainMs * (0.8 + 0.4 * random));
}

/** How the records are to remember a delivery. */
export function attemptOf(
  message: Pick<OutboxMessage, 'attempts' | 'createdAtMs'>,
  delivery: Delivery,
  atMs: number,
  random: number,
): Attempt {
  switch (delivery.kind) {
    case 'accepted':
      return { state: 'sent', atMs };
    case 'refused':
      return { state: 'failed', atMs, error: delivery.reason };
    case 'deferred':
    case 'unreachable': {
      if (atMs - message.createdAtMs > GIVE_UP_AFTER_MS)
        return { state: 'failed', atMs, error: delivery.reason };
      const maxMs = delivery.kind === 'deferred' ? MAX_MESSAGE_RETRY_MS : MAX_CHANNEL_RETRY_MS;
      const nextAttemptAtMs = atMs + backOffMs(message.attempts, maxMs, random);
      return { state: 'waiting', atMs, error: delivery.reason, nextAttemptAtMs };
    }
    default:
      return delivery satisfies never;
  }
}

/** Of a lane's messages what to send now: what was never tried, then what waited longest; or when to look again. */
export function nextOf(
  heads: readonly OutboxMessage[],
  nowMs: number,
  channelUntilMs: number,
): { readonly message: OutboxMessage } | { readonly untilMs: number } | undefined {
  const dueAtMs = ({ nextAttemptAtMs = 0 }: OutboxMessage): number => soonMs(nextAttemptAtMs, nowMs);
  const [next] = [...heads].sort((a, b) => dueAtMs(a) - dueAtMs(b) || a.id - b.id);
  if (next === undefined) return undefined;
  const untilMs = Math.max(dueAtMs(next), soonMs(channelUntilMs, nowMs));
  return untilMs <= nowMs ? { message: next } : { untilMs };
}

/** No wait is longer than the longest back-off; one that is was made before the clock was set back, and is over. */
function soonMs(untilMs: number, nowMs: number): number {
  return untilMs - nowMs > 2 * MAX_MESSAGE_RETRY_MS ? 0 : untilMs;
}

const SHARED: ReadonlyMap<OutboxMessage['channel'], string> = new Map([
  ['mail', 'mail'],
  ['sms', 'sms'],
  ['mqtt', 'mqtt'],
  // One modem does one thing at a time.
  ['modem', 'modem'],
  ['ring', 'modem'],
]);

/** What leaves by one server: mails by the SMTP server, else each way of a receiver by its own. */
export function laneOf({
  channel,
  receiver,
  way,
}: Pick<OutboxMessage, 'channel' | 'receiver' | 'way'>): string {
  return SHARED.get(channel) ?? `${receiver} ${way}`;
}

/**
 * Sends what waits: in each lane one message after the other, those to one address in their order; a lane that is down
 * or slow keeps no other waiting. A message is marked after it was accepted: a crash in between repeats it, with the
 * same id, and never loses it.
 */
export function startOutbox(deps: OutboxDeps): Outbox {
  const { clock, log } = deps;
  const ending = new AbortController();
  const trouble = createTrouble(log, {
    level: 'error',
    begins: 'outbox could not be read or written',
    ends: 'outbox is read and written again',
  });
  const lanes = createLanes(deps, { signal: ending.signal, onIdle: () => waker.wake() });
  const waker = createWaker(clock, async () => {
    try {
      const untilMs = await lanes.begin();
      trouble.ended();
      return untilMs;
    } catch (error) {
      trouble.happened({ err: error });
      return clock.nowMs() + RECORDS_RETRY_MS;
    }
  });
  waker.wake();
  return {
    wake: () => waker.wake(),
    down: () => lanes.down(),
    isCutOff: () => lanes.isCutOff(),
    async stop() {
      ending.abort();
      await waker.stop();
      await lanes.ended();
    },
  };
}

interface Lane {
  readonly trouble: ReturnType<typeof createTrouble>;
  failures: number;
  untilMs: number;
  /** Why it is down, while it is, and since when. */
  outage: LaneOutage | undefined;
  sending: Promise<void> | undefined;
}

interface Lanes {
  /** Starts to send what is due in each lane that is free; answers when to look again. */
  begin(): Promise<number | undefined>;
  down(): readonly LaneOutage[];
  isCutOff(): boolean;
  ended(): Promise<void>;
}

function createLanes(
  { clock, log, store, notifier, random, finish = async (message) => message }: OutboxDeps,
  { signal, onIdle }: { signal: AbortSignal; onIdle: () => void },
): Lanes {
  const lanes = new Map<string, Lane>();
  const attempts = createAttempts(store);
  const ready = makeReady(log, finish);

  const deliver = async (lane: Lane, message: OutboxMessage, way: Notifier): Promise<void> => {
    const finished = await ready(message);
    if (finished === undefined) {
      lane.untilMs = clock.nowMs() + RECORDS_RETRY_MS;
      return;
    }
    const delivery = await way.send(finished, signal);
    if (signal.aborted && delivery.kind !== 'accepted') return;
    const nowMs = clock.nowMs();
    note({ lane, log, random }, message, delivery, nowMs);
    attempts.add(message.id, attemptOf(message, delivery, nowMs, random()));
    // What cannot be saved now is before the next message.
    await attempts.save().catch(() => undefined);
  };
  const send = (lane: Lane, message: OutboxMessage, way: Notifier): void => {
    lane.sending = deliver(lane, message, way).finally(() => {
      lane.sending = undefined;
      onIdle();
    });
  };

  /** Sends the lane's next message if it is due; answers when to look again if it is not. */
  const beginLane = (lane: Lane, heads: readonly OutboxMessage[], nowMs: number): number | undefined => {
    if (lane.sending !== undefined || heads.some(({ id }) => attempts.has(id))) return undefined;
    const next = nextOf(heads, nowMs, lane.untilMs);
    if (next === undefined || 'untilMs' in next) return next?.untilMs;
    const way = notifier(next.message);
    if (way !== undefined) send(lane, next.message, way);
    return undefined;
  };

  return {
    async begin() {
      await attempts.save();
      if (signal.aborted) return undefined;
      const byLane = Map.groupBy(await store.heads(), laneOf);
      const nowMs = clock.nowMs();
      let untilMs = Number.POSITIVE_INFINITY;
      for (const [name, heads] of byLane) {
        const lane = lanes.get(name) ?? newLane(log);
        lanes.set(name, lane);
        untilMs = Math.min(untilMs, beginLane(lane, heads, nowMs) ?? untilMs);
      }
      return Number.isFinite(untilMs) ? untilMs : undefined;
    },
    down: () => [...lanes.values()].flatMap(({ outage }) => (outage === undefined ? [] : [outage])),
    isCutOff: () => isAllDown(lanes),
    ended: () => allSent(lanes),
  };
}

async function allSent(lanes: ReadonlyMap<string, Lane>): Promise<void> {
  await Promise.all([...lanes.values()].map(({ sending }) => sending ?? Promise.resolve()));
}

function isAllDown(lanes: ReadonlyMap<string, Lane>): boolean {
  return lanes.size > 0 && [...lanes.values()].every(({ outage }) => outage !== undefined);
}

function newLane(log: Log): Lane {
  const trouble = createTrouble(log, {
    level: 'warn',
    begins: 'messages cannot be sent',
    ends: 'messages can be sent again',
  });
  return { trouble, failures: 0, untilMs: 0, outage: undefined, sending: undefined };
}

/** Remembers of a lane what became of a message, and tells it where somebody should know. */
function note(
  { lane, log, random }: Pick<OutboxDeps, 'log' | 'random'> & { readonly lane: Lane },
  { receiver, way, channel, to, attempts }: OutboxMessage,
  delivery: Delivery,
  nowMs: number,
): void {
  if (delivery.kind === 'unreachable') {
    lane.outage ??= { channel, receiver, way, sinceMs: nowMs, reason: delivery.reason };
    lane.untilMs = nowMs + backOffMs(lane.failures, MAX_CHANNEL_RETRY_MS, random());
    lane.failures += 1;
    return lane.trouble.happened({ channel, receiver, reason: delivery.reason });
  }
  Object.assign(lane, { failures: 0, untilMs: 0, outage: undefined });
  lane.trouble.ended();
  if (delivery.kind === 'accepted') return;
  const level = delivery.kind === 'refused' || attempts === 0 ? 'warn' : 'debug';
  log[level]({ receiver, to, kind: delivery.kind, reason: delivery.reason }, 'message not sent');
}
