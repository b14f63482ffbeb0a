import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { openMailbox, type Mailbox, type ReceivedMail } from '../support/mailbox.ts';
import { makeHappen, openPage, signIn, untilTile } from '../support/pages.ts';
import { demoWith } from '../support/site-folder.ts';
import { createSnmpd, SNMPD, type Snmpd } from '../support/snmpd.ts';
import { startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

const SOON_MS = 60_000;

/** What waits in these tests is what the rules wait for (`for`), not the next reading. */
const BEATS = {
  'agent.yaml': 'poll_interval: 2s\n',
  'collector.yaml': 'scrape_interval: 2s\nevaluation_interval: 2s\n',
};

const notify = (port: number): string => `
smtp: { host: 127.0.0.1, port: ${port}, security: none, from: watchkeeper@room.example }
receivers:
  - { name: engineer, mail: [engineer@room.example], language: en }
# As without a tree, but for the beats: nobody waits a minute here for the end of what is not urgent.
route: { receiver: engineer, group_by: [alertname, room], group_wait: 3s, group_interval: 5s, urgent: [critical] }
`;

/** Everything that plays: the product, a browser that is signed in, and a mailbox. */
interface Stage {
  readonly program: Watchkeeper;
  readonly page: Page;
  readonly mailbox: Mailbox;
  /** The mails whose subject has all these words. */
  readonly mailsAbout: (...words: readonly string[]) => readonly ReceivedMail[];
  readonly alert: (name: string) => Locator;
  close(): Promise<void>;
}

async function setStage(config: string, data: string): Promise<Stage> {
  const mailbox = await openMailbox();
  writeFileSync(join(config, 'notify.yaml'), notify(mailbox.port));
  const browser: Browser = await openBrowser();
  const program = await startWatchkeeper({ data, config, isDemoLogin: true });
  const page = await openPage(browser);
  await signIn(page, program.url, program.account ?? { name: '', password: '' });
  return {
    program,
    page,
    mailbox,
    mailsAbout: (...words) =>
      mailbox.mails.filter(({ subject }) =>
        words.every((word) => subject.toLowerCase().includes(word.toLowerCase())),
      ),
    alert: (name) => page.locator(`[data-alert="${name}"]`).first(),
    async close() {
      await browser.close();
      await program.stop();
      await mailbox.close();
    },
  };
}

describe.skipIf(CHROMIUM === undefined)(
  'the first alarm: from the lab to the tile, the list and a real mailbox',
  () => {
    const data = sharedFolderWith();
    const config = demoWith(BEATS);
    let stage: Stage;
    beforeAll(async () => {
      stage = await setStage(config, data);
      await untilTile(stage.page, 'ups-a', 'ok');
    });
    afterAll(() => stage.close());

    it('is calm at first: nobody is written to while all is well', () => {
      expect(stage.mailbox.mails.map(({ subject }) => subject)).toEqual([]);
    });

    it.each([
      {
        scenario: 'mains-failure',
        device: 'ups-a',
        sign: 'critical',
        rule: 'UpsOnBattery',
        words: 'UPS on battery',
        devices: 2,
      },
      {
        scenario: 'smoke',
        device: 'smoke-1',
        sign: 'critical',
        rule: 'SmokeDetected',
        words: 'smoke',
        devices: 1,
      },
      { scenario: 'leak', device: 'leak-1', sign: 'critical', rule: 'WaterLeak', words: 'leak', devices: 1 },
      {
        scenario: 'hot-aisle',
        device: 'climate-a3',
        sign: 'major',
        rule: 'InletTemperatureHigh',
        words: 'inlet',
        devices: 1,
      },
    ])(
      '$scenario: tile, alarm with what to do, a mail for each device; recovered: resolved, one mail',
      { timeout: 240_000 },
      async ({ scenario, device, sign, rule, words, devices }) => {
        const { page, alert, mailsAbout } = stage;
        await makeHappen(page, scenario);
        await untilTile(page, device, sign, 150_000);
        await alert(rule).waitFor({ timeout: 150_000 });
        expect(await alert(rule).getAttribute('data-sign')).toBe(sign);
        const mails = await eventually(() => {
          const found = mailsAbout(words);
          expect(found.length).toBeGreaterThan(0);
          return found;
        }, SOON_MS);
        expect(mails[0]?.text).toMatch(/What to do/i);
        expect(mails[0]?.text).toContain(stage.program.url);
        expect(mails[0]?.html).toContain('<');
        await makeHappen(page, 'recover');
        await alert(rule).waitFor({ state: 'detached', timeout: 180_000 });
        await untilTile(page, device, 'ok', 180_000);
        await eventually(() => expect(mailsAbout('resolved', words)).toHaveLength(1), SOON_MS);
        // One for each device at most, as what is urgent does not wait for what joins it: nobody is told the same twice.
        const told = mailsAbout(words)
          .map(({ subject }) => subject)
          .filter((subject) => !/resolved/i.test(subject));
        expect(told).toEqual([...new Set(told)]);
        expect(told.length).toBeLessThanOrEqual(devices);
      },
    );

    it('shows on the page of mails what was sent, to whom', async () => {
      await stage.page.goto(`${stage.program.url}/messages`);
      await stage.page.getByText('engineer@room.example').first().waitFor();
    });

    it('keeps the story in the history', async () => {
      await stage.page.goto(`${stage.program.url}/alerts`);
      await stage.page.getByText(/Smoke/).first().waitFor();
    });
  },
);

const SYSTEM = 'sysDescr A UPS on a real agent';
const ON_BATTERY = [
  SYSTEM,
  'override 1.3.6.1.2.1.33.1.2.1.0 integer 2',
  'override 1.3.6.1.2.1.33.1.4.1.0 integer 5',
];
const ON_MAINS = [
  SYSTEM,
  'override 1.3.6.1.2.1.33.1.2.1.0 integer 2',
  'override 1.3.6.1.2.1.33.1.4.1.0 integer 3',
];

const site = (port: number): string => `
name: One UPS
demonstration: true
rooms: [{ id: main, name: Main room, rows: [{ id: A, racks: [{ id: A1 }] }] }]
devices:
  - { id: ups-real, name: Real UPS, kind: ups, room: main, rack: A1, unit: 1, height: 4, snmp: { host: 127.0.0.1, port: ${port} } }
`;

describe.skipIf(CHROMIUM === undefined || SNMPD === undefined)(
  'a device that dies while it is alarmed',
  () => {
    const data = sharedFolderWith();
    const config = sharedFolderWith(BEATS);
    const agentFolder = sharedFolderWith();
    let snmpd: Snmpd;
    let stage: Stage;
    beforeAll(async () => {
      snmpd = await createSnmpd(agentFolder, ON_MAINS);
      await snmpd.start();
      writeFileSync(join(config, 'site.yaml'), site(snmpd.port));
      stage = await setStage(config, data);
    });
    afterAll(async () => {
      await stage.close();
      await snmpd.kill();
    });

    it('is well on mains: a real snmpd is polled', async () => {
      await untilTile(stage.page, 'ups-real', 'ok');
    });

    it('is alarmed on battery', async () => {
      await snmpd.start(ON_BATTERY);
      await untilTile(stage.page, 'ups-real', 'critical');
      await stage.alert('UpsOnBattery').waitFor({ timeout: SOON_MS });
    });

    it('silent: unknown within three polls and a scrape, its alarm held and not resolved, its silence an alarm', async () => {
      await snmpd.kill();
      await untilTile(stage.page, 'ups-real', 'unknown', 20_000);
      await stage.page
        .locator('[data-alert="UpsOnBattery"][data-held="true"]')
        .first()
        .waitFor({ timeout: SOON_MS });
      await stage.alert('DeviceSilent').waitFor({ timeout: 90_000 });
      expect(stage.mailsAbout('resolved')).toEqual([]);
    });

    it('back on mains: judged anew and resolved, once', async () => {
      await snmpd.start(ON_MAINS);
      await untilTile(stage.page, 'ups-real', 'ok', SOON_MS);
      await stage.alert('UpsOnBattery').waitFor({ state: 'detached', timeout: SOON_MS });
      await stage.alert('DeviceSilent').waitFor({ state: 'detached', timeout: SOON_MS });
      await eventually(() => expect(stage.mailsAbout('resolved', 'UPS on battery')).toHaveLength(1), SOON_MS);
    });
  },
);
