import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DEMO_FOLDER, loadConfig } from '../../config/load.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { startFakeCollector, type FakeCollector } from '../support/fake-collector.ts';

const { site } = loadConfig(DEMO_FOLDER, {});
const LIMIT_MS = 600_000;
/** The log-off is announced two minutes before it. */
const UNTIL_WARNED_MS = LIMIT_MS - 119_000;

let browser: Browser;

/** A collector, and tabs of one browser on it in which time can be passed. */
async function open(
  tabs: number,
  isDisplay = false,
): Promise<{ fake: FakeCollector; pages: readonly Page[] }> {
  const fake = await startFakeCollector({ site });
  const { account } = fake.session;
  if (account === undefined) throw new Error('nobody is signed in');
  fake.session = { ...fake.session, idleLogOffMs: LIMIT_MS, account: { ...account, isDisplay } };
  const context = await browser.newContext({ locale: 'en-US', serviceWorkers: 'block' });
  await context.clock.install();
  await context.addInitScript(() => localStorage.setItem('watchkeeper.language', 'en'));
  onTestFinished(async () => {
    await context.close();
    await fake.stop();
  });
  const pages: Page[] = [];
  for (let tab = 0; tab < tabs; tab += 1) {
    const page = await context.newPage();
    await page.goto(fake.url + (isDisplay ? '/wall' : '/alerts'));
    await page.locator('h1, .wall').first().waitFor();
    pages.push(page);
  }
  return { fake, pages };
}

const lines = ({ requests }: FakeCollector): readonly string[] => requests.map(({ line }) => line);

describe.skipIf(CHROMIUM === undefined)('who does not touch a page for long', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it('is warned, may stay by one key, and is logged off; a screen on the wall never is', async () => {
    const wall = await open(1, true);
    const { fake, pages } = await open(1);
    const [page] = pages;
    if (page === undefined) throw new Error('no page');
    const warning = page.getByRole('dialog');
    await page.clock.fastForward(UNTIL_WARNED_MS);
    await warning.getByRole('alert').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await warning.waitFor({ state: 'detached' });
    expect(lines(fake)).toContain('PUT /api/session');
    expect(lines(fake)).not.toContain('DELETE /api/session');
    // Again, and nobody there.
    await page.clock.fastForward(UNTIL_WARNED_MS);
    await warning.waitFor();
    await page.clock.fastForward(LIMIT_MS - UNTIL_WARNED_MS);
    await page.getByLabel('Password', { exact: true }).waitFor();
    expect(lines(fake)).toContain('DELETE /api/session');
    await wall.pages[0]?.clock.fastForward(2 * LIMIT_MS);
    await wall.pages[0]?.locator('.wall').waitFor();
    expect(await wall.pages[0]?.getByRole('dialog').count()).toBe(0);
    expect(lines(wall.fake)).not.toContain('DELETE /api/session');
  });

  it('but is at another tab of the same browser, is neither warned nor logged off in any', async () => {
    const { fake, pages } = await open(2);
    const [left, right] = pages;
    if (left === undefined || right === undefined) throw new Error('no pages');
    await right.evaluate(() => {
      const root = document.documentElement;
      const others = new BroadcastChannel('watchkeeper.touched');
      others.addEventListener('message', () => {
        root.dataset['heard'] = String(Number(root.dataset['heard'] ?? 0) + 1);
      });
    });
    for (let presses = 1; presses <= 3; presses += 1) {
      // The tabs of a browser have one clock.
      await left.clock.fastForward(LIMIT_MS / 2);
      await left.keyboard.press('Shift');
      await right.locator(`html[data-heard="${presses}"]`).waitFor();
      expect(await left.getByRole('dialog').count()).toBe(0);
      expect(await right.getByRole('dialog').count()).toBe(0);
    }
    expect(lines(fake)).not.toContain('DELETE /api/session');
    // It is the keys that held it open.
    await left.clock.fastForward(UNTIL_WARNED_MS);
    await right.getByRole('dialog').waitFor();
  });
});
