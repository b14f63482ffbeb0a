import { TRAININGS } from '../../../config/model/person.ts';
import type { Pattern, Rota } from '../../../config/model/roster.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { accountByName, addAccount, removeDemonstrationAccount } from '../../records/accounts.ts';
import { audited } from '../../records/audit.ts';
import { hasPatterns, patternById, removePattern, savePattern } from '../../records/roster.ts';
import type { Db } from '../../records/tables.ts';
import { dayNumber, dayOf, dayOfInstant } from './days.ts';

/** Who keeps the watch of the demonstration; none of them can sign in. */
const PEOPLE: Readonly<Record<string, string>> = {
  'wang.qiang': '王强 Wang Qiang',
  'li.na': '李娜 Li Na',
  'zhang.wei': '张伟 Zhang Wei',
  'liu.yang': '刘洋 Liu Yang',
  'chen.jing': '陈静 Chen Jing',
  'zhao.lei': '赵磊 Zhao Lei',
  'sun.li': '孙丽 Sun Li',
  'zhou.tao': '周涛 Zhou Tao',
};
const PATTERN_ID = '00000000-0000-4000-8000-00000000d3e0';
/** So long ago the plan began: there is something to look back at. */
const BEHIND_DAYS = 60;

export interface DemoRosterDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly timeZone: string;
}

/** A first visitor sees who is on watch: plans four in turn, with leaders and stand-ins, where nobody has planned anything. */
export async function addDemoRoster({ db, clock, timeZone }: DemoRosterDeps): Promise<void> {
  if (await hasPatterns(db)) return;
  const atMs = clock.nowMs();
  const pattern = demoPattern(dayOf(dayNumber(dayOfInstant(atMs, timeZone)) - BEHIND_DAYS));
  const entry = { atMs, who: 'system', action: 'demo_roster_added', target: pattern.name, origin: 'local' };
  await audited(db, { ...entry, after: pattern }, async (step) => {
    for (const [name, displayName] of Object.entries(PEOPLE)) {
      if ((await accountByName(step, name)) === undefined) await addPerson(step, { name, displayName, atMs });
    }
    await savePattern(step, pattern);
  });
}

/** What was good enough for a demonstration must not stay where people work. */
export async function removeDemoRoster(db: Db): Promise<void> {
  if ((await patternById(db, PATTERN_ID)) === undefined) return;
  await removePattern(db, PATTERN_ID);
  for (const name of Object.keys(PEOPLE)) await removeDemonstrationAccount(db, name);
}

async function addPerson(
  step: Db,
  { name, displayName, atMs }: { readonly name: string; readonly displayName: string; readonly atMs: number },
): Promise<void> {
  const passedOn = '2026-01-10';
  await addAccount(step, {
    name,
    displayName,
    roles: ['operator'],
    language: 'zh-CN',
    // Nothing that is typed hashes to this.
    passwordHash: '',
    createdAtMs: atMs,
    isDemonstration: true,
    department: '信息科',
    vettedOn: '2026-01-05',
    qualifications: TRAININGS.map((training) => ({ training, passedOn })),
  });
}

function demoPattern(fromDay: string): Pattern {
  const base = { days: 'every', isOnCall: false } as const;
  const turn = (post: Rota['post'], names: readonly string[], change: Partial<Rota>): Rota => ({
    post,
    groups: names.map((name) => [name]),
    unit: 'day',
    every: 1,
    offsets: [0, 0],
    ...change,
  });
  return {
    id: PATTERN_ID,
    name: '四班两倒 Four in turn',
    isTemporary: false,
    fromDay,
    countsFrom: fromDay,
    shifts: [
      { ...base, id: 'demoday', name: '白班 Day', startsAt: '08:00', endsAt: '20:00' },
      { ...base, id: 'demonight', name: '夜班 Night', startsAt: '20:00', endsAt: '08:00' },
    ],
    rotas: [
      // Who had the day has the night of the day after, then two days off.
      turn('operator', ['wang.qiang', 'li.na', 'zhang.wei', 'liu.yang'], { offsets: [0, -1] }),
      turn('shiftLead', ['chen.jing', 'zhao.lei'], { unit: 'week' }),
      turn('standby', ['sun.li', 'zhou.tao'], {}),
    ],
  };
}
