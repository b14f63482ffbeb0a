// What 4,493 accounts cost: how long the main loop is held while 200 people sign in, twenty at once; and, of a whole collector
// with as many people and a year of audit, the slowest of what its pages ask for, over HTTP.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startCollector } from '../../collector/app.ts';
import { createPasswords } from '../../collector/api/auth/passwords.ts';
import { createSessions } from '../../collector/api/auth/sessions.ts';
import { signIn } from '../../collector/api/auth/sign-in.ts';
import { addAccount } from '../../collector/records/accounts.ts';
import { appendLines, newLine } from '../../collector/records/audit-append.ts';
import { openRecords } from '../../collector/records/open.ts';
import { DEMO_FOLDER } from '../../config/load.ts';
import { ROUTES } from '../../config/model/access.ts';
import { peopleSettings } from '../../config/people.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { makeFolder } from '../support/folder.ts';
import { silentLog } from '../support/silent-log.ts';
import { printFigures, quantile } from './figures.ts';

const ACCOUNTS = 4_493;
const SIGN_INS = 200;
const AT_ONCE = 20;
/** A busy year: a hundred lines a day. */
const AUDIT_LINES = 36_500;
const ASKED_EACH = 9;

const folder = makeFolder();
const records = await openRecords(join(folder, 'data'));
const { db } = records;
const clock = systemClock;
const passwords = createPasswords();
const passwordHash = await passwords.hash('correct horse battery');
await db.transaction().execute(async (step) => {
  for (let index = 0; index < ACCOUNTS; index += 1) {
    await addAccount(step, {
      name: `person-${index}`,
      displayName: `李雷${index}`,
      department: index % 7 === 0 ? '漏水抢修组' : '信息科',
      phone: `138${String(index).padStart(8, '0')}`,
      roles: ['operator'],
      language: 'zh-CN',
      passwordHash,
      createdAtMs: clock.nowMs(),
      isDemonstration: false,
    });
  }
});

const sessions = createSessions({ db, clock, people: () => peopleSettings() });
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const beganMs = performance.now();
for (let first = 0; first < SIGN_INS; first += AT_ONCE) {
  const batch = Array.from({ length: AT_ONCE }, (_, index) => first + index);
  await Promise.all(
    batch.map((index) =>
      signIn(
        { db, clock, passwords, sessions },
        { name: `person-${index}`, password: 'correct horse battery' },
        { origin: `10.0.0.${index}`, browser: 'bench' },
      ),
    ),
  );
}
const seconds = (performance.now() - beganMs) / 1000;
delay.disable();
const figures = {
  sign_ins_per_minute: (SIGN_INS / seconds) * 60,
  loop_delay_p99_ms_while_signing_in: delay.percentile(99) / 1e6,
  loop_delay_max_ms_while_signing_in: delay.max / 1e6,
};
await fillAudit();
await records.close();
const pages = await slowestOfPages();
printFigures('people', { slowest_page_ms_of_4493: pages.slowestMs, pages_asked: pages.asked, ...figures });
process.stderr.write(`The slowest was ${pages.slowest}.\n`);
rmSync(folder, { recursive: true, force: true });

async function fillAudit(): Promise<void> {
  const nowMs = clock.nowMs();
  for (let first = 0; first < AUDIT_LINES; first += 500) {
    const lines = Array.from({ length: 500 }, (_, index) =>
      newLine({
        atMs: nowMs - (AUDIT_LINES - first - index) * 864_000,
        who: `person-${(first + index) % ACCOUNTS}`,
        action: 'signed_in',
        target: `person-${(first + index) % ACCOUNTS}`,
        origin: `10.0.${index % 250}.7`,
      }),
    );
    await db.transaction().execute((step) => appendLines(step, lines));
  }
}

interface Pages {
  readonly slowest: string;
  readonly slowestMs: number;
  readonly asked: number;
}

/** All that a page can ask for without naming something, of the table of routes, and searches: the median of some askings. */
async function slowestOfPages(): Promise<Pages> {
  const collector = await startCollector({
    configFolder: DEMO_FOLDER,
    dataFolder: join(folder, 'data'),
    env: { ...process.env, WATCHKEEPER_DEMO_LOGIN: '1', WATCHKEEPER_LISTEN: '127.0.0.1:0' },
    clock,
    log: silentLog(),
  });
  const { addresses } = collector;
  const page = addresses['page'] ?? '';
  const signedIn = await fetch(`${page}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: page },
    body: JSON.stringify({ name: addresses['demoName'], password: addresses['demoPassword'] }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const searches = ['漏水', '李雷 4492', 'person-44', '00004', 'nobody at all'].map(encodeURIComponent);
  const paths = [
    ...Object.keys(ROUTES).flatMap((route) => /^GET (\/api\/[^:]*)$/.exec(route)?.[1] ?? []),
    ...searches.flatMap((text) => [`/api/people?search=${text}`, `/api/audit?text=${text}`]),
    '/api/people?offset=4450',
    '/api/people/4493',
    '/api/audit?who=person-7',
    '/api/rounds/year?year=2026',
  ].filter((path) => !path.includes('export'));
  let found: Pages = { slowest: '', slowestMs: 0, asked: 0 };
  for (const path of paths) {
    const tookMs: number[] = [];
    for (let time = 0; time < ASKED_EACH; time += 1) {
      const beganAtMs = performance.now();
      const answer = await fetch(page + path, { headers: { cookie } });
      await answer.arrayBuffer();
      if (answer.status === 200) tookMs.push(performance.now() - beganAtMs);
    }
    if (tookMs.length === 0) continue;
    const medianMs = quantile(tookMs, 0.5);
    found = {
      ...(medianMs > found.slowestMs ? { slowest: path, slowestMs: medianMs } : found),
      asked: found.asked + 1,
    };
  }
  await collector.stop();
  return found;
}
