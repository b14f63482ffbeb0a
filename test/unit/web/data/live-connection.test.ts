import { describe, expect, it } from 'vitest';
import { SILENCE_MS, type ClientMessage, type ServerMessage } from '../../../../config/model/api.ts';
import { backOffMs } from '../../../../web/data/back-off.ts';
import { LiveConnection, type SocketEvents } from '../../../../web/data/live-connection.ts';
import { createLiveState } from '../../../../web/data/live-state.ts';
import { manualClock } from '../../../support/manual-clock.ts';

interface Opened {
  readonly events: SocketEvents;
  readonly sent: ClientMessage[];
  isClosed: boolean;
}

function connected() {
  const clock = manualClock();
  const heard: number[] = [];
  const sockets: Opened[] = [];
  const state = createLiveState();
  let lost = 0;
  const connection = new LiveConnection({
    clock: { ...clock, steadyMs: () => clock.nowMs(), hear: (atMs) => heard.push(atMs) },
    state,
    open(events) {
      const socket: Opened = { events, sent: [], isClosed: false };
      sockets.push(socket);
      return {
        send: (text) => socket.sent.push(JSON.parse(text) as ClientMessage),
        close() {
          socket.isClosed = true;
        },
      };
    },
    chance: () => 1,
    onLost: () => (lost += 1),
  });
  const last = (): Opened => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('nothing was opened');
    return socket;
  };
  const say = (message: ServerMessage): void => last().events.message(JSON.stringify(message));
  const snapshot = (seq = 3): void =>
    say({ type: 'snapshot', epoch: 'e', seq, atMs: clock.nowMs(), entries: [] });
  return { clock, connection, sockets, last, say, snapshot, state, heard, lost: () => lost };
}

describe('the connection to the collector', () => {
  it('subscribes once it is open, and is live once it hears something', () => {
    const { connection, last, snapshot } = connected();
    connection.start();
    expect(last().sent).toEqual([]);
    last().events.opened();
    expect(last().sent).toEqual([{ type: 'subscribe', topics: ['overview'] }]);
    expect(connection.connection.value.kind).toBe('connecting');
    snapshot();
    expect(connection.connection.value.kind).toBe('live');
  });

  it('sets the clock of the page by what it hears, and counts the beats', () => {
    const { clock, connection, last, say, heard } = connected();
    connection.start();
    last().events.opened();
    say({ type: 'heartbeat', seq: 1, atMs: clock.nowMs() + 7 });
    expect(heard).toEqual([clock.nowMs() + 7]);
    expect(connection.beats.value).toBe(1);
  });

  it('counts silence as loss, and says as of when the page is', async () => {
    const { clock, connection, last, snapshot, lost } = connected();
    connection.start();
    last().events.opened();
    snapshot();
    const asOfMs = clock.nowMs();
    await clock.advance(SILENCE_MS - 1);
    expect(connection.connection.value.kind).toBe('live');
    await clock.advance(1);
    expect(connection.connection.value).toMatchObject({ kind: 'lost', asOfMs });
    expect(last().isClosed).toBe(true);
    expect(lost()).toBe(1);
  });

  it('stays live while heartbeats come', async () => {
    const { clock, connection, last, say, snapshot, sockets } = connected();
    connection.start();
    last().events.opened();
    snapshot();
    for (let beat = 0; beat < 5; beat += 1) {
      await clock.advance(SILENCE_MS - 1000);
      say({ type: 'heartbeat', seq: 3, atMs: clock.nowMs() });
    }
    expect(connection.connection.value.kind).toBe('live');
    expect(sockets).toHaveLength(1);
  });

  it('comes back by itself and resumes where it was', async () => {
    const { clock, connection, last, snapshot, sockets } = connected();
    connection.start();
    last().events.opened();
    snapshot(42);
    last().events.closed();
    expect(connection.connection.value.kind).toBe('lost');
    await clock.advance(backOffMs(0, 1));
    expect(sockets).toHaveLength(2);
    last().events.opened();
    expect(last().sent).toEqual([
      { type: 'subscribe', topics: ['overview'], resume: { epoch: 'e', seq: 42 } },
    ]);
    expect(connection.connection.value.kind).toBe('lost');
    snapshot(43);
    expect(connection.connection.value.kind).toBe('live');
  });

  it('gives up a try that opens nothing, and waits longer before each next one', async () => {
    const { clock, connection, sockets, last } = connected();
    connection.start();
    await clock.advance(SILENCE_MS);
    expect(connection.connection.value).toEqual({ kind: 'lost', retryAtMs: clock.nowMs() + backOffMs(0, 1) });
    await clock.advance(backOffMs(0, 1));
    last().events.closed();
    await clock.advance(backOffMs(1, 1) - 1);
    expect(sockets).toHaveLength(2);
    await clock.advance(1);
    expect(sockets).toHaveLength(3);
  });

  it('tries at once when a person asks for it', async () => {
    const { connection, sockets, last } = connected();
    connection.start();
    last().events.closed();
    connection.retryNow();
    expect(sockets).toHaveLength(2);
  });

  it('does not open a second socket while the first one lives', () => {
    const { connection, sockets, last, snapshot } = connected();
    connection.start();
    last().events.opened();
    snapshot();
    connection.retryNow();
    expect(sockets).toHaveLength(1);
  });

  it('does not listen to a socket that was given up', async () => {
    const { clock, connection, sockets, last, snapshot } = connected();
    connection.start();
    last().events.opened();
    snapshot();
    await clock.advance(SILENCE_MS);
    const [first] = sockets;
    first?.events.message(JSON.stringify({ type: 'heartbeat', seq: 4, atMs: clock.nowMs() }));
    first?.events.closed();
    expect(connection.connection.value.kind).toBe('lost');
    expect(sockets).toHaveLength(1);
  });

  it('asks for a snapshot when it follows something new: deltas would not hold it', () => {
    const { connection, last, snapshot } = connected();
    connection.start();
    last().events.opened();
    snapshot();
    connection.follow(['device:ups-a']);
    connection.follow(['device:ups-a']);
    expect(last().sent.slice(1)).toEqual([{ type: 'subscribe', topics: ['overview', 'device:ups-a'] }]);
  });

  it('survives a message that is none', () => {
    const { connection, last } = connected();
    connection.start();
    last().events.opened();
    last().events.message('<html>');
    expect(connection.connection.value.kind).toBe('connecting');
  });

  it('is not live again after a pause before it has heard something', () => {
    const { connection, last, snapshot } = connected();
    connection.start();
    last().events.opened();
    snapshot();
    connection.stop();
    connection.start();
    expect(connection.connection.value.kind).toBe('connecting');
  });

  it('ends when it is stopped', async () => {
    const { clock, connection, sockets, last, snapshot } = connected();
    connection.start();
    last().events.opened();
    snapshot();
    connection.stop();
    await clock.advance(10 * SILENCE_MS);
    expect(last().isClosed).toBe(true);
    expect(sockets).toHaveLength(1);
  });
});

describe('the wait before a new try', () => {
  it('doubles, and is never longer than a quarter of a minute', () => {
    expect([0, 1, 2, 3].map((attempt) => backOffMs(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
    expect(backOffMs(50, 1)).toBe(15_000);
  });

  it('is spread, so that a thousand browsers do not come at once', () => {
    expect(backOffMs(3, 0)).toBe(2000);
    expect(backOffMs(3, 0.5)).toBe(3000);
  });
});
