// From an alert to a webhook (beside Debian's Alertmanager), from a trap to a mail and to the page, and 10,000 at once.
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import {
  openHook,
  startAlertingSite,
  type AlertingSite,
  type Hook,
  type Raised,
} from '../support/alerting-site.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { makeFolder } from '../support/folder.ts';
import { openPage, signIn } from '../support/pages.ts';
import { freePort } from '../support/free-port.ts';
import { programPath } from '../support/system.ts';
import { forgetPeak, peakResidentMb, printFigures, quantile, residentMb } from './figures.ts';

const RAISED = 300;
/**
 * More than ten alerts that are told in ten minutes are a flood, of which mails tell together. One that fires twice, as
 * when a poll was under way while its trap came, must not make one of these.
 */
const TRAPS_IN_A_LIFE = 7;
const LIVES = 5;
const MANY = 10_000;
/** How long a start takes until what it needed for itself is given back. */
const SETTLED_MS = 30_000;
/** What is over is forgotten after a minute, and the memory is given back after that. */
const BACK_AFTER_MINUTES = 3;
const WITHIN_MS = 120_000;
const DEVICE = 'ups-a';

/** Each with a program of its own: what one raises must not be another's flood. All, or those that are named. */
const PARTS = { raise: raising, mail: mailing, dom: looking, many: manyAtOnce } as const;
const NAMES = Object.keys(PARTS) as readonly (keyof typeof PARTS)[];
const named = NAMES.filter((part) => process.argv.includes(part));
const figures: Record<string, number> = {};
for (const part of named.length === 0 ? NAMES : named) Object.assign(figures, await PARTS[part]());
printFigures('alerting', figures);
process.exit(0);

type Figures = Readonly<Record<string, number>>;

/**
 * The room with a fresh folder. What is critical is told at once, also of a group that was told a moment ago: the same
 * mains fail again and again.
 */
async function withSite<T>(work: (site: AlertingSite, hook: Hook, folder: string) => Promise<T>): Promise<T> {
  const folder = makeFolder();
  const hook = await openHook();
  const site = await startAlertingSite(
    folder,
    `
receivers:
  - { name: hook, webhook: [{ url: "http://127.0.0.1:${hook.port}/ours" }] }
  - { name: engineer, mail: [engineer@room.example], language: en }
route:
  receiver: engineer
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  urgent: [critical]
  routes: [{ receiver: hook, matchers: ['alertname=~"Raised.*"'] }]
inhibit_rules:
  - { source_matchers: ['alertname="CoreSwitchDown"'], target_matchers: ['alertname="BehindTheCore"'], equal: [core] }
`,
  );
  try {
    return await work(site, hook, folder);
  } finally {
    await site.stop();
    hook.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function raising(): Promise<Figures> {
  return withSite(async (site, hook, folder) => {
    const ours = await raiseMs(hook, 'ours', (alert) => site.post([alert]));
    const theirs = await alertmanagerMs(hook, folder);
    return {
      raise_to_webhook_p50_ms: quantile(ours, 0.5),
      raise_to_webhook_p99_ms: quantile(ours, 0.99),
      ...(theirs === undefined
        ? {}
        : {
            alertmanager_raise_to_webhook_p50_ms: quantile(theirs, 0.5),
            alertmanager_raise_to_webhook_p99_ms: quantile(theirs, 0.99),
            raise_to_webhook_p99_vs_alertmanager: quantile(ours, 0.99) / quantile(theirs, 0.99),
          }),
    };
  });
}

async function mailing(): Promise<Figures> {
  const lives: (readonly number[])[] = [];
  for (let life = 0; life < LIVES; life += 1) lives.push(await withSite(mailMs));
  const all = lives.flat();
  return {
    trap_to_mail_p50_ms: quantile(all, 0.5),
    trap_to_mail_p99_ms: quantile(all, 0.99),
    // The first comes while all programs are still busy with their start.
    trap_to_mail_first_max_ms: Math.max(...lives.map(([first = 0]) => first)),
    trap_to_mail_later_max_ms: Math.max(...lives.flatMap((life) => life.slice(1))),
  };
}

async function mailMs(site: AlertingSite): Promise<readonly number[]> {
  // What else a mains failure raises would make a flood of the third.
  await site.silence([{ name: 'device', op: '!=', value: DEVICE }]);
  await site.silence([{ name: 'alertname', op: '!=', value: 'UpsOnBattery' }]);
  return trapMs(site, async () => {
    const before = site.mailbox.mails.length;
    const isTold = (): boolean =>
      site.mailbox.mails.slice(before).some(({ subject }) => subject.startsWith('[Critical] UPS on battery'));
    await until(async () => isTold(), 2);
    return performance.now();
  });
}

/** What a person sees at a desk. */
async function atDesk<T>(look: (site: AlertingSite, page: Page) => Promise<T>): Promise<T> {
  if (CHROMIUM === undefined) throw new Error('the benchmark needs Chromium');
  return withSite(async (site) => {
    const browser = await openBrowser();
    try {
      const page = await openPage(browser);
      await signIn(page, site.program.url, site.program.account ?? { name: '', password: '' });
      return await look(site, page);
    } finally {
      await browser.close();
    }
  });
}

async function looking(): Promise<Figures> {
  const domMs = await atDesk((site, page) => trapMs(site, () => tileChanged(page)));
  return { trap_to_dom_p50_ms: quantile(domMs, 0.5), trap_to_dom_p99_ms: quantile(domMs, 0.99) };
}

/** How long after it was posted each alert was heard. */
async function raiseMs(
  hook: Hook,
  path: string,
  raise: (alert: Raised) => Promise<void>,
): Promise<readonly number[]> {
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

/** Debian's Alertmanager, asked and heard in the same way; `undefined` where it is not installed. */
async function alertmanagerMs(hook: Hook, folder: string): Promise<readonly number[] | undefined> {
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
    return await raiseMs(hook, 'theirs', async (alert) => {
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
async function trapMs(site: AlertingSite, seen: () => Promise<number>): Promise<readonly number[]> {
  const isCalm = async (): Promise<boolean> => (await site.alerts()).every(({ device }) => device !== DEVICE);
  const latenciesMs: number[] = [];
  for (let n = 0; n < TRAPS_IN_A_LIFE; n += 1) {
    await until(isCalm, 200);
    // At no fixed place between two polls.
    await new Promise((next) => setTimeout(next, Math.random() * 5_000));
    const noticed = seen();
    const beganMs = performance.now();
    await site.play('mains-failure');
    latenciesMs.push((await noticed) - beganMs);
    await site.play('recover');
  }
  return latenciesMs;
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
function manyAtOnce(): Promise<Figures> {
  return atDesk(coreLost);
}

async function coreLost(site: AlertingSite, page: Page): Promise<Figures> {
  const { program, mailbox, collector } = site;
  await page.goto(`${program.url}/alerts`);
  await page.locator('h1').first().waitFor();
  const mails = mailbox.mails.length;
  // What a start needs is not what the room needs.
  await new Promise((settled) => setTimeout(settled, SETTLED_MS));
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
  await site.post(alerts);
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
  const mailedMs = performance.now() - beganMs;
  await new Promise((settled) => setTimeout(settled, 10_000));
  const told = mailbox.mails.slice(mails).filter(({ subject }) => /core switch|Host/.test(subject)).length;
  const peakMb = peakResidentMb(collector);
  const endsAt = new Date(performance.timeOrigin + performance.now()).toISOString();
  await site.post(alerts.map((alert) => ({ ...alert, endsAt })));
  await row.waitFor({ state: 'detached', timeout: WITHIN_MS });
  await new Promise((settled) => setTimeout(settled, BACK_AFTER_MINUTES * 60_000));
  const afterMb = residentMb(collector);
  return {
    many_taken_ms: takenMs,
    many_shown_ms: shownMs,
    many_usable_ms: usableMs,
    many_mail_ms: mailedMs,
    many_mails: told,
    many_rss_before_mb: beforeMb,
    many_rss_peak_mb: peakMb,
    many_rss_after_mb: afterMb,
    many_rss_after_minutes: BACK_AFTER_MINUTES,
    many_rss_after_vs_before: afterMb / beforeMb,
  };
}

async function until(isSo: () => Promise<boolean>, everyMs = 20): Promise<void> {
  const deadlineMs = performance.now() + WITHIN_MS;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > deadlineMs) throw new Error('it did not become so');
    await new Promise((next) => setTimeout(next, everyMs));
  }
}
