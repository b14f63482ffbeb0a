import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { folderWith, sharedFolderWith } from '../support/folder.ts';
import { firstRun, makeHappen, markPage, openPage, PASSWORD, signIn, untilTile } from '../support/pages.ts';
import { descendantWith } from '../support/processes.ts';
import { startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

describe.skipIf(CHROMIUM === undefined)('the first journey, in a real browser on the real programs', () => {
  const data = sharedFolderWith();
  let browser: Browser;
  let program: Watchkeeper;
  let page: Page;
  /** Errors of scripts and refusals of the page's policy; there must be none. */
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    program = await startWatchkeeper({ data });
    page = await openPage(browser);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text());
    });
  });

  afterAll(async () => {
    await browser.close();
    await program.stop();
  });

  it('needs the one-time link first: without it there is nothing to see', async () => {
    await page.goto(program.url);
    await page.getByText('There is no administrator yet').waitFor();
    expect(await page.locator('[data-device]').count()).toBe(0);
  });

  it('makes the first administrator, once', async () => {
    const link = program.firstRunUrl ?? '';
    await firstRun(page, program);
    const stranger = await openPage(browser);
    await stranger.goto(link);
    await stranger.getByText('The administrator exists already').waitFor();
    await stranger.context().close();
  });

  it('signs out and in again; wrong passwords are refused', async () => {
    await page.context().clearCookies();
    await page.goto(program.url);
    await page.getByLabel('Name', { exact: true }).fill('admin');
    await page.getByLabel('Password', { exact: true }).fill('wrong password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Name or password is wrong').waitFor();
    await signIn(page, program.url, { name: 'admin', password: PASSWORD });
  });

  it('shows the whole room: every device of the site as a tile, simulated ones and this host, all well', async () => {
    for (const device of [
      'ups-a',
      'pdu-b',
      'crac-1',
      'climate-a1',
      'leak-1',
      'smoke-1',
      'door-1',
      'firewall-1',
      'switch-2',
      'server-4',
      'this-host',
    ]) {
      await untilTile(page, device, 'ok');
    }
    await page.getByText('Demonstration room').first().waitFor();
  });

  it('turns the UPS tile on a mains failure without a reload, and back', async () => {
    const expectNoReload = await markPage(page);
    await makeHappen(page, 'mains-failure');
    await untilTile(page, 'ups-a', 'critical');
    await untilTile(page, 'ups-b', 'critical');
    await makeHappen(page, 'recover');
    await untilTile(page, 'ups-a', 'ok', 90_000);
    await expectNoReload();
  });

  it('opens the device page with every reading, its unit, age and leaf OID', async () => {
    await page.locator('[data-device="ups-a"]').first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('1.3.6.1.2.1.33.1.4.1.0').first().waitFor();
    await page.getByText('1.3.6.1.2.1.33.1.2.3.0').first().waitFor();
    expect(await page.locator('main').innerText()).toMatch(/Battery voltage[\s\S]*\d V/);
  });

  it('does not call the room on the disk enough before a day of history says so', async () => {
    await page.goto(`${program.url}/growth`);
    await page
      .getByText(/Not known before a first whole day is kept|No history has been written yet/)
      .waitFor();
    expect(await page.locator('main').innerText()).not.toContain('makes room in time');
  });

  it.each(['/', '/devices/ups-a', '/alerts', '/messages', '/wall'])(
    'has no fault that axe-core finds on %s',
    async (path) => {
      await page.goto(`${program.url}${path}`);
      await page.locator('main, [data-device]').first().waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    },
  );

  it('speaks Chinese after one press, without a reload, and English after another', async () => {
    await page.goto(program.url);
    await page.locator('[data-device]').first().waitFor();
    const expectNoReload = await markPage(page);
    await page.getByRole('button', { name: /Language|语言/ }).click();
    await page.getByText('演示机房').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await page.getByRole('button', { name: /Language|语言/ }).click();
    await page.getByText('Demonstration room').first().waitFor();
    await expectNoReload();
  });

  it('says that the collector is gone and since when, shows nothing as current, and goes on when it is back', async () => {
    await page.locator('[data-device="ups-a"][data-sign="ok"]').first().waitFor();
    const collector = descendantWith(program.process.pid ?? 0, 'collector-main.js');
    process.kill(collector, 'SIGSTOP');
    await page.getByText('The connection to the collector is lost').waitFor({ timeout: 15_000 });
    await page.getByText(/It is not current/).waitFor();
    process.kill(collector, 'SIGKILL');
    await page
      .getByText('The connection to the collector is lost')
      .waitFor({ state: 'detached', timeout: 60_000 });
    await untilTile(page, 'ups-a', 'ok', 60_000);
  });

  it('has raised no error and broken no policy all the while', () => {
    expect(complaints).toEqual([]);
  });
});

describe.skipIf(CHROMIUM === undefined)('the same journey by keyboard alone', () => {
  it('signs in, walks the racks by arrows, opens a device and comes back', async () => {
    const browser = await openBrowser();
    const program = await startWatchkeeper({ data: folderWith(), isDemoLogin: true });
    try {
      const page = await openPage(browser);
      await page.goto(program.url);
      await page.getByLabel('Name', { exact: true }).waitFor();
      await page.keyboard.type(program.account?.name ?? '');
      await page.keyboard.press('Tab');
      await page.keyboard.type(program.account?.password ?? '');
      await page.keyboard.press('Enter');
      await untilTile(page, 'server-1', 'ok');
      const focused = (): Promise<string | undefined> =>
        page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['device']);
      for (let presses = 0; presses < 40 && (await focused()) === undefined; presses += 1)
        await page.keyboard.press('Tab');
      const first = await focused();
      expect(first).toBeDefined();
      await page.keyboard.press('ArrowRight');
      const second = await focused();
      expect(second).toBeDefined();
      expect(second).not.toBe(first);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/devices/${second}`);
      await page.goBack();
      await page.locator('[data-device]').first().waitFor();
    } finally {
      await browser.close();
      await program.stop();
    }
  });
});
