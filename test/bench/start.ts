// From an installed and built tree to the first painted room page, and what the programs then need of memory.
import { rmSync } from 'node:fs';
import { CHROMIUM, openBrowser } from '../support/browser.ts';
import { makeFolder } from '../support/folder.ts';
import { openPage } from '../support/pages.ts';
import { descendantWith } from '../support/processes.ts';
import { startWatchkeeper } from '../support/watchkeeper.ts';
import { peakResidentMb, printFigures, quantile, residentMb } from './figures.ts';

const ROUNDS = 3;
/** Memory is read once the programs have polled, scraped and judged for a while. */
const SETTLE_MS = 60_000;

interface Round {
  readonly listening: number;
  readonly painted: number;
  readonly live: number;
}

if (CHROMIUM === undefined) throw new Error('the benchmark needs Chromium');
const browser = await openBrowser();
const rounds: Round[] = [];
let memory: Readonly<Record<string, number>> = {};
for (let round = 0; round < ROUNDS; round += 1) {
  const data = makeFolder();
  const beganMs = performance.now();
  const program = await startWatchkeeper({ data, isDemoLogin: true });
  const sinceStart = (): number => (performance.now() - beganMs) / 1000;
  const listening = sinceStart();
  const page = await openPage(browser);
  const { name = '', password = '' } = program.account ?? {};
  await page.request.post(`${program.url}/api/session`, {
    data: { name, password },
    headers: { origin: program.url },
  });
  await page.goto(program.url);
  await page.locator('[data-device]').first().waitFor();
  const painted = sinceStart();
  await page.waitForFunction(
    () => document.querySelectorAll('[data-device]:not([data-sign="ok"])').length === 0,
    undefined,
    { timeout: 60_000 },
  );
  rounds.push({ listening, painted, live: sinceStart() });
  if (round === ROUNDS - 1) {
    await new Promise((settled) => setTimeout(settled, SETTLE_MS));
    memory = memoryOf(program.process.pid ?? 0);
  }
  await page.context().close();
  await program.stop();
  rmSync(data, { recursive: true, force: true });
}
await browser.close();
const median = (values: readonly number[]): number => quantile(values, 0.5);
printFigures('start', {
  start_to_listening_s: median(rounds.map(({ listening }) => listening)),
  start_to_page_s: median(rounds.map(({ painted }) => painted)),
  start_to_room_known_s: median(rounds.map(({ live }) => live)),
  ...memory,
});

function memoryOf(pid: number): Readonly<Record<string, number>> {
  const agent = descendantWith(pid, 'agents-main.js');
  const collector = descendantWith(pid, 'collector-main.js');
  const lab = descendantWith(pid, 'agents-lab-main.js');
  return {
    rss_mb_agent: residentMb(agent),
    rss_mb_collector: residentMb(collector),
    rss_mb_lab: residentMb(lab),
    rss_mb_supervisor: residentMb(pid),
    peak_rss_mb_collector: peakResidentMb(collector),
  };
}
