// Ten years of rounds: what each list takes through the interface of the running product, on both stores, and how soon a
// round opens on a phone's processor, with and without a connection.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openRecords } from '../../collector/records/open.ts';
import { loadConfig } from '../../config/load.ts';
import { openBrowser } from '../support/browser.ts';
import { makeFolder } from '../support/folder.ts';
import { DAY_MS, fillRounds, ROOMS, type Filled } from '../support/many-rounds.ts';
import { openPage, signIn } from '../support/pages.ts';
import { demoFolder } from '../support/site-folder.ts';
import { stores, type Store } from '../support/stores.ts';
import { ROOT, startWatchkeeper } from '../support/watchkeeper.ts';
import { printFigures, quantile } from './figures.ts';

const YEARS = 10;
const ASKED = 100;
/** One address may ask 1,200 times a minute. */
const PACE_MS = 55;
const PHONE = { viewport: { width: 360, height: 740 }, serviceWorkers: 'allow' } as const;
/** A phone's processor beside that of a desk (Lighthouse takes 4 for a good one). */
const SLOWER = 6;
const OPENINGS = 9;

const figures: Record<string, number> = {};
for (const store of await stores()) await measure(store, store.name === 'SQLite' ? 'sqlite' : 'postgres');
printFigures('rounds', figures);

async function measure(store: Store, name: string): Promise<void> {
  const { settings, remove } = store.make();
  const folder = makeFolder();
  try {
    const config = siteFolder(join(folder, 'config'), settings.postgres?.schema);
    const data = join(folder, 'data');
    const filled = await fill(data, config, settings);
    const program = await startWatchkeeper({ data, config, isDemoLogin: true });
    const browser = await openBrowser();
    try {
      const page = await openPage(browser, PHONE);
      await signIn(page, program.url, program.account ?? { name: '', password: '' });
      await askLists(page, program.url, name, filled.toMs);
      if (name === 'sqlite') await openOnPhone(page, program.url);
    } finally {
      await browser.close();
      await program.stop();
    }
    Object.assign(figures, { rounds: filled.rounds, items: filled.items, photos: filled.photos });
  } finally {
    await remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The demonstration with more rooms, its records where they are to be measured. */
function siteFolder(folder: string, schema: string | undefined): string {
  const rooms = Array.from({ length: ROOMS - 1 }, (_, index) => {
    const racks = `[{ id: R${index}-1 }, { id: R${index}-2 }]`;
    return `  - { id: r${index}, name: { zh-CN: ${index} 号机房, en: Room ${index} }, rows: [{ id: A, racks: ${racks} }] }`;
  });
  const demo = (name: string): string => readFileSync(join(ROOT, 'config', 'demo', name), 'utf8');
  const site = demo('site.yaml').replace(/\ndevices:/, `\n${rooms.join('\n')}\n\ndevices:`);
  const postgres = `records: { postgres: { host: 127.0.0.1, user: postgres, database: postgres, schema: ${schema} } }\n`;
  const collector = `${demo('collector.yaml')}\n${schema === undefined ? '' : postgres}`;
  return demoFolder(folder, { 'site.yaml': site, 'collector.yaml': collector });
}

async function fill(
  data: string,
  config: string,
  settings: ReturnType<Store['make']>['settings'],
): Promise<Filled & { readonly toMs: number }> {
  const { site } = loadConfig(config, process.env);
  const records = await openRecords(data, settings);
  const toMs = Date.now();
  try {
    const span = { fromMs: toMs - YEARS * 365.25 * DAY_MS, toMs };
    return { ...(await fillRounds(records.db, site, span)), toMs };
  } finally {
    await records.close();
  }
}

/** Each list asked by somebody who is signed in, one after the other. */
async function askLists(page: Page, url: string, store: string, toMs: number): Promise<void> {
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const month = (back: number): string => new Date(toMs - back * 30 * DAY_MS).toISOString().slice(0, 7);
  const some = Array.from({ length: ASKED }, (_, index) => index);
  const { rounds } = await ask<{ rounds: { id: string; receivedAtMs: number }[] }>(
    cookie,
    `${url}/api/rounds?limit=${ASKED}&toDay=${month(60)}-28`,
  );
  const range = (days: number, back = 0): string =>
    `fromMs=${toMs - (back + 3) * DAY_MS}&toMs=${toMs + (days - back) * DAY_MS}`;
  const lists: Readonly<Record<string, readonly string[]>> = {
    inbox: some.map(() => `/api/rounds/due?${range(8)}`),
    tasks: some.map(() => '/api/rounds/tasks'),
    calendar: some.map((index) => `/api/rounds/due?${range(35, index * 80)}`),
    heat_map: some.map(
      (index) => `/api/rounds/year?year=${new Date(toMs).getUTCFullYear() - (index % YEARS)}`,
    ),
    archive: some.map(() => '/api/rounds?limit=50'),
    archive_old: rounds.map(
      ({ receivedAtMs, id }) => `/api/rounds?limit=50&beforeMs=${receivedAtMs}&beforeId=${id}`,
    ),
    archive_month: some.map(
      (index) => `/api/rounds?limit=50&fromDay=${month(index)}-01&toDay=${month(index)}-31`,
    ),
    archive_template: some.map((index) => `/api/rounds?limit=50&template=monthly-r${index % (ROOMS - 1)}`),
    archive_result: some.map(
      (index) => `/api/rounds?limit=50&result=${index % 2 === 0 ? 'abnormal' : 'incomplete'}`,
    ),
    archive_person: some.map(
      (index) => `/api/rounds?limit=50&walkedBy=${index % 2 === 0 ? 'anna' : 'nobody'}`,
    ),
    archive_all: some.map(
      (index) =>
        `/api/rounds?limit=50&walkedBy=bo&result=abnormal&doubt=sensor_differs&template=quarterly-r${index % 20}`,
    ),
    differences: some.map(
      (index) => `/api/rounds?limit=50&doubt=${index % 4 === 3 ? 'late' : 'sensor_differs'}`,
    ),
    differences_month: some.map(
      (index) =>
        `/api/rounds?limit=50&doubt=sensor_differs&fromDay=${month(index)}-01&toDay=${month(index)}-31`,
    ),
    one: rounds.map(({ id }) => `/api/rounds/${id}`),
    binder: some.map((index) => `/api/rounds/bound?month=${month(index)}`),
    places: some.map(() => '/api/rounds/places'),
    pack: some.map(() => '/api/rounds/pack'),
  };
  let worst = { name: '', ms: 0 };
  for (const [name, addresses] of Object.entries(lists)) {
    const tookMs: number[] = [];
    // What is asked for the first time after a start may load its code.
    await ask(cookie, `${url}${addresses[0]}`);
    for (const address of addresses) {
      const beganMs = performance.now();
      await ask(cookie, `${url}${address}`);
      const took = performance.now() - beganMs;
      tookMs.push(took);
      await new Promise((next) => setTimeout(next, Math.max(0, PACE_MS - took)));
    }
    const ms = quantile(tookMs, 0.99);
    figures[`${name}_p99_ms_${store}`] = ms;
    if (ms > worst.ms) worst = { name, ms };
  }
  figures[`list_p99_ms_${store}`] = worst.ms;
  process.stderr.write(`${store}: the slowest list is ${worst.name}\n`);
}

async function ask<T>(cookie: string, url: string): Promise<T> {
  const answer = await fetch(url, { headers: { cookie } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

/** From the press until the first item of the round can be answered, each time in a page of its own: the median, as this machine may be doing other things. */
async function openOnPhone(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/rounds`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page
    .locator('[data-template="daily-main"]')
    .getByRole('button', { name: 'Begin a special round' })
    .click();
  await page.locator('.round-walk').waitFor();
  const address = page.url();
  figures['open_throttled_s'] = await median(page, address);
  await page.context().setOffline(true);
  figures['open_offline_throttled_s'] = await median(page, address);
}

async function median(page: Page, address: string): Promise<number> {
  const tookS: number[] = [];
  for (let opening = 0; opening < OPENINGS; opening += 1) {
    const own = await page.context().newPage();
    const session = await own.context().newCDPSession(own);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    const beganMs = performance.now();
    await own.goto(address, { waitUntil: 'commit' });
    await own.locator('.round-walk [data-item]').first().waitFor();
    tookS.push((performance.now() - beganMs) / 1_000);
    await own.close();
  }
  return quantile(tookS, 0.5);
}
