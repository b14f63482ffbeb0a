import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { createPasswords } from '../../collector/api/auth/passwords.ts';
import { startCollector } from '../../collector/app.ts';
import { addAccount } from '../../collector/records/accounts.ts';
import { openRecords } from '../../collector/records/open.ts';
import { savePattern } from '../../collector/records/roster.ts';
import type { Role } from '../../config/model/account.ts';
import type { CommandName } from '../../config/model/command.ts';
import { TRAININGS } from '../../config/model/person.ts';
import type { RecordsSettings } from '../../config/records.ts';
import { openBrowser } from './browser.ts';
import { makeFolder } from './folder.ts';
import { openMailbox, type ReceivedMail } from './mailbox.ts';
import { movableClock, type MovableClock } from './movable-clock.ts';
import { openPage, PASSWORD, signIn } from './pages.ts';
import { startPageServer } from './page-server.ts';
import { DAY, NIGHT, pattern } from './roster.ts';
import { silentLog } from './silent-log.ts';

/** Li has the day, Wang the night, Chen leads; all as an ordinary Monday has them. */
export const DAY_PEOPLE: Readonly<Record<'li' | 'wang' | 'chen', Role>> = {
  li: 'operator',
  wang: 'operator',
  chen: 'engineer',
};
export type DayPerson = keyof typeof DAY_PEOPLE;

/** An instant of that Monday, by the clock of the site. */
export const onMonday = (time: string): number => Date.parse(`2026-11-23T${time}+08:00`);

const SENSORS = ['rack-1', 'rack-2', 'rack-3', 'rack-4'] as const;
export type Rack = (typeof SENSORS)[number];

const SITE = JSON.stringify({
  name: { 'zh-CN': '政务机房', en: 'Service centre' },
  time_zone: 'Asia/Shanghai',
  rooms: [{ id: 'main', name: 'Main' }],
  devices: SENSORS.map((id) => ({
    id,
    name: id,
    kind: 'climate_sensor',
    room: 'main',
    snmp: { host: '127.0.0.1' },
  })),
});

const RULES = `
groups:
  - name: day
    interval: 1s
    rules:
      - alert: RackHot
        expr: sensor_celsius{device=~"rack-.*"} > 50
        labels: { severity: major }
        annotations: { summary_en: "Hot: {{ $labels.device }}", summary_zh: "过热：{{ $labels.device }}" }
`;

const notifyOf = (port: number): string =>
  JSON.stringify({
    smtp: { host: '127.0.0.1', port, security: 'none', from: 'watchkeeper@room.example' },
    receivers: [{ name: 'watch', watch: 'operator', language: 'en' }],
    route: { receiver: 'watch', group_by: ['alertname', 'device'], group_wait: '0s', group_interval: '1s' },
  });

/** Readings of all racks, as an agent shows them. */
const pageOf = (hot: ReadonlySet<string>): string =>
  SENSORS.map(
    (id) =>
      `device_up{device="${id}"} 1\nsensor_celsius{device="${id}",sensor="inlet"} ${hot.has(id) ? 55 : 23}\n`,
  ).join('');

/** A whole collector with an agent's page, a mail server, and a browser in which three people are signed in. */
export interface WatchDay {
  readonly clock: MovableClock;
  readonly url: string;
  readonly pages: Readonly<Record<DayPerson, Page>>;
  /** Addresses that were written to, and of what, since the last call. */
  newMails(): readonly { readonly to: string; readonly subject: string }[];
  readonly mails: readonly ReceivedMail[];
  heat(rack: Rack): void;
  cool(rack: Rack): void;
  /** Goes to a page by the person's own browser. */
  go(who: DayPerson, path: string): Promise<void>;
  /** Presses a command's button, fills in what it asks for, reads what it will do, and does it. */
  give(who: DayPerson, name: CommandName, fields?: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

export async function startWatchDay(records: RecordsSettings): Promise<WatchDay> {
  const mailbox = await openMailbox();
  const agent = await startPageServer(pageOf(new Set()));
  const folder = makeFolder({
    'config/site.yaml': SITE,
    'config/rules/day.yaml': RULES,
    // Hours that pass in a moment leave the agent behind: that it is silent is no part of this day.
    'config/rules/watcher.yaml': 'groups: []\n',
    'config/notify.yaml': notifyOf(mailbox.port),
    'config/collector.yaml': JSON.stringify({
      listen: '127.0.0.1:0',
      scrape_interval: '1s',
      history: 'off',
      people: { heads: ['chen'], idle_log_off: '24h' },
      records: recordsFile(records),
    }),
  });
  const clock = movableClock(onMonday('07:35:00'));
  await seed(join(folder, 'data'), records, clock.nowMs());
  const collector = await startCollector({
    configFolder: join(folder, 'config'),
    dataFolder: join(folder, 'data'),
    env: { WATCHKEEPER_AGENT_URL: agent.url },
    clock,
    log: silentLog(),
  });
  const url = collector.addresses['page'] ?? '';
  const browser = await openBrowser();
  const pages = await pagesOf(browser, url);
  const hot = new Set<string>();
  let read = 0;
  return {
    clock,
    url,
    pages,
    mails: mailbox.mails,
    newMails() {
      const fresh = mailbox.mails.slice(read);
      read = mailbox.mails.length;
      return fresh.flatMap(({ to, subject }) => to.map((address) => ({ to: address, subject })));
    },
    heat: (rack) => (agent.page = pageOf(hot.add(rack))),
    cool(rack) {
      hot.delete(rack);
      agent.page = pageOf(hot);
    },
    async go(who, path) {
      await pages[who].goto(url + path);
      await pages[who].locator('h1').waitFor();
    },
    give: (who, name, fields) =>
      giveOn(pages[who], pages[who].locator(`[data-command-button="${name}"]`), fields),
    async close() {
      await browser.close();
      await collector.stop();
      await agent.stop();
      await mailbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function recordsFile({ postgres }: RecordsSettings): object {
  if (postgres === undefined) return {};
  const { host, port, user, database, schema } = postgres;
  return { postgres: { host, port, user, database, schema } };
}

/** The people and the plan, as they were before that day. */
async function seed(data: string, settings: RecordsSettings, atMs: number): Promise<void> {
  mkdirSync(data, { recursive: true });
  const records = await openRecords(data, settings);
  const { db } = records;
  const passwordHash = await createPasswords().hash(PASSWORD);
  for (const [name, role] of Object.entries(DAY_PEOPLE)) {
    await addAccount(db, {
      name,
      displayName: name,
      mail: `${name}@room.example`,
      vettedOn: '2026-01-01',
      qualifications: TRAININGS.map((training) => ({ training, passedOn: '2026-01-01' })),
      roles: [role],
      language: 'en',
      passwordHash,
      createdAtMs: atMs,
      isDemonstration: false,
    });
  }
  await savePattern(
    db,
    pattern({
      shifts: [DAY, NIGHT],
      rotas: [{ post: 'operator', groups: [['li'], ['wang']], unit: 'week', every: 52, offsets: [0, 1] }],
    }),
  );
  await records.close();
}

async function pagesOf(browser: Browser, url: string): Promise<WatchDay['pages']> {
  const opened = Object.keys(DAY_PEOPLE).map(async (name) => {
    const page = await openPage(browser, { acceptDownloads: true });
    await signIn(page, url, { name, password: PASSWORD });
    return [name, page] as const;
  });
  return Object.fromEntries(await Promise.all(opened)) as WatchDay['pages'];
}

/** Presses a command's button, fills in what is asked for, reads what it will do, does it, and closes its window. */
export async function giveOn(
  page: Page,
  button: Locator,
  fields: Readonly<Record<string, string>> = {},
): Promise<void> {
  await button.click();
  const dialog = page.getByRole('dialog');
  for (const [field, value] of Object.entries(fields)) {
    const input = dialog.locator(`[name="${field}"]`);
    const isChoice = (await input.evaluate((element) => element.tagName)) === 'SELECT';
    await (isChoice ? input.selectOption(value) : input.fill(value));
  }
  if (Object.keys(fields).length > 0) await dialog.getByRole('button', { name: 'Go on' }).click();
  await untilCommand(dialog, 'previewed');
  await dialog.getByRole('button', { name: 'Do it' }).click();
  await untilCommand(dialog, 'done');
  await dialog.getByRole('button', { name: 'Close' }).click();
}

/** A refusal is told as it stands there. */
async function untilCommand(dialog: Locator, kind: 'previewed' | 'done'): Promise<void> {
  await dialog.locator(`[data-command="${kind}"], [data-command="refused"]`).waitFor();
  const refused = dialog.locator('[data-command="refused"]');
  if ((await refused.count()) > 0) throw new Error(await refused.innerText());
}

/** Proves who one is and signs, in a form of the page. */
export async function signOn(form: Locator, password = PASSWORD): Promise<void> {
  await form.getByLabel('Password', { exact: true }).fill(password);
  await form.getByRole('button').last().click();
}
