// What 4,493 accounts cost: the slowest of pages and searches of the list, and how long the main loop is held while 200
// people sign in within a minute's worth of attempts, all at once.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createPasswords } from '../../collector/api/auth/passwords.ts';
import { createSessions } from '../../collector/api/auth/sessions.ts';
import { signIn } from '../../collector/api/auth/sign-in.ts';
import { addAccount } from '../../collector/records/accounts.ts';
import { openRecords } from '../../collector/records/open.ts';
import { findPeople } from '../../collector/records/people.ts';
import { peopleSettings } from '../../config/people.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { makeFolder } from '../support/folder.ts';
import { printFigures } from './figures.ts';

const ACCOUNTS = 4_493;
const SIGN_INS = 200;
const AT_ONCE = 20;

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

let slowestPageMs = 0;
for (const search of ['', '漏水', '李雷 4492', 'person-44', '00004', 'nobody at all']) {
  for (const offset of [0, 2_000, 4_450]) {
    const beganMs = performance.now();
    await findPeople(db, { search, offset, limit: 50 });
    slowestPageMs = Math.max(slowestPageMs, performance.now() - beganMs);
  }
}

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
printFigures('people', {
  slowest_page_ms_of_4493: slowestPageMs,
  sign_ins_per_minute: (SIGN_INS / seconds) * 60,
  loop_delay_p99_ms_while_signing_in: delay.percentile(99) / 1e6,
  loop_delay_max_ms_while_signing_in: delay.max / 1e6,
});
await records.close();
rmSync(folder, { recursive: true, force: true });
