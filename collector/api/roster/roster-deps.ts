import { Type } from 'typebox';
import { mayCall } from '../../../config/model/access.ts';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { isDay } from '../../../config/model/person.ts';
import type { PlannedShift, RosterFault } from '../../../config/model/roster.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import type { PeopleSettings } from '../../../config/people.ts';
import type { RosterSettings } from '../../../config/roster.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { OneOf } from '../../../config/schema/common.ts';
import { qualificationsAt } from '../../duty/people/qualifications.ts';
import { assessRules, faultsIn, type AssessRules, type RosterPerson } from '../../duty/roster/assess.ts';
import { consequences } from '../../duty/roster/consequences.ts';
import { dayNumber, dayOf, dayOfInstant, instantOf } from '../../duty/roster/days.ts';
import { everybodyIn } from '../../duty/roster/loads.ts';
import { shiftsOf, type Range, type RosterPlan } from '../../duty/roster/plan.ts';
import type { PlannedRoster } from '../../duty/roster/roster.ts';
import { nameKeyOf } from '../../records/accounts.ts';
import { peopleByName } from '../../records/people.ts';
import type { Db } from '../../records/tables.ts';
import type { Actor } from '../commands.ts';
import { InvalidRequestError } from '../refusals.ts';

/** What the routes and commands of the roster need. */
export interface RosterApiDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly roster: PlannedRoster;
  readonly settings: () => RosterSettings;
  readonly people: () => PeopleSettings;
  readonly timeZone: () => string;
  /** Something was changed: facts are told anew. */
  readonly onChange?: () => void;
}

export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
export const PostName = OneOf(WATCH_POSTS, 'A post of the watch.');
export const ShiftName = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}\\.[0-9a-z]{1,16}$' });
export const RecordId = Type.String({ pattern: '^[0-9a-f-]{36}$' });
export const Reason = Type.String({ pattern: '\\S', maxLength: 500 });

/** Days around a change in which it can make somebody's rest too short. */
const AROUND_DAYS = 2;
const LONGEST_LOOK_DAYS = 62;

export const todayOf = ({ timeZone }: RosterApiDeps, atMs: number): string => dayOfInstant(atMs, timeZone());

export const addDays = (day: string, days: number): string => dayOf(dayNumber(day) + days);

/** From the beginning of a day until the end of another, or of as many as are looked at. */
export function rangeOfDays({ timeZone }: RosterApiDeps, fromDay: string, toDay: string): Range {
  const last = addDays(fromDay, LONGEST_LOOK_DAYS - 1);
  const end = toDay < last ? toDay : last;
  return {
    fromMs: instantOf(fromDay, '00:00', timeZone()),
    toMs: instantOf(addDays(end, 1), '00:00', timeZone()),
  };
}

/** The range in which a change on these days shows, without what is over. */
export function rangeAround(deps: RosterApiDeps, days: readonly string[], atMs: number): Range {
  const sorted = days.toSorted();
  const first = addDays(sorted[0] ?? todayOf(deps, atMs), -AROUND_DAYS);
  const last = addDays(sorted.at(-1) ?? first, AROUND_DAYS);
  const today = todayOf(deps, atMs);
  return rangeOfDays(deps, first < today ? today : first, last < today ? today : last);
}

export function rulesOf({ people, settings, timeZone }: RosterApiDeps): AssessRules {
  return assessRules({ ...settings(), ...people(), timeZone: timeZone() });
}

/** What is known of people, by the name of their account. */
export async function knownPeople(
  db: Db,
  names: readonly string[],
): Promise<ReadonlyMap<string, RosterPerson>> {
  const found = await peopleByName(db, names);
  return new Map(found.filter(({ isDisplay }) => !isDisplay).map((person) => [person.name, person]));
}

export interface Look {
  readonly shifts: readonly PlannedShift[];
  readonly faults: readonly RosterFault[];
  readonly people: ReadonlyMap<string, RosterPerson>;
}

/** What a plan says of a range, and what is wrong with it; with the rest before the first shift. */
export async function lookAt(deps: RosterApiDeps, db: Db, plan: RosterPlan, range: Range): Promise<Look> {
  const shifts = shiftsOf(plan, { fromMs: range.fromMs - AROUND_DAYS * 86_400_000, toMs: range.toMs });
  const people = await knownPeople(db, everybodyIn(shifts));
  return { shifts, people, faults: faultsIn(shifts, range, { people, rules: rulesOf(deps) }) };
}

/** Whom a change of the plan concerns, and which gaps and faults it makes or mends. */
export async function effectsOfChange(
  deps: RosterApiDeps,
  db: Db,
  { plan, range }: { readonly plan: RosterPlan; readonly range: Range },
  change: Partial<RosterPlan>,
): Promise<readonly Effect[]> {
  const before = await lookAt(deps, db, plan, range);
  const after = await lookAt(deps, db, { ...plan, ...change }, range);
  const called = (name: string): string =>
    after.people.get(name)?.displayName ?? before.people.get(name)?.displayName ?? name;
  return consequences(before, after, called);
}

/**
 * Those who are to keep a post, as their accounts are written.
 * @throws {InvalidRequestError} naming who has no account, may not sign in, or lacks what the site requires by then.
 */
export async function requireKeepers(
  deps: RosterApiDeps,
  db: Db,
  wanted: readonly { readonly path: string; readonly name: string; readonly atMs: number }[],
): Promise<ReadonlyMap<string, string>> {
  const found = await peopleByName(db, [...new Set(wanted.map(({ name }) => name))]);
  const keyed = new Map(found.map((person) => [nameKeyOf(person.name), person]));
  const rules = rulesOf(deps);
  const faults = wanted.flatMap(({ path, name, atMs }) => {
    const person = keyed.get(nameKeyOf(name));
    if (person === undefined) return [{ path, message: `${name} has no account` }];
    if (person.isDisabled || person.isDisplay || person.roles.every((role) => role === 'viewer')) {
      return [{ path, message: `${name} cannot keep a watch: the account is disabled or only looks` }];
    }
    if (qualificationsAt(person, atMs, rules).verdict === 'refused') {
      return [{ path, message: `${name} lacks a qualification that the site requires (R12)` }];
    }
    return [];
  });
  if (faults.length > 0) throw new InvalidRequestError(faults);
  return new Map(wanted.map(({ name }) => [name, keyed.get(nameKeyOf(name))?.name ?? name]));
}

/** @throws {InvalidRequestError} for a day that the calendar does not have. */
export function requireDays(days: Readonly<Record<string, string | undefined>>): void {
  const faults = Object.entries(days).flatMap(([path, day]) =>
    day === undefined || isDay(day) ? [] : [{ path: `input.${path}`, message: 'is no day of the calendar' }],
  );
  if (faults.length > 0) throw new InvalidRequestError(faults);
}

/**
 * Whether somebody decides as a leader on these shifts: who leads one of them (带班) or is the head of the site (主管);
 * where there is neither who could, an administrator of the system.
 */
export function isLeader(
  { people }: RosterApiDeps,
  { account }: Pick<Actor, 'account'>,
  { shifts, sides }: { readonly shifts: readonly PlannedShift[]; readonly sides: readonly string[] },
): boolean {
  if (sides.includes(account.name)) return false;
  const leaders = [...people().heads, ...shifts.flatMap(({ posts }) => posts.shiftLead)];
  if (leaders.includes(account.name)) return true;
  return leaders.every((name) => sides.includes(name)) && account.roles.includes('sysAdmin');
}

/** Whether somebody plans the watch of others. */
export const isPlanner = ({ account }: Pick<Actor, 'account'>): boolean =>
  mayCall(account.roles, 'POST /api/commands/assign-shifts');

/** @throws {WatchkeeperError} `not_found`. */
export function required<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new WatchkeeperError('not_found', `There is no such ${what}.`);
  return found;
}
