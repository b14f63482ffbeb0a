import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import { createTrouble } from '../../config/runtime/trouble.ts';
import type { Attempt, OutboxMessage, OutboxStore } from '../ports.ts';
import type { Delivery, Notifier } from './notifiers/notifier.ts';
import { createWaker } from './waker.ts';

export interface OutboxDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: OutboxStore;
  /** The way out as the settings have it now; absent, messages wait. */
  readonly notifier: () => Notifier | undefined;
  /** A share between 0 and 1, for the back-off. */
  readonly random: () => number;
}

export interface Outbox {
  /** There may be messages to send. */
  wake(): void;
  stop(): Promise<void>;
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

/** What to send now: what was never tried, then what waited longest; or when to look again. */
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

/**
 * Sends what waits, one message after the other, those to one address in their order. A message is marked after it
 * was accepted: a crash in between repeats it, with the same id, and never loses it.
 */
export function startOutbox(deps: OutboxDeps): Outbox {
  const { clock, log } = deps;
  const ending = new AbortController();
  const sender = createSender(deps, ending.signal);
  const trouble = createTrouble(log, {
    level: 'error',
    begins: 'outbox could not be read or written',
    ends: 'outbox is read and written again',
  });
  const waker = createWaker(clock, async () => {
    try {
      const untilMs = await sender.drain();
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
    async stop() {
      ending.abort();
      await waker.stop();
    },
  };
}

interface Sender {
  /** Sends until nothing is due; answers when to look again. */
  drain(): Promise<number | undefined>;
}

function createSender({ clock, log, store, notifier, random }: OutboxDeps, signal: AbortSignal): Sender {
  let channel = { failures: 0, untilMs: 0 };
  /** Attempts that took place and are not in the records yet: written before anything is sent again. */
  const unsaved = new Map<number, Attempt>();

  const saveAll = async (): Promise<void> => {
    for (const [id, attempt] of unsaved) {
      await store.saveAttempt(id, attempt);
      unsaved.delete(id);
    }
  };
  const outage = createTrouble(log, {
    level: 'warn',
    begins: 'mail cannot be sent',
    ends: 'mail can be sent again',
  });
  const tell = (message: OutboxMessage, delivery: Delivery): void => {
    if (delivery.kind === 'unreachable') return outage.happened({ reason: delivery.reason });
    outage.ended();
    if (delivery.kind === 'accepted') return;
    const { receiver, to, attempts } = message;
    const level = delivery.kind === 'refused' || attempts === 0 ? 'warn' : 'debug';
    log[level]({ receiver, to, kind: delivery.kind, reason: delivery.reason }, 'mail not sent');
  };
  const deliver = async (message: OutboxMessage, way: Notifier): Promise<void> => {
    const delivery = await way.send(message, signal);
    if (signal.aborted && delivery.kind !== 'accepted') return;
    const nowMs = clock.nowMs();
    const waitMs = backOffMs(channel.failures, MAX_CHANNEL_RETRY_MS, random());
    const isDown = delivery.kind === 'unreachable';
    channel = isDown
      ? { failures: channel.failures + 1, untilMs: nowMs + waitMs }
      : { failures: 0, untilMs: 0 };
    tell(message, delivery);
    unsaved.set(message.id, attemptOf(message, delivery, nowMs, random()));
    await saveAll();
  };
  return {
    async drain() {
      await saveAll();
      while (!signal.aborted) {
        const way = notifier();
        const next = way && nextOf(await store.heads(), clock.nowMs(), channel.untilMs);
        if (way === undefined || next === undefined) return undefined;
        if (!('message' in next)) return next.untilMs;
        await deliver(next.message, way);
      }
      return undefined;
    },
  };
}
