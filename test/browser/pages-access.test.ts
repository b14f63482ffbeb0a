import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM } from '../support/browser.ts';
import { badNow, fakePages, settled } from '../support/fake-pages.ts';

const ADDRESSES = [
  '/rooms/main',
  '/devices/ups-a',
  '/alerts',
  '/silences',
  '/messages',
  '/messages/5',
  '/receivers',
  '/attention',
  '/chases',
  '/wall',
  '/nowhere',
];

const focusedDevice = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['device']);

describe.skipIf(CHROMIUM === undefined)('the pages, for everybody and on every screen', () => {
  const open = fakePages();

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(ADDRESSES)('axe-core finds nothing on %s', async (path) => {
      const { page, fake, complaints } = await open(path, { colorScheme });
      fake.put(...badNow());
      await settled(page);
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(complaints.filter((complaint) => !complaint.includes('sandboxed'))).toEqual([]);
    });

    it('axe-core finds nothing at sign-in, at first run, in the windows, and while nothing is current', async () => {
      const signIn = await open('/', { colorScheme, isSignedIn: false });
      await signIn.page.getByRole('button', { name: 'Sign in' }).waitFor();
      expect(await accessibilityFaults(signIn.page)).toEqual([]);
      const firstRun = await open('/first-run#t', { colorScheme, isSignedIn: false, isFirstRun: true });
      await firstRun.page.getByLabel('Your name').waitFor();
      expect(await accessibilityFaults(firstRun.page)).toEqual([]);
      const { page, fake } = await open('/', { colorScheme });
      fake.put(...badNow());
      await page.locator('[data-device="ups-a"][data-sign="critical"]').waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Make it happen' }).click();
      await page.locator('[data-scenario="leak"]').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      fake.goAway();
      await page.locator('html[data-current="no"]').waitFor({ state: 'attached' });
      expect(await accessibilityFaults(page)).toEqual([]);
    });
  });

  it.each(ADDRESSES)('%s needs no sideways scrolling on 320 pixels', async (path) => {
    const { page, fake } = await open(path, { viewport: { width: 320, height: 720 } });
    fake.put(...badNow());
    await settled(page);
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(tooWide).toBe(0);
  });

  it.each([
    [1920, 1080],
    [3840, 2160],
  ])(
    'the wall fits a screen of %d × %d, with every device and the worst alert on it',
    async (width, height) => {
      const { page, fake } = await open('/wall', { viewport: { width, height } });
      fake.put(...badNow());
      await page.locator('[data-device="ups-a"][data-sign="critical"]').waitFor();
      const outside = await page.$$eval(
        '[data-device], .wall-alert, .wall-watcher, .wall-time',
        (parts) =>
          parts
            .map((part) => part.getBoundingClientRect())
            .filter(({ right, bottom }) => right > window.innerWidth || bottom > window.innerHeight).length,
      );
      expect(outside).toBe(0);
      expect(await page.locator('main').getByRole('button').count()).toBe(0);
    },
  );

  it('is used by keyboard alone: sign in, walk the racks, open a device, read its chart, ask for help', async () => {
    const { page } = await open('/', { isSignedIn: false });
    await page.getByLabel('Name', { exact: true }).waitFor();
    await page.keyboard.type('admin');
    await page.keyboard.press('Tab');
    await page.keyboard.type('a good password');
    await page.keyboard.press('Enter');
    await page.locator('[data-device]').first().waitFor();
    for (let presses = 0; presses < 40 && (await focusedDevice(page)) === undefined; presses += 1) {
      await page.keyboard.press('Tab');
    }
    expect(await focusedDevice(page)).toBe('crac-1');
    await page.keyboard.press('ArrowDown');
    expect(await focusedDevice(page)).toBe('climate-a1');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await focusedDevice(page)).toBe('ups-a');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/devices/ups-a');
    const chart = page.getByRole('slider').first();
    await chart.focus();
    await page.keyboard.press('Home');
    const first = await chart.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowRight');
    expect(await chart.getAttribute('aria-valuenow')).toBe('1');
    expect(await chart.getAttribute('aria-valuetext')).not.toBe(first);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('[role="slider"]:focus').waitFor();
  });
});
