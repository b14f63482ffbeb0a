import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { openPage, signIn } from '../support/pages.ts';
import { startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';

/** An answer of twenty waves of ten thousand points, two seconds apart. */
function waves(startSeconds: number): object {
  const result = Array.from({ length: 20 }, (_, wave) => ({
    metric: { __name__: 'wave', wave: String(wave) },
    values: Array.from({ length: 10_000 }, (_point, at) => [
      startSeconds + 2 * at,
      String(wave + Math.sin(at / (60 + 10 * wave))),
    ]),
  }));
  return { status: 'success', data: { resultType: 'matrix', result } };
}

/** Of the pointer over a chart. */
const MOVES = 40;

describe.skipIf(CHROMIUM === undefined)('the page that asks questions', () => {
  const data = sharedFolderWith();
  let program: Watchkeeper;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    program = await startWatchkeeper({ data, isDemoLogin: true });
    page = await openPage(browser);
    page.on('console', (message) => {
      // A query that is refused is answered with 400, which the browser tells too.
      if (message.type() === 'error' && !message.text().includes('400')) complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    await signIn(page, program.url, program.account ?? { name: '', password: '' });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await program?.stop();
  });

  const lines = () => page.locator('.query-line');
  const ask = (query: string, more = '') =>
    page.goto(`${program.url}/explore?q=${encodeURIComponent(query)}${more}`);
  /** The page asks once: what it asks for must have been scraped by then. */
  const scraped = (query: string, count: number) =>
    eventually(async () => {
      const answer = await page.request.get(`${program.url}/api/v1/query?query=${encodeURIComponent(query)}`);
      const { result } = ((await answer.json()) as { data: { result: readonly unknown[] } }).data;
      expect(result.length).toBeGreaterThanOrEqual(count);
    }, 60_000);

  it('completes what is written from what the room has, and marks what is wrong where it is', async () => {
    // The editor keeps the names that it was given for minutes.
    await scraped('ups_load_ratio', 1);
    await page.goto(`${program.url}/explore`);
    await page.locator('.promql[data-ready="true"]').waitFor();
    await page.locator('.promql .cm-content').click();
    await eventually(async () => {
      await page.keyboard.press('Control+a');
      await page.keyboard.type('ups_lo');
      await page
        .locator('.cm-tooltip-autocomplete li', { hasText: 'ups_load_ratio' })
        .waitFor({ timeout: 2_000 });
    }, 30_000);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('rate(device_up');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.getByText('expected type range vector').first().waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
  }, 120_000);

  it('draws an answer, zooms into it, and keeps all of it in the address', async () => {
    // Each of the three is polled in its own time, all of its rows at once; a chart ends with the last whole step.
    await scraped('count by (device) (sensor_celsius{device=~"climate-.+"} offset 10s)', 3);
    await ask('sensor_celsius{device=~"climate-.+"}', '&range=15m&step=5s');
    await lines().first().waitFor();
    const count = await lines().count();
    expect(count).toBeGreaterThan(1);
    await lines().first().focus();
    await page.keyboard.press('Enter');
    expect(await lines().first().getAttribute('aria-pressed')).toBe('false');
    const plot = await page.locator('.u-over').boundingBox();
    if (plot === null) throw new Error('no plot');
    await page.mouse.move(plot.x + plot.width * 0.6, plot.y + 50);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.9, plot.y + 50, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/end=\d+/);
    await page.reload();
    await lines().first().waitFor();
    expect(await lines().count()).toBe(count);
  }, 120_000);

  it('draws by itself on a slow machine what had no answer and then nothing to show', async () => {
    await scraped('ups_load_ratio', 1);
    let asked = 0;
    await page.route('**/api/v1/query_range', async (route) => {
      asked += 1;
      if (asked === 1) await route.abort('connectionreset');
      else if (asked === 2)
        await route.fulfill({ json: { status: 'success', data: { resultType: 'matrix', result: [] } } });
      else await route.continue();
    });
    const tools = await page.context().newCDPSession(page);
    await tools.send('Emulation.setCPUThrottlingRate', { rate: 20 });
    await ask('ups_load_ratio', '&range=15m');
    await page.locator('.query-chart canvas').waitFor({ timeout: 90_000 });
    await tools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    expect(await lines().count()).toBeGreaterThan(0);
    expect(asked).toBeGreaterThanOrEqual(3);
    await page.unroute('**/api/v1/query_range');
    complaints.splice(
      0,
      complaints.length,
      ...complaints.filter((complaint) => !complaint.includes('ERR_CONNECTION_RESET')),
    );
  }, 120_000);

  it('stays fluid with twenty lines of ten thousand points', async () => {
    await page.route('**/api/v1/query_range', async (route) => {
      const start = new URLSearchParams(route.request().postData() ?? '').get('start');
      await route.fulfill({ json: waves(Number(start)) });
    });
    await ask('wave', '&range=6h&step=1s');
    await lines().nth(19).waitFor();
    const plot = await page.locator('.u-over').boundingBox();
    if (plot === null) throw new Error('no plot');
    const tools = await page.context().newCDPSession(page);
    // The time of the processor, which is the page's own on a machine that others use too.
    await tools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const workedMs = async (): Promise<number> => {
      const { metrics } = await tools.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
    };
    const nextFrame = (): Promise<unknown> =>
      page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
    await nextFrame();
    const before = await workedMs();
    for (let step = 0; step < MOVES; step += 1) {
      await page.mouse.move(plot.x + (plot.width * (step + 1)) / (MOVES + 2), plot.y + 80);
      await nextFrame();
    }
    await page.unroute('**/api/v1/query_range');
    const eachMs = ((await workedMs()) - before) / MOVES;
    process.stdout.write(`a move over twenty lines costs the page ${eachMs.toFixed(1)} ms\n`);
    // It did something, and thirty frames a second leave it this much.
    expect(eachMs).toBeGreaterThan(0.1);
    expect(eachMs).toBeLessThan(33);
  }, 60_000);

  it('shows what a rule would have done, from the page of its rule', async () => {
    await page.goto(
      `${program.url}/rules?rule=${encodeURIComponent('InletTemperatureHigh{severity="major"}')}`,
    );
    const rule = page.locator('[data-rule="InletTemperatureHigh"]');
    await rule.locator('.dry-run .button-main').click();
    await rule.locator('.dry-verdict').waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);
});
