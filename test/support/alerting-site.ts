import { join } from 'node:path';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { AlertsBody } from '../../config/model/api.ts';
import type { Matcher } from '../../config/model/series.ts';
import { openMailbox, type Mailbox } from './mailbox.ts';
import { freeUdpPort } from './free-port.ts';
import { descendantWith } from './processes.ts';
import { demoFolder } from './site-folder.ts';
import { startWatchkeeper, type Watchkeeper } from './watchkeeper.ts';

/** What is posted to `/api/v2/alerts`, and what a webhook tells. */
export interface Raised {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt?: string;
}

/** A webhook's receiver that tells when it heard of an alert. */
export interface Hook {
  readonly port: number;
  /** The instant (`performance.now()`) at which the next message about an alert of this name begins to come in. */
  heard(alertname: string): Promise<number>;
  close(): void;
}

export async function openHook(): Promise<Hook> {
  const waiting = new Map<string, (atMs: number) => void>();
  const server = createServer((request, response) => {
    const atMs = performance.now();
    void json(request).then((body) => {
      const { alerts } = body as { readonly alerts: readonly Raised[] };
      for (const { labels } of alerts) waiting.get(labels['alertname'] ?? '')?.(atMs);
      response.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    heard: (alertname) => new Promise<number>((done) => void waiting.set(alertname, done)),
    close: () => void server.close(),
  };
}

/** The demonstration room with a mailbox and a webhook, somebody signed in, and traps that reach the agent. */
export interface AlertingSite {
  readonly program: Watchkeeper;
  readonly mailbox: Mailbox;
  /** Process of the collector. */
  readonly collector: number;
  /** Alerts as a program of the site raises them. */
  post(alerts: readonly Raised[]): Promise<void>;
  play(scenario: string): Promise<void>;
  alerts(): Promise<AlertsBody['alerts']>;
  /** Nobody is told of alerts with labels that match, for an hour. */
  silence(matchers: readonly Matcher[]): Promise<void>;
  stop(): Promise<void>;
}

/** @param notify `notify.yaml` without its `smtp` */
export async function startAlertingSite(folder: string, notify: string): Promise<AlertingSite> {
  const mailbox = await openMailbox();
  const smtp = `smtp: { host: 127.0.0.1, port: ${mailbox.port}, security: none, from: watchkeeper@room.example }\n`;
  const program = await startWatchkeeper({
    data: join(folder, 'data'),
    config: demoFolder(join(folder, 'config'), { 'notify.yaml': smtp + notify }),
    isDemoLogin: true,
    // The simulated devices must know before where traps are heard.
    env: { WATCHKEEPER_TRAP_LISTEN: `127.0.0.1:${await freeUdpPort()}` },
  });
  let cookie = '';
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> => {
    const answer = await fetch(program.url + path, {
      method,
      headers: { 'content-type': 'application/json', origin: program.url, cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const session = await ask('POST', '/api/session', program.account);
  cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    program,
    mailbox,
    collector: descendantWith(program.process.pid ?? 0, 'collector-main.js'),
    post: async (alerts) => void (await ask('POST', '/api/v2/alerts', alerts)),
    play: async (scenario) => void (await ask('POST', '/api/lab', { scenario })),
    alerts: async () => ((await (await ask('GET', '/api/alerts')).json()) as AlertsBody).alerts,
    async silence(matchers) {
      const endsAtMs = performance.timeOrigin + performance.now() + 3_600_000;
      const input = { kind: 'silence', matchers, endsAtMs: Math.round(endsAtMs), reason: 'measured' };
      const path = '/api/commands/make-silence';
      const { version } = (await (await ask('POST', path, { mode: 'preview', input })).json()) as {
        readonly version: string;
      };
      await ask('POST', path, { mode: 'do', input, version });
    },
    async stop() {
      await program.stop();
      await mailbox.close();
    },
  };
}
