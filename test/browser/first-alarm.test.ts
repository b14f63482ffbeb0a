import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { openMailbox, type Mailbox, type ReceivedMail } from '../support/mailbox.ts';
import { makeHappen, openPage, signIn, untilTile } from '../support/pages.ts';
import { demoWith } from '../support/site-folder.ts';
import { startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

const READER = 'engineer@room.example';

const notify = (port: number): string => `
smtp: { host: 127.0.0.1, port: ${port}, security: none, from: watchkeeper@room.example }
receivers:
  - { name: engineer, mail: [${READER}], language: en }
`;

describe.skipIf(CHROMIUM === undefined)(
  'the first alarm: from the lab to the tile, the list and a real mailbox',
  () => {
    const data = sharedFolderWith();
    const config = demoWith();
    let mailbox: Mailbox;
    let browser: Browser;
    let program: Watchkeeper;
    let page: Page;

    const mailsAbout = (text: string): readonly ReceivedMail[] =>
      mailbox.mails.filter(({ subject }) => subject.includes(text));
    const alert = (name: string) => page.locator(`[data-alert="${name}"]`);

    beforeAll(async () => {
      mailbox = await openMailbox();
      const { writeFileSync } = await import('node:fs');
      writeFileSync(`${config}/notify.yaml`, notify(mailbox.port));
      browser = await openBrowser();
      program = await startWatchkeeper({ data, config, isDemoLogin: true });
      page = await openPage(browser);
      await signIn(page, program.url, program.account ?? { name: '', password: '' });
      await untilTile(page, 'ups-a', 'ok');
    });

    afterAll(async () => {
      await browser.close();
      await program.stop();
      await mailbox.close();
    });

    it('starts calm: nobody is written to while all is well', () => {
      expect(mailbox.mails.map(({ subject }) => subject)).toEqual([]);
    });

    const EVENTS = [
      { scenario: 'mains-failure', device: 'ups-a', rule: 'UpsOnBattery' },
      { scenario: 'smoke', device: 'smoke-1', rule: 'SmokeDetected' },
      { scenario: 'leak', device: 'leak-1', rule: 'LeakDetected' },
    ] as const;

    it.each(EVENTS)(
      '$scenario: tile, alarm with what to do, one mail; recovered: resolved, one mail',
      async (event) => {
        const before = mailbox.mails.length;
        await makeHappen(page, event.scenario);
        await untilTile(page, event.device, 'critical');
        await alert(event.rule).first().waitFor({ timeout: 40_000 });
        const card = await alert(event.rule).first().innerText();
        expect(card).toMatch(/What to do/i);
        await eventually(
          () => expect(mailsAbout(event.rule).length + before).toBeGreaterThan(before),
          40_000,
        );
        await makeHappen(page, 'recover');
        await alert(event.rule).first().waitFor({ state: 'detached', timeout: 120_000 });
        await untilTile(page, event.device, 'ok', 120_000);
      },
    );
  },
);
