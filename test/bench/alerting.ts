// From an alert to a webhook (beside Debian's Alertmanager), from a trap to a mail and to the page, and 10,000 at once.
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import type { AlertsBody } from '../../config/model/api.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { makeFolder } from '../support/folder.ts';
import { openMailbox } from '../support/mailbox.ts';
import { openPage, signIn } from '../support/pages.ts';
import { descendantWith } from '../support/processes.ts';
import { demoFolder } from '../support/site-folder.ts';
import { programPath } from '../support/system.ts';
import { startWatchkeeper } from '../support/watchkeeper.ts';
import { forgetPeak, peakResidentMb, printFigures, quantile, residentMb } from './figures.ts';

const RAISED = 150;
const TRAPS = 10;
const MANY = 10_000;
const WITHIN_MS = 120_000;
const DEVICE = 'ups-a';

/** All, or those that are named. */
const PARTS = ['raise', 'mail', 'dom', 'many'] as const;
const named = PARTS.filter((part) => process.argv.includes(part));
const parts = new Set(named.length === 0 ? PARTS : named);

const folder = makeFolder();
const hook = await openHook();
const mailbox = await openMailbox();
const config = demoFolder(join(folder, 'config'), {
  'notify.yaml': `
smtp: { host: 127.0.0.1, port: ${mailbox.port}, security: none, from: watchkeeper@room.example }
receivers:
  - { name: hook, webhook: [{ url: "http://127.0.0.1:${hook.port}/ours" }] }
  - { name: engineer, mail: [engineer@room.example], language: en }
route:
  receiver: engineer
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  routes: [{ receiver: hook, matchers: ['alertname=~"Raised.*"'] }]
inhibit_rules:
  - { source_matchers: ['alertname="CoreSwitchDown"'], target_matchers: ['alertname="BehindTheCore"'], equal: [core] }
`,
});
const program = await startWatchkeeper({ data: join(folder, 'data'), config, isDemoLogin: true });
const cookie = await sessionOf();
const collector = descendantWith(program.process.pid ?? 0, 'collector/main.ts');
const figures: Record<string, number> = {};
if (parts.has('raise')) await raising();
if (parts.has('mail')) await mailing();
if (parts.has('dom') || parts.has('many')) await looking();
await program.stop();
await mailbox.close();
hook.server.close();
rmSync(folder, { recursive: true, force: true });
printFigures('alerting', figures);
process.exit(0);

async function raising(): Promise<void> {
  const ours = await raiseMs('ours', (alert) => post([alert]));
  figures['raise_to_webhook_p50_ms'] = quantile(ours, 0.5);
  figures['raise_to_webhook_p99_ms'] = quantile(ours, 0.99);
  const theirs = await alertmanagerMs();
  if (theirs === undefined) return;
  figures['alertmanager_raise_to_webhook_p99_ms'] = quantile(theirs, 0.99);
  figures['raise_to_webhook_p99_vs_alertmanager'] = quantile(ours, 0.99) / quantile(theirs, 0.99);
}

async function mailing(): Promise<void> {
  const mailMs = await trapMs(async () => {
    const before = mailbox.mails.length;
    const isTold = (): boolean =>
      mailbox.mails.slice(before).some(({ subject }) => subject.includes('battery'));
    await until(async () => isTold(), 2);
    return performance.now();
  });
  figures['trap_to_mail_p50_ms'] = quantile(mailMs, 0.5);
  figures['trap_to_mail_p99_ms'] = quantile(mailMs, 0.99);
}

/** What a person sees at a desk. */
async function looking(): Promise<void> {
  if (CHROMIUM === undefined) throw new Error('the benchmark needs Chromium');
  const browser = await openBrowser();
  const page = await openPage(browser);
  await signIn(page, program.url, program.account ?? { name: '', password: '' });
  if (parts.has('dom')) {
    const domMs = await trapMs(() => tileChanged(page));
    figures['trap_to_dom_p50_ms'] = quantile(domMs, 0.5);
    figures['trap_to_dom_p99_ms'] = quantile(domMs, 0.99);
  }
  if (parts.has('many')) Object.assign(figures, await manyAtOnce(page));
  await browser.close();
}

async function sessionOf(): Promise<string> {
  const { name, password } = program.account ?? {};
  const answer = await ask('/api/session', { name, password }, '');
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

async function ask(path: string, body: unknown, as = cookie): Promise<Response> {
  const answer = await fetch(program.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: program.url, cookie: as },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

type Raised = Readonly<Record<'labels' | 'annotations', Readonly<Record<string, string>>>> & {
  readonly endsAt?: string;
};

/** As a page of ours does: the token of a program takes the same road. */
async function post(alerts: readonly Raised[]): Promise<void> {
  await ask('/api/v2/alerts', alerts);
}

/** How long after it was posted each alert was heard. */
async function raiseMs(path: string, raise: (alert: Raised) => Promise<void>): Promise<readonly number[]> {
  const latenciesMs: number[] = [];
  for (let n = 0; n < RAISED; n += 1) {
    const alertname = `Raised${path}${n}`;
    const heard = hook.heard(alertname);
    const beganMs = performance.now();
    await raise({ labels: { alertname, severity: 'info' }, annotations: {} });
    latenciesMs.push((await heard) - beganMs);
  }
  return latenciesMs;
}

async function openHook() {
  const waiting = new Map<string, (atMs: number) => void>();
  const server: Server = createServer((request, response) => {
    const atMs = performance.now();
    void json(request).then((body) => {
      const { alerts } = body as { readonly alerts: readonly Raised[] };
      for (const { labels } of alerts) waiting.get(labels['alertname'] ?? '')?.(atMs);
      response.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    server,
    port: (server.address() as AddressInfo).port,
    heard: (alertname: string) => new Promise<number>((done) => void waiting.set(alertname, done)),
  };
}

/** Debian's Alertmanager, asked and heard in the same way; `undefined` where it is not installed. */
async function alertmanagerMs(): Promise<readonly number[] | undefined> {
  const path = programPath('prometheus-alertmanager');
  if (path === undefined) return undefined;
  const file = join(folder, 'alertmanager.yml');
  writeFileSync(
    file,
    `route: { receiver: hook, group_by: [alertname], group_wait: 0s, group_interval: 1s }
receivers: [{ name: hook, webhook_configs: [{ url: "http://127.0.0.1:${hook.port}/theirs" }] }]`,
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/api/v2`;
  const peer: ChildProcess = spawn(
    path,
    [
      `--config.file=${file}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  try {
    await until(async () => (await fetch(`${url}/status`)).ok);
    return await raiseMs('theirs', async (alert) => {
      await fetch(`${url}/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([alert]),
      });
    });
  } finally {
    peer.kill();
  }
}

/** The mains of a UPS fail, which it tells by a trap: how long until it is seen, each time. */
async function trapMs(seen: () => Promise<number>): Promise<readonly number[]> {
  const latenciesMs: number[] = [];
  for (let n = 0; n < TRAPS; n += 1) {
    await until(isCalm, 200);
    // At no fixed place between two polls.
    await new Promise((next) => setTimeout(next, Math.random() * 5_000));
    const noticed = seen();
    const beganMs = performance.now();
    await ask('/api/lab', { scenario: 'mains-failure' });
    latenciesMs.push((await noticed) - beganMs);
    await ask('/api/lab', { scenario: 'recover' });
  }
  await until(isCalm, 200);
  return latenciesMs;
}

async function isCalm(): Promise<boolean> {
  const answer = await fetch(`${program.url}/api/alerts`, { headers: { cookie } });
  const { alerts } = (await answer.json()) as AlertsBody;
  return answer.ok && !alerts.some(({ device }) => device === DEVICE);
}

/** The first change of the tile, by the clock of this process. */
async function tileChanged(on: Page): Promise<number> {
  await on.evaluate((id) => {
    const tile = document.querySelector(`[data-device="${id}"]`);
    if (tile === null) throw new Error(`no tile of ${id}`);
    return new Promise<void>((done) => {
      const observer = new MutationObserver(() => {
        if (tile.getAttribute('data-sign') === 'ok') return;
        observer.disconnect();
        done();
      });
      observer.observe(tile, { attributes: true, attributeFilter: ['data-sign'] });
    });
  }, DEVICE);
  return performance.now();
}

/** A core switch is lost, and 10,000 alerts of what is behind it come with it. */
async function manyAtOnce(page: Page): Promise<Readonly<Record<string, number>>> {
  await page.goto(`${program.url}/alerts`);
  await page.locator('h1').first().waitFor();
  const mails = mailbox.mails.length;
  const beforeMb = residentMb(collector);
  forgetPeak(collector);
  const labels = { core: 'core-1', severity: 'critical' };
  const alerts = [
    {
      labels: { ...labels, alertname: 'CoreSwitchDown' },
      annotations: { summary: 'The core switch is down' },
    },
    ...Array.from({ length: MANY }, (_none, n) => ({
      labels: { ...labels, alertname: 'BehindTheCore', instance: `10.0.${n >> 8}.${n & 255}` },
      annotations: { summary: `Host ${n} does not answer` },
    })),
  ];
  const beganMs = performance.now();
  await post(alerts);
  const takenMs = performance.now() - beganMs;
  const row = page.locator('[data-alert="CoreSwitchDown"]').first();
  await row.waitFor({ timeout: WITHIN_MS });
  const shownMs = performance.now() - beganMs;
  // Usable: what one asks of the row is there.
  await row.click();
  await page
    .getByRole('button', { name: /Acknowledge/ })
    .first()
    .waitFor({ timeout: WITHIN_MS });
  const usableMs = performance.now() - beganMs;
  await until(() => Promise.resolve(mailbox.mails.length > mails));
  const mailMs = performance.now() - beganMs;
  await new Promise((settled) => setTimeout(settled, 10_000));
  const told = mailbox.mails.slice(mails).filter(({ subject }) => /core switch|Host/.test(subject)).length;
  const peakMb = peakResidentMb(collector);
  const endsAt = new Date(performance.timeOrigin + performance.now()).toISOString();
  await post(alerts.map((alert) => ({ ...alert, endsAt })));
  await row.waitFor({ state: 'detached', timeout: WITHIN_MS });
  await new Promise((settled) => setTimeout(settled, 20_000));
  return {
    many_taken_ms: takenMs,
    many_shown_ms: shownMs,
    many_usable_ms: usableMs,
    many_mail_ms: mailMs,
    many_mails: told,
    many_rss_before_mb: beforeMb,
    many_rss_peak_mb: peakMb,
    many_rss_after_mb: residentMb(collector),
  };
}

async function freePort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

async function until(isSo: () => Promise<boolean>, everyMs = 20): Promise<void> {
  const deadlineMs = performance.now() + WITHIN_MS;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > deadlineMs) throw new Error('it did not become so');
    await new Promise((next) => setTimeout(next, everyMs));
  }
}
