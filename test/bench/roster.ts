// Pages of the roster over ten years of shifts and 4,493 accounts: what each asks of the records and works out.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { nowView, ownView, rosterView } from '../../collector/api/roster/views.ts';
import { createRoster } from '../../collector/duty/roster/roster.ts';
import { addAccount, type Account } from '../../collector/records/accounts.ts';
import { findPeople } from '../../collector/records/people.ts';
import { openRecords } from '../../collector/records/open.ts';
import { saveAbsence, saveOverride, savePattern } from '../../collector/records/roster.ts';
import type { Db } from '../../collector/records/tables.ts';
import { inTransaction } from '../../collector/records/transaction.ts';
import { peopleSettings } from '../../config/people.ts';
import { makeFolder } from '../support/folder.ts';
import { manualClock } from '../support/manual-clock.ts';
import { chineseYears, DAY, FOUR, NIGHT } from '../support/roster.ts';
import { stores, type Store } from '../support/stores.ts';
import { printFigures, quantile } from './figures.ts';

const ACCOUNTS = 4_493;
const YEARS = 10;
const FIRST_YEAR = 2017;
const timeZone = (): string => 'Asia/Shanghai';
const name = (index: number): string => `p${index % ACCOUNTS}`;

const figures: Record<string, number> = {};
for (const store of await stores()) {
  for (const [page, ms] of Object.entries(await measure(store))) {
    figures[`${page}_p99_ms_${store.name === 'SQLite' ? 'sqlite' : 'postgres'}`] = ms;
  }
}
printFigures('roster', figures);

async function measure({ make }: Store): Promise<Readonly<Record<string, number>>> {
  const folder = makeFolder();
  const { settings, remove } = make();
  const records = await openRecords(join(folder, 'data'), settings);
  const { db } = records;
  const clock = manualClock(Date.UTC(FIRST_YEAR + YEARS - 1, 10, 22));
  const account = await fill(db, clock.nowMs());
  const years = chineseYears();
  const deps = {
    db,
    clock,
    roster: createRoster({ db, timeZone, years: () => years }),
    settings: () => ({ minRestMs: 11 * 3_600_000 }),
    people: () => peopleSettings(),
    timeZone,
  };
  const by = { session: 'bench', account };
  const months = Array.from({ length: YEARS * 12 }, (_, index) => {
    const month = String((index % 12) + 1).padStart(2, '0');
    return `${FIRST_YEAR + Math.floor(index / 12)}-${month}-01`;
  });
  const month = await timed(months, (from) => rosterView(deps, { from, days: 42 }, by));
  const now = await timed(months, () => nowView(deps));
  const mine = await timed(months, () => ownView(deps, by));
  const search = await timed(months, () => findPeople(db, { search: 'p44', offset: 0, limit: 40 }));
  await records.close();
  await remove();
  rmSync(folder, { recursive: true, force: true });
  return { month, now, mine, search };
}

async function timed<T>(list: readonly T[], look: (each: T) => Promise<unknown>): Promise<number> {
  const tookMs: number[] = [];
  for (const each of list) {
    const beganMs = performance.now();
    await look(each);
    tookMs.push(performance.now() - beganMs);
  }
  return quantile(tookMs, 0.99);
}

/** A pattern each half year, ten single changes and three leaves a month, turns that count from the very first day. */
async function fill(db: Db, atMs: number): Promise<Account> {
  return inTransaction(db, async (step) => {
    const accounts: Account[] = [];
    for (let index = 0; index < ACCOUNTS; index += 1) {
      const person = { name: name(index), displayName: `Person ${index}`, language: 'en' } as const;
      const rest = {
        roles: ['operator'],
        passwordHash: '-',
        createdAtMs: atMs,
        isDemonstration: false,
      } as const;
      accounts.push(await addAccount(step, { ...person, ...rest }));
    }
    const groups = Array.from({ length: 8 }, (_, group) => [name(group * 2), name(group * 2 + 1)]);
    for (let half = 0; half < YEARS * 2; half += 1) {
      const fromDay = `${FIRST_YEAR + Math.floor(half / 2)}-${half % 2 === 0 ? '01' : '07'}-01`;
      await savePattern(step, {
        id: `pattern-${half}`,
        name: `Half ${half}`,
        isTemporary: false,
        fromDay,
        countsFrom: `${FIRST_YEAR}-01-01`,
        shifts: [DAY, NIGHT],
        rotas: [
          { ...FOUR, groups, unit: 'turn' },
          { ...FOUR, post: 'standby', groups, unit: 'turn', offsets: [4, 4] },
        ],
      });
    }
    for (let index = 0; index < YEARS * 120; index += 1) {
      const day = new Date(Date.UTC(FIRST_YEAR, 0, 1 + index * 3)).toISOString().slice(0, 10);
      await saveOverride(step, { shift: `${day}.${DAY.id}`, post: 'operator', names: [name(index)] });
      if (index % 3 > 0) continue;
      const leave = { kind: 'leave', fromDay: day, toDay: day, reason: 'bench', askedAtMs: 0 } as const;
      await saveAbsence(step, { ...leave, id: `leave-${index}`, name: name(index), state: 'approved' });
    }
    const [first] = accounts;
    if (first === undefined) throw new Error('nobody');
    return first;
  });
}
