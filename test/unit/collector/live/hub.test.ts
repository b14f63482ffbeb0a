import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createLiveHub, type LiveHub } from '../../../../collector/live/hub.ts';
import type { Role } from '../../../../config/model/account.ts';
import type { ClientMessage, LiveEntry, ServerMessage, Topic } from '../../../../config/model/api.ts';
import type { BoardView } from '../../../../config/model/watch-api.ts';
import { eventually } from '../../../support/eventually.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { silentLog } from '../../../support/silent-log.ts';

const BOUNDS = { maxClients: 3, maxOfSession: 2, maxBufferedBytes: 3_000_000 };

let clock: ManualClock;
let hub: LiveHub;
let server: Server;
let browsers: Browser[];
let aliveSessions: Set<string>;
let asked: string[];
let roles: readonly Role[];
let isDisplay: boolean;

beforeEach(async () => {
  clock = manualClock();
  browsers = [];
  asked = [];
  roles = ['viewer'];
  isDisplay = false;
  aliveSessions = new Set(['s1', 's2']);
  hub = createLiveHub({
    epoch: 'e1',
    clock,
    log: silentLog(),
    isSessionAlive: async (session) => aliveSessions.has(session),
    readingsOf(device) {
      asked.push(device);
      return [reading(device, 1)];
    },
    bounds: BOUNDS,
  });
  server = createServer();
  server.on('upgrade', (request, socket, head) =>
    hub.accept(request, socket, head, {
      session: request.url?.slice(1) ?? '',
      account: { roles, isDisplay },
    }),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterEach(async () => {
  for (const browser of browsers) browser.socket.terminate();
  await hub.stop();
  await new Promise((closed) => server.close(closed));
});

function door(value: number): LiveEntry {
  return ['device/door', { id: 'door', state: { kind: 'ok', sinceMs: value }, headline: [] }];
}

function reading(device: string, value: number): LiveEntry {
  return [`readings/${device}`, { device, readings: [{ metric: 'm', labels: {}, value, atMs: 1 }] }];
}

interface Browser {
  readonly socket: WebSocket;
  readonly heard: ServerMessage[];
  closed: number | undefined;
  subscribe(topics: readonly Topic[], resume?: ClientMessage['resume']): void;
}

async function browse(session = 's1'): Promise<Browser> {
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${session}`);
  const browser: Browser = {
    socket,
    heard: [],
    closed: undefined,
    subscribe(topics, resume) {
      socket.send(JSON.stringify({ type: 'subscribe', topics, ...(resume === undefined ? {} : { resume }) }));
    },
  };
  browsers.push(browser);
  socket.on('message', (bytes: Buffer) => browser.heard.push(JSON.parse(bytes.toString()) as ServerMessage));
  socket.on('close', (code) => void (browser.closed = code));
  await new Promise((opened) => socket.once('open', opened));
  return browser;
}

async function subscribed(...topics: Topic[]): Promise<Browser> {
  const browser = await browse();
  browser.subscribe(topics);
  await eventually(() => expect(browser.heard).toHaveLength(1));
  return browser;
}

const kinds = ({ heard }: Browser): string[] => heard.map(({ type }) => type);

describe('a browser', () => {
  it('gets a snapshot when it subscribes, then what changes', async () => {
    hub.publish([door(1)]);
    const browser = await subscribed('overview');
    expect(browser.heard[0]).toMatchObject({ type: 'snapshot', epoch: 'e1', seq: 1, entries: [door(1)] });
    hub.publish([door(2)], { isUrgent: true });
    await eventually(() => expect(browser.heard).toHaveLength(2));
    expect(browser.heard[1]).toMatchObject({ type: 'delta', seq: 2, entries: [door(2)] });
  });

  it('hears nothing before it subscribes but the heartbeat', async () => {
    const browser = await browse();
    hub.publish([door(1)], { isUrgent: true });
    await clock.advance(2_000);
    await eventually(() => expect(kinds(browser)).toEqual(['heartbeat']));
  });

  it('that comes back gets what it missed', async () => {
    const first = await subscribed('overview');
    hub.publish([door(1)], { isUrgent: true });
    await eventually(() => expect(first.heard).toHaveLength(2));
    first.socket.terminate();
    hub.publish([door(2)], { isUrgent: true });
    const second = await browse();
    second.subscribe(['overview'], { epoch: 'e1', seq: 1 });
    await eventually(() => expect(second.heard).toHaveLength(1));
    expect(second.heard[0]).toMatchObject({ type: 'delta', seq: 2, entries: [door(2)] });
  });

  it('that comes back from another life of the collector gets a snapshot', async () => {
    const browser = await browse();
    browser.subscribe(['overview'], { epoch: 'e0', seq: 0 });
    await eventually(() => expect(kinds(browser)).toEqual(['snapshot']));
  });

  it('hears a heartbeat each two seconds', async () => {
    const browser = await subscribed('overview');
    await clock.advance(6_000);
    await eventually(() =>
      expect(kinds(browser)).toEqual(['snapshot', 'heartbeat', 'heartbeat', 'heartbeat']),
    );
  });

  it('hears of the readings of the device that it looks at, from the first moment on', async () => {
    const browser = await subscribed('overview', 'device:ups-a');
    expect(asked).toEqual(['ups-a']);
    expect(browser.heard[0]).toMatchObject({ type: 'snapshot', entries: [reading('ups-a', 1)] });
    expect([...hub.wanted()]).toEqual(['ups-a']);
    hub.publish([reading('ups-a', 2)], { isUrgent: true });
    await eventually(() => expect(browser.heard).toHaveLength(2));
  });

  it('that looks elsewhere hears of the other device', async () => {
    const browser = await subscribed('device:ups-a');
    browser.subscribe(['device:ups-b']);
    await eventually(() => expect(browser.heard).toHaveLength(2));
    expect(browser.heard[1]).toMatchObject({ type: 'snapshot', entries: [reading('ups-b', 1)] });
    expect([...hub.wanted()]).toEqual(['ups-b']);
  });
});

describe('a screen on the wall', () => {
  it('hears of the room without the addresses in it', async () => {
    isDisplay = true;
    const wall = await browse();
    wall.subscribe(['overview']);
    await eventually(() => expect(wall.heard.some(({ type }) => type === 'snapshot')).toBe(true));
    hub.publish([['device/door', { ...door(1)[1], id: 'door at 192.0.2.7' }] as LiveEntry]);
    await clock.advance(250);
    await eventually(() => expect(JSON.stringify(wall.heard)).toContain('door at '));
    expect(JSON.stringify(wall.heard)).not.toContain('192.0.2.7');
  });

  it('may not look at a device: it is closed, and nothing is read for it', async () => {
    isDisplay = true;
    const wall = await browse();
    wall.subscribe(['overview', 'device:door']);
    await eventually(() => expect(wall.closed).toBe(4403));
    expect(asked).toEqual([]);
  });
});

it('nobody looks at a device any more when the last page on it is closed', async () => {
  const one = await subscribed('device:ups-a');
  const other = await subscribed('device:ups-a');
  expect(asked).toEqual(['ups-a']);
  one.socket.terminate();
  await eventually(() => expect(hub.size.clients).toBe(1));
  expect([...hub.wanted()]).toEqual(['ups-a']);
  other.socket.terminate();
  await eventually(() => expect([...hub.wanted()]).toEqual([]));
});

describe('changes that are not urgent', () => {
  it('are gathered for a quarter of a second into one message', async () => {
    const browser = await subscribed('overview');
    hub.publish([door(1)]);
    hub.publish([['device/other', { id: 'other', state: { kind: 'ok', sinceMs: 1 }, headline: [] }]]);
    hub.publish([door(2)]);
    await clock.advance(249);
    expect(browser.heard).toHaveLength(1);
    await clock.advance(1);
    await eventually(() => expect(browser.heard).toHaveLength(2));
    expect(browser.heard[1]).toMatchObject({ seq: 1, entries: [door(2), ['device/other', {}]] });
  });

  it('go along with one that is', async () => {
    const browser = await subscribed('overview');
    hub.publish([door(1)]);
    hub.publish([['device/other', { id: 'other', state: { kind: 'ok', sinceMs: 1 }, headline: [] }]], {
      isUrgent: true,
    });
    await eventually(() => expect(browser.heard).toHaveLength(2));
    expect(browser.heard[1]).toMatchObject({ entries: [door(1), ['device/other', {}]] });
  });

  it('that change nothing are not sent', async () => {
    hub.publish([door(1)]);
    const browser = await subscribed('overview');
    hub.publish([door(1)], { isUrgent: true });
    await clock.advance(2_000);
    await eventually(() => expect(kinds(browser)).toEqual(['snapshot', 'heartbeat']));
  });
});

describe('the duty board', () => {
  const board = (lastMs: number): LiveEntry => ['board', { lastMs } as BoardView];

  it('reaches who follows it with the rest of the room, whole, and nobody else', async () => {
    roles = ['operator'];
    hub.publish([door(1), board(1)]);
    const [desk, room] = [await subscribed('overview', 'board'), await subscribed('overview')];
    expect(desk.heard[0]).toMatchObject({ type: 'snapshot', entries: [door(1), board(1)] });
    hub.publish([board(2)], { isUrgent: true });
    await eventually(() => expect(desk.heard).toHaveLength(2));
    expect(desk.heard[1]).toMatchObject({ type: 'delta', entries: [board(2)] });
    hub.publish([door(2)], { isUrgent: true });
    await eventually(() => expect(room.heard).toHaveLength(2));
    expect(JSON.stringify(room.heard)).not.toContain('board');
  });

  it.each<[string, readonly Role[], boolean]>([
    ['who only looks', ['viewer'], false],
    ['a screen on the wall, whatever its account may', ['operator'], true],
  ])('is not for %s: its socket is closed and told nothing', async (_who, held, isWall) => {
    roles = held;
    isDisplay = isWall;
    hub.publish([board(1)]);
    const browser = await browse();
    browser.subscribe(['overview', 'board']);
    hub.publish([board(2)], { isUrgent: true });
    await eventually(() => expect(browser.closed).toBe(4403));
    expect(browser.heard).toEqual([]);
  });
});

describe('a socket is closed', () => {
  it.each(['overview', 'device:ups-a'] as const)(
    'to who asks for %s without a role that may, and nothing is told',
    async (topic) => {
      hub.publish([door(1)]);
      roles = [];
      const browser = await browse();
      browser.subscribe([topic]);
      await eventually(() => expect(browser.closed).toBe(4403));
      expect(browser.heard).toEqual([]);
      expect(asked).toEqual([]);
    },
  );

  it.each<[string, (browser: Browser) => void, number]>([
    ['that says what it must not', (browser) => browser.socket.send('{"type":"shout"}'), 1008],
    ['that sends bytes', (browser) => browser.socket.send(Buffer.from([1])), 1003],
    ['that sends too much at once', (browser) => browser.socket.send('x'.repeat(10_000)), 1009],
    [
      'that sends too many messages',
      (browser) => {
        for (let count = 0; count < 30; count += 1) browser.subscribe([]);
      },
      1008,
    ],
  ])('%s', async (_, harm, code) => {
    const browser = await browse();
    harm(browser);
    await eventually(() => expect(browser.closed).toBe(code));
    await eventually(() => expect(hub.size.clients).toBe(0));
  });

  it('when its session has ended, and no other', async () => {
    const ending = await browse('s1');
    const staying = await browse('s2');
    aliveSessions.delete('s1');
    await clock.advance(10_000);
    await eventually(() => expect(ending.closed).toBe(4401));
    expect(staying.closed).toBeUndefined();
  });

  it('at once when somebody signs out', async () => {
    const browser = await browse('s1');
    hub.endSession('s1');
    await eventually(() => expect(browser.closed).toBe(4401));
  });

  it('when there are too many', async () => {
    for (let count = 0; count < BOUNDS.maxClients; count += 1) await browse(`s${count}`);
    const late = await browse('late');
    await eventually(() => expect(late.closed).toBe(1013));
    expect(browsers[0]?.closed).toBeUndefined();
  });

  it('when there are too many of one session, so that others still come in', async () => {
    for (let count = 0; count < BOUNDS.maxOfSession; count += 1) await browse('s1');
    const greedy = await browse('s1');
    await eventually(() => expect(greedy.closed).toBe(1013));
    const other = await browse('s2');
    await clock.advance(2_000);
    await eventually(() => expect(kinds(other)).toEqual(['heartbeat']));
  });

  it('when the collector stops', async () => {
    const browser = await browse();
    await hub.stop();
    await eventually(() => expect(browser.closed).toBe(1001));
  });

  it('when the collector stops, even of a browser that does not take notice', async () => {
    const browser = await browse();
    browser.socket.pause();
    const stopped = hub.stop();
    await clock.advance(500);
    await stopped;
    await eventually(() => expect(hub.size.clients).toBe(0));
  });

  it('when it does not answer any more', async () => {
    const browser = await browse();
    browser.socket.pause();
    await clock.advance(20_000);
    await eventually(() => expect(hub.size.clients).toBe(0));
  });

  it('when it takes nothing and much would have to wait for it, while others go on', async () => {
    const slow = await subscribed('overview');
    const quick = await subscribed('overview');
    slow.socket.pause();
    const large = (index: number): LiveEntry => [
      'device/door',
      { id: `${index}${'x'.repeat(1_000_000)}`, state: { kind: 'ok', sinceMs: 1 }, headline: [] },
    ];
    let index = 0;
    await eventually(() => {
      index += 1;
      hub.publish([large(index)], { isUrgent: true });
      expect(hub.size.cutOff).toBe(1);
    });
    await eventually(() => expect(hub.size.clients).toBe(1));
    await eventually(() => expect(quick.heard).toHaveLength(index + 1));
  });
});
