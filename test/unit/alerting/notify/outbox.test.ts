import { describe, expect, it, onTestFinished } from 'vitest';
import type { Delivery, Notifier } from '../../../../alerting/notify/notifiers/notifier.ts';
import {
  attemptOf,
  backOffMs,
  nextOf,
  startOutbox,
  type Outbox,
} from '../../../../alerting/notify/outbox.ts';
import type { OutboxMessage } from '../../../../alerting/ports.ts';
import { fakeMessageStore, newMessage, type FakeMessageStore } from '../../../support/alert-stores.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { heardLog } from '../../../support/heard-log.ts';
import { silentLog } from '../../../support/silent-log.ts';

const START_MS = 1_000_000_000;
const ACCEPTED: Delivery = { kind: 'accepted' };
const DOWN: Delivery = { kind: 'unreachable', reason: 'connection refused' };
const LATER: Delivery = { kind: 'deferred', reason: '450 try later' };
const NEVER: Delivery = { kind: 'refused', reason: '550 no such user' };

interface Bench {
  readonly clock: ManualClock;
  readonly store: FakeMessageStore;
  readonly outbox: Outbox;
  /** Ids of messages in the order in which they were tried. */
  readonly tried: readonly number[];
  readonly answer: (next: (message: OutboxMessage) => Delivery) => void;
  readonly add: (...addresses: readonly string[]) => Promise<void>;
  readonly states: () => readonly string[];
}

function bench(store = fakeMessageStore(), log = silentLog()): Bench {
  const clock = manualClock(START_MS);
  const tried: number[] = [];
  let deliver = (_message: OutboxMessage): Delivery => ACCEPTED;
  const notifier: Notifier = {
    name: 'fake',
    async send(message) {
      tried.push(message.id);
      return deliver(message);
    },
  };
  const outbox = startOutbox({ clock, log, store, notifier: () => notifier, random: () => 0.5 });
  onTestFinished(() => outbox.stop());
  return {
    clock,
    store,
    outbox,
    tried,
    answer: (next) => {
      deliver = next;
    },
    add: (...addresses) =>
      store.commit({
        records: [],
        removed: [],
        messages: addresses.map((to, index) =>
          newMessage({ to, messageId: `m${index}@x`, createdAtMs: clock.nowMs() }),
        ),
      }),
    states: () => store.messages.map(({ state }) => state),
  };
}

describe('lanes', () => {
  it('keep nobody waiting for a way that is down or hangs', async () => {
    const { store, outbox, clock, tried, answer, states } = bench();
    answer(({ channel }) => (channel === 'mail' ? DOWN : ACCEPTED));
    await store.commit({
      records: [],
      removed: [],
      messages: [
        newMessage({ createdAtMs: START_MS }),
        newMessage({ messageId: 'w1', channel: 'webhook', way: 'webhook[0]', to: 'hook' }),
        newMessage({ messageId: 'w2', channel: 'webhook', way: 'webhook[1]', to: 'hook' }),
      ],
    });
    outbox.wake();
    await clock.advance(0);
    expect(tried).toEqual([1, 2, 3]);
    expect(states()).toEqual(['waiting', 'sent', 'sent']);
    expect(outbox.down()).toEqual([
      { channel: 'mail', receiver: 'desk', way: 'mail[0]', sinceMs: START_MS, reason: 'connection refused' },
    ]);
    answer(() => ACCEPTED);
    await clock.advance(60_000);
    expect(outbox.down()).toEqual([]);
  });
});

describe('the outbox', () => {
  it('sends what waits, in order, and marks it afterwards', async () => {
    const { add, outbox, clock, tried, states, store } = bench();
    await add('a@x', 'b@x', 'a@x');
    outbox.wake();
    await clock.advance(0);
    expect(tried).toEqual([1, 2, 3]);
    expect(states()).toEqual(['sent', 'sent', 'sent']);
    expect(store.attempts.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(store.attempts[0]?.attempt).toEqual({ state: 'sent', atMs: START_MS });
  });

  it('sends after a start what was left over', async () => {
    const store = fakeMessageStore();
    await store.commit({ records: [], removed: [], messages: [newMessage()] });
    const { clock, tried } = bench(store);
    await clock.advance(0);
    expect(tried).toEqual([1]);
  });

  it('does not touch messages that are only kept for the page', async () => {
    const { store, outbox, clock, tried } = bench();
    await store.commit({ records: [], removed: [], messages: [newMessage({ state: 'kept' })] });
    outbox.wake();
    await clock.advance(60_000);
    expect(tried).toEqual([]);
  });

  it('asks a server that is down with one message, more and more rarely, and sends all once it is back', async () => {
    const { add, outbox, clock, tried, answer, states } = bench();
    answer(() => DOWN);
    await add('a@x', 'b@x', 'c@x');
    outbox.wake();
    await clock.advance(4_999);
    expect(tried).toHaveLength(1);
    await clock.advance(1);
    expect(tried).toHaveLength(2);
    await clock.advance(24 * 3_600_000);
    expect(tried.length).toBeLessThan(24 * 60 + 10);
    expect(states()).toEqual(['waiting', 'waiting', 'waiting']);
    answer(() => ACCEPTED);
    await clock.advance(60_000);
    expect(states()).toEqual(['sent', 'sent', 'sent']);
  });

  it('says once that mail cannot be sent, and once that it can be again', async () => {
    const { log, lines } = heardLog();
    const { add, outbox, clock, answer } = bench(fakeMessageStore(), log);
    answer(() => DOWN);
    await add('a@x', 'b@x');
    outbox.wake();
    await clock.advance(3_600_000);
    answer(() => ACCEPTED);
    await clock.advance(60_000);
    expect(lines.filter((line) => !line.startsWith('debug'))).toEqual([
      'warn: messages cannot be sent',
      'info: messages can be sent again',
    ]);
  });

  it('says once of a mail that it is not taken now, and that it never will be', async () => {
    const { log, lines } = heardLog();
    const { add, outbox, clock, answer } = bench(fakeMessageStore(), log);
    answer(() => LATER);
    await add('a@x');
    outbox.wake();
    await clock.advance(3_600_000);
    answer(() => NEVER);
    await clock.advance(3_600_000);
    const told = lines.filter((line) => !line.startsWith('debug'));
    expect(told).toEqual(['warn: message not sent', 'warn: message not sent']);
    expect(lines.length).toBeGreaterThan(told.length);
  });

  it('does not let one address that is not taken now hold up the others, and keeps the order to it', async () => {
    const { add, outbox, clock, tried, answer, states } = bench();
    answer(({ to }) => (to === 'full@x' ? LATER : ACCEPTED));
    await add('full@x', 'a@x', 'full@x', 'b@x');
    outbox.wake();
    await clock.advance(0);
    expect(states()).toEqual(['waiting', 'sent', 'waiting', 'sent']);
    expect(tried.filter((id) => id === 3)).toEqual([]);
    answer(() => ACCEPTED);
    await clock.advance(60_000);
    expect(tried.slice(-2)).toEqual([1, 3]);
    expect(states()).toEqual(['sent', 'sent', 'sent', 'sent']);
  });

  it('gives up at once what is refused for good, and goes on', async () => {
    const { add, outbox, clock, tried, answer, store } = bench();
    answer(({ id }) => (id === 1 ? NEVER : ACCEPTED));
    await add('nobody@x', 'nobody@x');
    outbox.wake();
    await clock.advance(3_600_000);
    expect(tried).toEqual([1, 2]);
    expect(store.attempts[0]?.attempt).toEqual({
      state: 'failed',
      atMs: START_MS,
      error: '550 no such user',
    });
  });

  it('tries the others first when one message breaks the connection each time', async () => {
    const { add, outbox, clock, answer, states } = bench();
    answer(({ id }) => (id === 1 ? DOWN : ACCEPTED));
    await add('a@x', 'b@x', 'c@x');
    outbox.wake();
    await clock.advance(5_000);
    expect(states()).toEqual(['waiting', 'sent', 'sent']);
  });

  it('does not send again what was accepted while the records could not be written', async () => {
    const { add, outbox, clock, tried, store, states, answer } = bench();
    await add('a@x');
    answer(() => {
      store.failure = new Error('disk full');
      return ACCEPTED;
    });
    outbox.wake();
    await clock.advance(20_000);
    expect(tried).toEqual([1]);
    store.failure = undefined;
    await clock.advance(10_000);
    expect(tried).toEqual([1]);
    expect(states()).toEqual(['sent']);
  });

  it('stops at once, and what was under way counts as not sent', async () => {
    const store = fakeMessageStore();
    const clock = manualClock(START_MS);
    await store.commit({ records: [], removed: [], messages: [newMessage()] });
    const notifier: Notifier = {
      name: 'slow',
      send: (_message, signal) =>
        new Promise((done) =>
          signal.addEventListener('abort', () => done({ kind: 'unreachable', reason: 'stopped' })),
        ),
    };
    const outbox = startOutbox({ clock, log: silentLog(), store, notifier: () => notifier, random: () => 0 });
    await clock.advance(0);
    await outbox.stop();
    expect(store.attempts).toEqual([]);
    expect(store.messages[0]?.state).toBe('waiting');
  });

  it('lets messages wait while there is no way out', async () => {
    const store = fakeMessageStore();
    await store.commit({ records: [], removed: [], messages: [newMessage()] });
    const clock = manualClock(START_MS);
    const outbox = startOutbox({
      clock,
      log: silentLog(),
      store,
      notifier: () => undefined,
      random: () => 0,
    });
    onTestFinished(() => outbox.stop());
    await clock.advance(60_000);
    expect(store.messages[0]?.state).toBe('waiting');
  });
});

describe('the wait before another attempt', () => {
  it.each([
    [0, 0.5, 5_000],
    [1, 0.5, 10_000],
    [3, 0.5, 40_000],
    [4, 0.5, 60_000],
    [1_000, 0.5, 60_000],
    [0, 0, 4_000],
    [0, 1, 6_000],
  ])('after %s attempts with the chance %s is %s ms', (attempts, random, want) => {
    expect(backOffMs(attempts, 60_000, random)).toBe(want);
  });

  it('ends after five days', () => {
    const dayMs = 86_400_000;
    const message = { attempts: 900, createdAtMs: 0 };
    for (const delivery of [DOWN, LATER]) {
      expect(attemptOf(message, delivery, 5 * dayMs, 0.5).state).toBe('waiting');
      expect(attemptOf(message, delivery, 5 * dayMs + 1, 0.5).state).toBe('failed');
    }
  });

  it('is longer for a full mailbox than for a server that is down', () => {
    const message = { attempts: 20, createdAtMs: 0 };
    expect(attemptOf(message, DOWN, 0, 0.5)).toMatchObject({ nextAttemptAtMs: 60_000 });
    expect(attemptOf(message, LATER, 0, 0.5)).toMatchObject({ nextAttemptAtMs: 900_000 });
  });
});

describe('the next message', () => {
  const head = (id: number, nextAttemptAtMs?: number): OutboxMessage => ({
    ...newMessage({ createdAtMs: id }),
    id,
    attempts: 0,
    state: 'waiting',
    ...(nextAttemptAtMs === undefined ? {} : { nextAttemptAtMs }),
  });

  it('is the one that is due first', () => {
    expect(nextOf([], 100, 0)).toBeUndefined();
    expect(nextOf([head(1, 90), head(2)], 100, 0)).toMatchObject({ message: { id: 2 } });
    expect(nextOf([head(1, 150), head(2, 120)], 100, 0)).toEqual({ untilMs: 120 });
    expect(nextOf([head(1)], 100, 130)).toEqual({ untilMs: 130 });
  });

  it('does not wait for an hour that was there before the clock was set back', () => {
    const dayMs = 86_400_000;
    expect(nextOf([head(1, dayMs)], 100, dayMs)).toMatchObject({ message: { id: 1 } });
  });
});
