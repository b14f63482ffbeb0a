import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Role } from '../../config/model/account.ts';
import { HEARTBEAT_MS, type ClientMessage, type LiveEntry } from '../../config/model/api.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { every } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import { createAudience } from './audience.ts';
import { createBroadcast } from './broadcast.ts';
import { CLOSE, createClient, MAX_MESSAGE_BYTES, type Client } from './client.ts';
import { createLiveStore, type Delta } from './store.ts';

/** Tells every browser what has changed. */
export interface LiveHub {
  /** Takes the values of keys; what differs is sent soon, at once when it is urgent. */
  publish(entries: readonly LiveEntry[], options?: { readonly isUrgent: boolean }): void;
  /** The devices whose readings somebody looks at. */
  wanted(): Iterable<string>;
  /** Takes over a connection that was let in. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, holder: LiveHolder): void;
  /** Closes the sockets of a session that ended. */
  endSession(session: string): void;
  readonly size: { readonly clients: number; readonly cutOff: number };
  stop(): Promise<void>;
}

/** Who is at a socket. */
export interface LiveHolder {
  readonly session: string;
  readonly account: { readonly roles: readonly Role[]; readonly isDisplay?: boolean };
}

export interface LiveHubDeps {
  /** Names this life of the collector. */
  readonly epoch: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a session still holds; a socket counts as its use. */
  readonly isSessionAlive: (session: string) => Promise<boolean>;
  /** What a device told, when somebody begins to look at it. */
  readonly readingsOf: (device: string) => readonly LiveEntry[];
  readonly bounds?: LiveHubBounds;
}

export interface LiveHubBounds {
  readonly maxClients: number;
  /** Tabs and walls of one sign-in; nobody takes the places of everybody. */
  readonly maxOfSession: number;
  /** A client that has not taken so much by the time of the next message is too slow. */
  readonly maxBufferedBytes: number;
}

const DEFAULT_BOUNDS: LiveHubBounds = {
  maxClients: 2_000,
  maxOfSession: 100,
  maxBufferedBytes: 4 * 1024 * 1024,
};

/** How often sessions are looked after, and whether clients are still there. */
const CHECK_MS = 10_000;
/** A stop waits no longer for browsers to close. */
const FAREWELL_MS = 500;

export function createLiveHub(deps: LiveHubDeps): LiveHub {
  const { clock, bounds = DEFAULT_BOUNDS } = deps;
  const nowMs = (): number => clock.nowMs();
  const store = createLiveStore(deps.epoch);
  const clients = createClients(deps);
  const broadcast = createBroadcast({ store, clock, deliver: clients.deliver });
  const audience = createAudience((device) => store.forget(`readings/${device}`));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });

  const onMessage = (client: Client, { topics, resume }: ClientMessage): void => {
    for (const device of audience.change(client.topics, topics)) broadcast.publish(deps.readingsOf(device));
    broadcast.flush();
    client.topics = topics;
    const missed = resume && store.missed(topics, resume, nowMs());
    clients.send(client, missed ?? store.snapshot(topics, nowMs()));
  };
  const onClose = (client: Client): void => {
    clients.leave(client);
    audience.change(client.topics, []);
  };
  const onError = (err: unknown): void => deps.log.error({ err }, 'looking after live clients failed');
  const loops = [
    every(clock, { intervalMs: HEARTBEAT_MS, onError }, () =>
      clients.deliver(() => `{"type":"heartbeat","seq":${store.seq},"atMs":${nowMs()}}`),
    ),
    every(clock, { intervalMs: CHECK_MS, onError }, () => clients.check(deps.isSessionAlive)),
  ];

  return {
    publish: (entries, options) => broadcast.publish(entries, options),
    wanted: () => audience.devices(),
    accept(request, socket, head, { session, account: { roles, isDisplay = false } }) {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const { maxClients, maxOfSession } = bounds;
        const who = { session, roles, isDisplay };
        const client = createClient(webSocket, { ...bounds, ...who, nowMs, onMessage, onClose });
        clients.all.add(client);
        const isFull = clients.all.size > maxClients || clients.countOf(session) > maxOfSession;
        if (isFull) client.close(CLOSE.full);
      });
    },
    endSession: (session) => clients.endSession(session),
    get size() {
      return { clients: clients.all.size, cutOff: clients.cutOff };
    },
    async stop() {
      broadcast.stop();
      await Promise.all(loops.map((loop) => loop.stop()));
      // Nobody comes in any more.
      sockets.close();
      await clients.endAll(clock);
    },
  };
}

/** Everybody at the socket. */
function createClients({ log }: Pick<LiveHubDeps, 'log'>) {
  const all = new Set<Client>();
  let cutOff = 0;
  let whenEmpty = (): void => undefined;
  const send = (client: Client, text: string): void => {
    if (client.send(text)) return;
    cutOff += 1;
    log.warn({ clients: all.size }, 'a live client was too slow and is cut off');
  };
  const endSession = (session: string): void => {
    for (const client of all) if (client.session === session) client.close(CLOSE.sessionEnded);
  };
  return {
    all,
    get cutOff() {
      return cutOff;
    },
    send,
    countOf: (session: string): number =>
      [...all].reduce((count, client) => count + (client.session === session ? 1 : 0), 0),
    deliver: (delta: Delta): void => {
      for (const client of all) {
        const text = delta(client.topics);
        if (text !== undefined) send(client, text);
      }
    },
    endSession,
    /** Says farewell, and does not wait for long for those who do not answer. */
    async endAll(clock: Clock): Promise<void> {
      if (all.size === 0) return;
      for (const client of all) client.close(CLOSE.goingAway);
      let cancel: (() => void) | undefined;
      await new Promise<void>((done) => {
        whenEmpty = done;
        cancel = clock.after(FAREWELL_MS, done);
      });
      cancel?.();
      for (const client of all) client.terminate();
    },
    leave(client: Client): void {
      all.delete(client);
      if (all.size === 0) whenEmpty();
    },
    async check(isAlive: LiveHubDeps['isSessionAlive']): Promise<void> {
      for (const client of all) client.check();
      for (const session of new Set([...all].map((client) => client.session))) {
        if (!(await isAlive(session))) endSession(session);
      }
    },
  };
}
