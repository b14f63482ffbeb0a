import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  HEARTBEAT_MS,
  type AlertHistoryEntry,
  type AlertView,
  type ClientMessage,
  type LiveEntry,
  type OutboxMessageView,
  type ServerMessage,
  type SessionBody,
} from '../../config/model/api.ts';
import { LAB_SCENARIOS } from '../../config/model/lab.ts';
import type { Site, SiteDevice } from '../../config/model/site.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { chasesOf, reportOf } from './fake-attention.ts';
import { receiversOf } from './fake-receivers.ts';
import { fakeCare, type FakeCare } from './fake-care.ts';
import { calmRoom, chartOf, readingsOf } from './fake-room.ts';

const DIST = join(import.meta.dirname, '../../web/dist');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** As strict as the collector's own. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'";

/** A collector of a test's own: the real protocol over real sockets, and it says what the test wants. */
export interface FakeCollector {
  readonly url: string;
  readonly entries: ReadonlyMap<string, LiveEntry[1]>;
  session: SessionBody;
  /** What was asked, `METHOD /path`, and the bodies that were sent. */
  readonly requests: readonly { readonly line: string; readonly body: unknown }[];
  readonly subscriptions: readonly ClientMessage[];
  /** How many sockets it has refused. */
  readonly refusals: number;
  history: readonly AlertHistoryEntry[];
  outbox: readonly OutboxMessageView[];
  readonly care: FakeCare;
  /** Changes the live state and tells every browser. */
  put(...entries: readonly LiveEntry[]): void;
  /** Sockets stay open, but nothing is heard any more. */
  goSilent(): void;
  /** Every connection is cut and new ones are refused, until `comeBack`. */
  goAway(): void;
  comeBack(): void;
  stop(): Promise<void>;
}

export interface FakeOptions {
  readonly site: Site;
  readonly isSignedIn?: boolean;
  readonly isFirstRun?: boolean;
}

export async function startFakeCollector({
  site,
  isSignedIn = true,
  isFirstRun = false,
}: FakeOptions): Promise<FakeCollector> {
  const entries = new Map<string, LiveEntry[1]>(calmRoom(site, systemClock.nowMs()));
  const requests: { line: string; body: unknown }[] = [];
  const subscriptions: ClientMessage[] = [];
  const followers = new Map<WebSocket, ClientMessage>();
  const epoch = 'fake';
  let seq = 1;
  let refusals = 0;
  let isAway = false;
  let isSilent = false;
  const lab = new Set<string>();
  const account = {
    name: 'admin',
    displayName: '陈值班',
    roles: ['sysAdmin'],
    language: 'zh-CN',
    isDisplay: false,
  } as const;
  const signedOut: SessionBody = {
    isFirstRun,
    isDemonstration: site.isDemonstration,
    siteName: site.name,
    idleLogOffMs: 8 * 3_600_000,
    mayCombineAdministrators: true,
  };

  const http = createServer((request, response) => {
    void answer(request, response);
  });
  const sockets = new WebSocketServer({ noServer: true });

  function selects({ topics }: ClientMessage, [key]: LiveEntry): boolean {
    return key.startsWith('readings/')
      ? topics.includes(`device:${key.slice(9)}`)
      : topics.includes('overview');
  }

  function send(socket: WebSocket, message: ServerMessage): void {
    if (!isSilent) socket.send(JSON.stringify(message));
  }

  function put(...changed: readonly LiveEntry[]): void {
    seq += 1;
    for (const [key, value] of changed) {
      if (value === null) entries.delete(key);
      else entries.set(key, value);
    }
    for (const [socket, subscription] of followers) {
      const wanted = changed.filter((entry) => selects(subscription, entry));
      if (wanted.length > 0) send(socket, { type: 'delta', seq, atMs: systemClock.nowMs(), entries: wanted });
    }
  }

  function subscribe(socket: WebSocket, message: ClientMessage): void {
    subscriptions.push(message);
    followers.set(socket, message);
    const nowMs = systemClock.nowMs();
    const readings = message.topics
      .filter((topic) => topic.startsWith('device:'))
      .flatMap((topic) => site.devices.filter(({ id }) => `device:${id}` === topic))
      .map(
        (device): LiveEntry => [
          `readings/${device.id}`,
          { device: device.id, readings: readingsOf(device, nowMs) },
        ],
      );
    const all = [...([...entries] as LiveEntry[]), ...readings];
    const wanted = all.filter((entry) => selects(message, entry));
    send(socket, { type: 'snapshot', epoch, seq, atMs: nowMs, entries: wanted });
  }

  const care = fakeCare(entries, put, () => systemClock.nowMs());

  const beat = setInterval(() => {
    for (const socket of followers.keys())
      send(socket, { type: 'heartbeat', seq, atMs: systemClock.nowMs() });
  }, HEARTBEAT_MS / 2);

  http.on('upgrade', (request, socket, head) => {
    if (isAway || fake.session.account === undefined) {
      refusals += 1;
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('message', (data: Buffer) => subscribe(opened, JSON.parse(data.toString()) as ClientMessage));
      opened.on('close', () => followers.delete(opened));
    });
  });

  const routes: Readonly<Record<string, (url: URL, body: Record<string, string>) => unknown>> = {
    'GET /api/traps': () => ({
      agents: [
        {
          agent: 'local',
          listen: '127.0.0.1:9162',
          sources: [
            {
              address: '10.9.8.7',
              refusal: 'unknown_source',
              count: 3,
              firstAtMs: systemClock.nowMs() - 90_000,
              lastAtMs: systemClock.nowMs() - 4_000,
              oid: '1.3.6.1.6.3.1.1.5.1',
              name: 'coldStart',
            },
          ],
        },
      ],
    }),
    'GET /api/session': () => fake.session,
    'POST /api/session': (_url, body) => {
      if (body['password'] === 'wrong') return { status: 401, code: 'wrong_credentials', message: 'wrong' };
      fake.session = { ...signedOut, isFirstRun: false, account };
      return fake.session;
    },
    'POST /api/first-run': (_url, body) => {
      fake.session = {
        ...signedOut,
        isFirstRun: false,
        account: { ...account, displayName: body['displayName'] ?? '' },
      };
      return { ...fake.session, slips: [] };
    },
    'DELETE /api/session': () => {
      fake.session = signedOut;
      for (const socket of followers.keys()) socket.close();
      return fake.session;
    },
    'GET /api/marks': () => ({ marks: [] }),
    'GET /api/alerts/history': () => ({ entries: fake.history }),
    'GET /api/silences': () => ({ silences: care.silences }),
    'GET /api/colleagues': () => ({ colleagues: [{ name: 'li', displayName: '李雷' }] }),
    'GET /api/outbox': () => ({ messages: fake.outbox }),
    'GET /api/receivers': () => receiversOf(systemClock.nowMs()),
    'GET /api/attention': () => reportOf(systemClock.nowMs()),
    'GET /api/chases': () => chasesOf(systemClock.nowMs()),
    'GET /api/lab': () => ({ scenarios: LAB_SCENARIOS, active: [...lab] }),
    'POST /api/lab': (_url, body) => {
      if (body['scenario'] === 'recover') lab.clear();
      else lab.add(body['scenario'] ?? '');
      return { scenarios: LAB_SCENARIOS, active: [...lab] };
    },
  };

  /** What is asked of one alert, and what is done about it. */
  function careRoute(url: URL, body: Record<string, string>): unknown {
    const [, , kind, name = '', what] = url.pathname.split('/');
    if (kind === 'commands') return care.command(name, body);
    if (kind !== 'alerts') return undefined;
    return what === 'verdicts' ? care.verdicts : care.file;
  }

  function deviceRoute(url: URL): unknown {
    const [, , of, id, what] = url.pathname.split('/');
    const metric = url.searchParams.get('metric');
    const nowMs = systemClock.nowMs();
    const tells = (one: SiteDevice): boolean => readingsOf(one, nowMs).some((own) => own.metric === metric);
    // A room shows one device of those that tell it.
    const device = site.devices.find((one) =>
      of === 'rooms' ? one.room === id && tells(one) : one.id === id,
    );
    if (device === undefined) return { status: 404, code: 'not_found', message: 'no such device' };
    if (what === 'debug') {
      return {
        profiles: ['ups-mib', 'entity-sensor-mib'],
        exchanges: [
          { atMs: nowMs - 3000, durationMs: 12, request: 'GET 24 OIDs', outcome: '24 values, 812 bytes' },
          { atMs: nowMs - 13_000, durationMs: 1002, request: 'GET 24 OIDs', outcome: 'timeout, tried again' },
        ],
        traps: [
          {
            firstAtMs: nowMs - 63_000,
            lastAtMs: nowMs - 3_000,
            count: 2,
            version: '2c',
            isInform: false,
            oid: '1.3.6.1.2.1.33.2.1',
            name: 'upsTrapOnBattery',
            metrics: ['ups_output_source'],
            varBinds: [{ oid: '1.3.6.1.2.1.33.1.2.3.0', value: '48' }],
          },
        ],
      };
    }
    const same = readingsOf(device, nowMs).filter((reading) => reading.metric === metric);
    const span = [Number(url.searchParams.get('fromMs')), Number(url.searchParams.get('toMs'))] as const;
    return chartOf(
      same.map(({ labels }) => labels),
      same[0]?.value ?? 1,
      span,
    );
  }

  function sendFile(url: URL, response: ServerResponse): void {
    const asked = join(DIST, url.pathname);
    const file = extname(asked) !== '' && existsSync(asked) ? asked : join(DIST, 'index.html');
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    });
    response.end(readFileSync(file));
  }

  function sendMail(id: number, response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    });
    response.end(fake.outbox.find((message) => message.id === id)?.html ?? '');
  }

  function resultOf(line: string, url: URL, body: Record<string, string>): unknown {
    return routes[line]?.(url, body) ?? careRoute(url, body) ?? deviceRoute(url);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/api/')) {
      sendFile(url, response);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body: Record<string, string> = text === '' ? {} : (JSON.parse(text) as Record<string, string>);
    const line = `${request.method ?? 'GET'} ${url.pathname}`;
    requests.push({ line, body });
    if (isAway) {
      response.destroy();
      return;
    }
    if (/^\/api\/outbox\/\d+\/html$/.test(url.pathname)) {
      sendMail(Number(url.pathname.split('/')[3]), response);
      return;
    }
    const result = resultOf(line, url, body);
    const { status = 200 } = result as { status?: number };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  }

  const fake: FakeCollector = {
    url: '',
    entries,
    requests,
    subscriptions,
    get refusals() {
      return refusals;
    },
    session: isSignedIn ? { ...signedOut, account } : signedOut,
    history: [],
    outbox: [],
    care,
    put,
    goSilent() {
      isSilent = true;
    },
    goAway() {
      isAway = true;
      for (const socket of followers.keys()) socket.terminate();
    },
    comeBack() {
      isAway = false;
      isSilent = false;
    },
    async stop() {
      clearInterval(beat);
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      await new Promise<void>((closed) => http.close(() => closed()));
    },
  };
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const { port } = http.address() as AddressInfo;
  return Object.assign(fake, { url: `http://127.0.0.1:${port}` });
}

export function historyOf(alerts: readonly AlertView[], nowMs: number): readonly AlertHistoryEntry[] {
  return alerts.flatMap((alert, index): AlertHistoryEntry[] => [
    { id: index * 2 + 2, atMs: nowMs - index * 600_000, transition: 'resolved', alert },
    { id: index * 2 + 1, atMs: nowMs - index * 600_000 - 300_000, transition: 'fired', alert },
  ]);
}
