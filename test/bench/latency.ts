// From an event in the lab to the changed tile in a real browser.
import { rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { makeFolder } from '../support/folder.ts';
import { openPage, untilTile } from '../support/pages.ts';
import { startWatchkeeper, type Watchkeeper } from '../support/watchkeeper.ts';
import { printFigures, quantile } from './figures.ts';

const BUDGET_MS = 3 * 60_000;
const EVENTS = [
  { scenario: 'leak', device: 'leak-1' },
  { scenario: 'smoke', device: 'smoke-1' },
] as const;

if (CHROMIUM === undefined) throw new Error('the benchmark needs Chromium');
const data = makeFolder();
const browser = await openBrowser();
const program = await startWatchkeeper({ data, isDemoLogin: true });
const page = await openPage(browser);
const { name = '', password = '' } = program.account ?? {};
await page.request.post(`${program.url}/api/session`, {
  data: { name, password },
  headers: { origin: program.url },
});
await page.goto(program.url);
for (const { device } of EVENTS) await untilTile(page, device, 'ok');

const latenciesMs: number[] = [];
const beganMs = performance.now();
while (performance.now() - beganMs < BUDGET_MS) {
  for (const { scenario, device } of EVENTS) {
    // At no fixed place between two polls and two scrapes.
    await new Promise((next) => setTimeout(next, Math.random() * 5_000));
    latenciesMs.push(await eventToDomMs(scenario, device));
  }
  await run(page, program, 'recover');
  for (const { device } of EVENTS) await untilTile(page, device, 'ok', 120_000);
}
await browser.close();
await program.stop();
rmSync(data, { recursive: true, force: true });
printFigures('latency', {
  events: latenciesMs.length,
  event_to_dom_p50_ms: quantile(latenciesMs, 0.5),
  event_to_dom_p99_ms: quantile(latenciesMs, 0.99),
});

/** Both instants are read in the browser, so that one clock measures. */
async function eventToDomMs(scenario: string, device: string): Promise<number> {
  const changed = page.evaluate(
    (id) =>
      new Promise<number>((done) => {
        const tile = document.querySelector(`[data-device="${id}"]`);
        if (tile === null) throw new Error(`no tile of ${id}`);
        const observer = new MutationObserver(() => {
          if (tile.getAttribute('data-sign') !== 'critical') return;
          observer.disconnect();
          done(performance.now());
        });
        observer.observe(tile, { attributes: true, attributeFilter: ['data-sign'] });
      }),
    device,
  );
  const happenedMs = await run(page, program, scenario);
  return (await changed) - happenedMs;
}

async function run(on: Page, { url }: Watchkeeper, scenario: string): Promise<number> {
  return on.evaluate(
    async ([address, body]) => {
      const beforeMs = performance.now();
      await fetch(`${address}/api/lab`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: body ?? '',
      });
      return beforeMs;
    },
    [url, JSON.stringify({ scenario })],
  );
}
