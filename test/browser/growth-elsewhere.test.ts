import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_FOLDER } from '../../config/load.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { openPage, signIn } from '../support/pages.ts';
import { startVictoria } from '../support/peers.ts';
import { programPath } from '../support/system.ts';
import { startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

const CAN_RUN = CHROMIUM !== undefined && programPath('victoria-metrics') !== undefined;

describe.skipIf(!CAN_RUN)('growth where VictoriaMetrics keeps history', () => {
  let program: Watchkeeper;
  let browser: Browser;
  let engine: Awaited<ReturnType<typeof startVictoria>>;

  beforeAll(async () => {
    engine = await startVictoria();
    const demo = Object.fromEntries(
      readdirSync(DEMO_FOLDER).map((name) => [name, readFileSync(join(DEMO_FOLDER, name), 'utf8')] as const),
    );
    const elsewhere = `remote_write: { url: '${engine.url}/api/v1/write' }\nquery: { url: '${engine.url}' }\n`;
    const config = sharedFolderWith({ ...demo, 'collector.yaml': `${demo['collector.yaml']}${elsewhere}` });
    browser = await openBrowser();
    program = await startWatchkeeper({ data: sharedFolderWith(), config, isDemoLogin: true });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    await engine?.stop();
  });

  it('is told on its page: who keeps it, what it stores and has free, and what devices cost by their names', async () => {
    const page = await openPage(browser);
    await signIn(page, program.url, program.account ?? { name: '', password: '' });
    await page.goto(`${program.url}/growth`);
    const main = page.locator('main');
    await main.getByText(`History is kept by the engine at ${new URL(engine.url).host}.`).waitFor();
    const fact = (name: string) => main.locator('.facts div', { hasText: name }).locator('dd');
    await eventually(async () => {
      expect(await fact('Stored there').textContent()).toMatch(/\d/);
      expect(await fact('Free on the disk').textContent()).toMatch(/\d.*B/);
      expect(await fact('Series there').textContent()).toMatch(/[1-9]/);
    }, 90_000);
    expect(await fact('Room for').textContent()).toBe('Not known before it has told of itself for a day');
    await eventually(async () => {
      expect(await main.getByRole('table').first().textContent()).toContain('UPS A');
    }, 90_000);
    expect(await accessibilityFaults(page)).toEqual([]);
  }, 240_000);
});
