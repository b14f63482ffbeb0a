import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { makeHistory } from '../support/made-history.ts';
import { openPage, signIn } from '../support/pages.ts';
import { startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

const DAY_MS = 86_400_000;
/** Where pictures of the pages go; nowhere when absent. */
const PICTURES = process.env['WATCHKEEPER_PICTURES'];
const of = (name: string, labels: Record<string, string>) => ({
  __name__: name,
  job: 'agent',
  instance: 'local',
  ...labels,
});

describe.skipIf(CHROMIUM === undefined)('a year of the room', () => {
  const data = sharedFolderWith();
  let program: Watchkeeper;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const toMs = Math.floor(Date.now() / 3_600_000 - 1) * 3_600_000;
    await makeHistory(
      join(data, 'history'),
      [
        { labels: of('ups_load_ratio', { device: 'ups-a' }), mean: 0.5, swing: 0.1 },
        { labels: of('ups_battery_charge_ratio', { device: 'ups-a' }), mean: 0.9, swing: 0.02 },
        { labels: of('ups_battery_runtime_seconds', { device: 'ups-a' }), mean: 2_400, swing: 300 },
        {
          labels: of('host_storage_used_ratio', { device: 'nas-1', storage: '/data' }),
          mean: 0.6,
          swing: 0.1,
        },
      ],
      { fromMs: toMs - 365 * DAY_MS, fineFromMs: toMs - 60 * DAY_MS, rawFromMs: toMs - 3 * DAY_MS, toMs },
    );
    browser = await openBrowser();
    program = await startWatchkeeper({ data, isDemoLogin: true });
    page = await openPage(browser);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    await signIn(page, program.url, program.account ?? { name: '', password: '' });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
  });

  const picture = async (name: string): Promise<void> => {
    if (PICTURES !== undefined)
      await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  };

  it.each(['1d', '7d', '30d', '1y'])(
    'is drawn on the page of a device over %s',
    async (span) => {
      await page.goto(`${program.url}/devices/ups-a?span=${span}`);
      await page.locator('.chart canvas').first().waitFor({ timeout: 60_000 });
      const rows = page.locator('.chart-lines tbody tr');
      await eventually(async () => {
        expect(await rows.first().locator('td').first().textContent()).toMatch(/\d/);
      }, 60_000);
      await picture(`device-${span}`);
    },
    120_000,
  );

  it('stands beside the week before, and is read out with the least and the greatest', async () => {
    await page.getByRole('button', { name: 'Beside last week' }).click();
    const field = page.locator('.chart-field').first();
    await field.waitFor();
    await field.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await eventually(async () => {
      expect(await field.getAttribute('aria-valuetext')).toMatch(/\(.+ – .+\)/);
    });
    await picture('device-compared');
    expect(await accessibilityFaults(page)).toEqual([]);
  }, 60_000);

  it('answers a question in PromQL on the page that asks', async () => {
    await page.goto(`${program.url}/explore?q=ups_load_ratio%7Bdevice%3D%22ups-a%22%7D&range=1y`);
    await page.locator('.query-line').first().waitFor({ timeout: 60_000 });
    await picture('explore-1y');
  }, 90_000);

  it('is told on the page of growth, with what fills up', async () => {
    await page.goto(`${program.url}/growth`);
    await page.getByRole('heading', { name: 'Room for history' }).waitFor();
    await eventually(async () => {
      expect(await page.locator('main').textContent()).toContain('Hours');
    }, 60_000);
    await picture('growth');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  }, 90_000);
});
