import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { exif, LEFT_IS_TOP, withSegment } from '../support/jpeg.ts';
import { PASSWORD, signIn } from '../support/pages.ts';
import { cameraPhoto } from '../support/round-pages.ts';
import { giveOn, onMonday, signOn, startWatchDay, type WatchDay } from '../support/watch-day.ts';

const ADDRESSES = [
  '/watch',
  '/watch-log',
  '/handovers',
  '/handovers/1',
  '/responsible',
  '/roster',
  '/my-shifts',
];
const SLOT = (day: string, shift: string): string => `[data-slot^="${day}.${shift}"][data-post="operator"]`;

describe.skipIf(CHROMIUM === undefined)('the pages of the watch and the roster', { timeout: 60_000 }, () => {
  let day: WatchDay;
  let page: Page;
  beforeAll(async () => {
    day = await startWatchDay({});
    page = day.pages.chen;
    await day.go('li', '/watch');
    await day.pages.li.locator('[data-take="operator"]').click();
    await signOn(day.pages.li.locator('.sign-form'));
    await day.pages.li.locator('[data-post="operator"][data-holder="li"]').waitFor();
    await day.give('li', 'open-item', { subject: 'Door of rack-2 sticks', weight: 'heed' });
    await day.go('li', '/watch-log');
    await day.pages.li.getByLabel('What happened').fill('<img src=x onerror=alert(1)> & "quoted"');
    await day.pages.li.getByRole('button', { name: 'Write' }).click();
    await day.pages.li.locator('.log-entry[data-code="note"]').waitFor();
  });
  afterAll(() => day.close());

  const settled = async (): Promise<void> => {
    await page.locator('h1').waitFor();
    await eventually(async () => expect(await page.locator('.notice-wait').count()).toBe(0));
  };
  const speak = async (language: 'en' | 'zh-CN'): Promise<void> => {
    await page.evaluate((chosen) => localStorage.setItem('watchkeeper.language', chosen), language);
  };
  const operatorOf = async (date: string, shift: string, at = page): Promise<string | undefined> =>
    /li|wang/.exec(await at.locator(SLOT(date, shift)).locator('.slot-who').innerText())?.[0];

  describe.each(['en', 'zh-CN'] as const)('in %s', (language) => {
    it.each(ADDRESSES)(
      '%s has no fault that axe finds, in light and dark, and fits a telephone',
      async (path) => {
        await speak(language);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await page.goto(day.url + path);
          await settled();
          await page.locator(`html[lang="${language}"]`).waitFor();
          expect(await accessibilityFaults(page)).toEqual([]);
        }
        await page.setViewportSize({ width: 360, height: 740 });
        await page.goto(day.url + path);
        await settled();
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
        expect(await accessibilityFaults(page)).toEqual([]);
        await page.setViewportSize({ width: 1440, height: 900 });
        await speak('en');
      },
    );
  });

  it('two shifts are exchanged by keys: seen before, done, and taken back', async () => {
    await page.goto(`${day.url}/roster?from=2026-12-01`);
    await page.locator(SLOT('2026-12-08', 'day')).waitFor();
    const before = [await operatorOf('2026-12-08', 'day'), await operatorOf('2026-12-08', 'night')];
    expect(before).toEqual(['li', 'wang']);
    await page.locator(SLOT('2026-12-08', 'day')).focus();
    await page.keyboard.press('x');
    await page
      .locator('.roster-said')
      .getByText(/li|wang/)
      .waitFor();
    await page.locator(SLOT('2026-12-08', 'night')).focus();
    await page.keyboard.press('v');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Do it' }).click();
    await dialog.locator('[data-command="done"]').waitFor();
    await day.go('li', '/roster?from=2026-12-01');
    expect(await operatorOf('2026-12-08', 'day', day.pages.li)).toBe(before[1]);
    await dialog.getByRole('button', { name: /Take it back/ }).click();
    await dialog.locator('[data-command="undone"]').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await eventually(async () => expect(await operatorOf('2026-12-08', 'day')).toBe(before[0]));
  });

  it('and by drag, which asks the same', async () => {
    await page.goto(`${day.url}/roster?from=2026-12-01`);
    // What stands above the grid may come while one drags: a drop beside it does nothing.
    await eventually(async () => {
      await page.locator(SLOT('2026-12-09', 'day')).dragTo(page.locator(SLOT('2026-12-09', 'night')));
      await page.getByRole('dialog').locator('[data-command="previewed"]').waitFor({ timeout: 3_000 });
    }, 30_000);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });

  it('one place is changed by Enter, without a mouse', async () => {
    await page.goto(`${day.url}/roster?from=2026-12-01`);
    await page.locator(SLOT('2026-12-10', 'day')).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('a paper sheet is transcribed by who took over then: signed, marked, and part of the one answer', async () => {
    day.clock.setTo(onMonday('09:00:00'));
    const wang = day.pages.wang;
    await day.go('wang', '/handovers');
    await wang.locator('.transcribe summary').click();
    await wang.getByText('Once all of it is filled in it can be signed.').waitFor();
    await wang.getByLabel('Who handed over').selectOption('li');
    await wang.getByLabel('When').fill('2026-11-23T08:30');
    await wang.getByLabel('What the paper says').fill('Mains failed at 08:10; UPS A on battery');
    await wang.getByText('Transcribed: from li to wang as of').waitFor();
    expect(await accessibilityFaults(wang)).toEqual([]);
    await signOn(wang.locator('.transcribe .sign-form'));
    const row = wang.locator('tr[data-state="sealed"]', { hasText: 'li → wang' });
    await row.waitFor();
    await row.getByRole('link').click();
    await wang.getByText('UPS A on battery').waitFor();
    await wang.goto(`${day.url}/responsible`);
    await wang.getByLabel('Instant').fill('2026-11-23T08:31');
    await wang.getByRole('button', { name: 'Ask' }).click();
    await wang.locator('[data-post="operator"][data-holder="wang"]').waitFor();
    await wang.getByLabel('Instant').fill('2026-11-23T08:29');
    await wang.getByRole('button', { name: 'Ask' }).click();
    await wang.locator('[data-post="operator"][data-holder="li"]').waitFor();
  });

  it('who is on watch tries the phones that are due; what came of it stands on every board and in the log', async () => {
    const { li, wang } = day.pages;
    day.clock.setTo(onMonday('09:00:00') + 8 * 86_400_000);
    for (const [name, at] of Object.entries({ li, wang })) {
      await signIn(at, day.url, { name, password: PASSWORD });
      await at.goto(`${day.url}/watch`);
    }
    await wang.locator('[data-post="operator"][data-holder="wang"]').waitFor();
    const due = (at: Page, person: string) => at.locator(`[data-due="call"][data-person="${person}"]`);
    const tryPhone = (person: string, fields: Readonly<Record<string, string>>): Promise<void> =>
      giveOn(wang, due(wang, person).getByRole('button', { name: 'Try a phone' }), fields);
    await due(wang, 'duty phone').getByText('the phone of the watch').waitFor();
    await tryPhone('duty phone', { result: 'answered' });
    await due(li, 'duty phone').waitFor({ state: 'detached' });
    await tryPhone('chen', { result: 'no_answer', note: 'engaged twice' });
    await due(li, 'chen').getByText('no answer').waitFor();
    await tryPhone('chen', { result: 'answered' });
    await due(li, 'chen').waitFor({ state: 'detached' });
    await due(li, 'wang').waitFor();
    await li.goto(`${day.url}/watch-log`);
    const entries = li.locator('.log-entry[data-code="called"]');
    await entries.first().waitFor();
    const told = (await entries.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(told).toEqual([
      expect.stringMatching(/wang.*Phone tried: chen, answered/),
      expect.stringMatching(/wang.*Phone tried: chen, no answer engaged twice/),
      expect.stringMatching(/wang.*Phone tried: the phone of the watch, answered/),
    ]);
  });

  it('a photo in the watch log stands upright as it was held', async () => {
    const { li } = day.pages;
    await day.go('li', '/watch-log');
    const buffer = withSegment(await cameraPhoto(li, 800, 600), exif(LEFT_IS_TOP));
    await li
      .locator('input[type="file"]')
      .setInputFiles({ name: 'door.jpg', mimeType: 'image/jpeg', buffer });
    await li.getByLabel('What happened').fill('The door of rack-2 as it stands');
    await li.getByRole('button', { name: 'Write' }).click();
    const photo = li.locator('.log-entry', { hasText: 'as it stands' }).locator('img.log-photo');
    await photo.waitFor();
    await eventually(async () =>
      expect(
        await photo.evaluate((img) =>
          img instanceof HTMLImageElement ? [img.naturalWidth, img.naturalHeight] : [],
        ),
      ).toEqual([600, 800]),
    );
  });
});
