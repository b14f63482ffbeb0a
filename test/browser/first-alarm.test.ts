import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEATS, setStage, type Stage } from '../support/alarm-stage.ts';
import { CHROMIUM } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { makeHappen, untilTile } from '../support/pages.ts';
import { demoWith } from '../support/site-folder.ts';

const SOON_MS = 60_000;

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
