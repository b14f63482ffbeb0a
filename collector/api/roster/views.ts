import type { Language } from '../../../config/model/localized.ts';
import type { CalendarDay, PlannedShift, RosterFault, Swap } from '../../../config/model/roster.ts';
import type { OwnRosterBody, RosterBody, RosterNowBody } from '../../../config/model/roster-api.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import { faultsIn } from '../../duty/roster/assess.ts';
import { instantOf } from '../../duty/roster/days.ts';
import { everybodyIn, loads } from '../../duty/roster/loads.ts';
import { dayOfShift, shiftOf, shiftsOf, type Range } from '../../duty/roster/plan.ts';
import { rosterRows } from '../../duty/roster/sheet.ts';
import { rosterWorkbook } from '../../duty/roster/workbook.ts';
import { feedOf } from '../../records/roster-feeds.ts';
import { absencesBetween, hasPatterns, patternsFrom, swapsSince } from '../../records/roster.ts';
import { personsCalled } from '../../records/roster-people.ts';
import type { SignedIn } from '../auth/sessions.ts';
import {
  addDays,
  isLeader,
  isPlanner,
  knownPeople,
  requireDays,
  rulesOf,
  todayOf,
  type RosterApiDeps,
} from './roster-deps.ts';

const DAY_MS = 86_400_000;
const REST_BEFORE_MS = 2 * DAY_MS;
/** Swaps that were answered stay in sight for so long. */
const SWAPS_MS = 30 * DAY_MS;
const OWN_DAYS = 60;
const WEEK_DAYS = 7;
/** So far ahead is looked for the next shift. */
const NEXT_MS = 8 * DAY_MS;

interface Days {
  readonly from: string;
  readonly days: number;
}

function rangeOf({ timeZone }: RosterApiDeps, { from, days }: Days): Range {
  return {
    fromMs: instantOf(from, '00:00', timeZone()),
    toMs: instantOf(addDays(from, days), '00:00', timeZone()),
  };
}

function calendarDays({ roster }: RosterApiDeps, { from, days }: Days): readonly CalendarDay[] {
  return Array.from({ length: days }, (_, index) => roster.calendar().dayOf(addDays(from, index)));
}

/** Some days of the plan as the planner's page shows them. */
export async function rosterView(deps: RosterApiDeps, asked: Days, by: SignedIn): Promise<RosterBody> {
  requireDays({ from: asked.from });
  const { db, clock, roster } = deps;
  const nowMs = clock.nowMs();
  const range = rangeOf(deps, asked);
  const plan = await roster.plan(range);
  const all = shiftsOf(plan, { fromMs: range.fromMs - REST_BEFORE_MS, toMs: range.toMs });
  const shifts = all.filter(({ endsAtMs }) => endsAtMs > range.fromMs);
  const people = await knownPeople(db, everybodyIn(all));
  const open = { fromMs: Math.max(range.fromMs, nowMs), toMs: range.toMs };
  const isAhead = open.fromMs < open.toMs && (await hasPatterns(db));
  const faults = isAhead ? faultsIn(all, open, { people, rules: rulesOf(deps) }) : [];
  const patterns = await patternsFrom(db, asked.from);
  const swaps = await swapsSince(db, nowMs - SWAPS_MS);
  const lastDay = addDays(asked.from, asked.days - 1);
  const absences = await absencesBetween(db, asked.from, lastDay);
  const days = calendarDays(deps, asked);
  const years = new Set(days.map(({ day }) => Number(day.slice(0, 4))));
  const named = [
    ...patterns.flatMap(({ rotas }) => rotas.flatMap(({ groups }) => groups.flat())),
    ...namesIn(swaps),
    ...absences.map(({ name }) => name),
    ...shifts.flatMap(({ away }) => away),
    ...deps.people().heads,
  ];
  return {
    timeZone: plan.timeZone,
    days,
    unknownYears: [...years].filter((year) => !roster.calendar().isKnown(year)),
    shifts,
    faults: faults.filter((fault) => maySee(fault, by)),
    loads: loads(
      shifts.filter(({ day }) => day >= asked.from),
      plan,
    ),
    patterns,
    absences,
    swaps,
    people: await personsCalled(db, [...everybodyIn(shifts), ...named]),
    heads: deps.people().heads,
  };
}

const namesIn = (swaps: readonly Swap[]): readonly string[] => swaps.flatMap(({ from, to }) => [from, to]);

/** What somebody lacks is between them and those who plan. */
function maySee(fault: RosterFault, by: SignedIn): boolean {
  const isPersonal = fault.kind === 'unqualified' || fault.kind === 'expiring';
  return !isPersonal || isPlanner(by) || fault.name === by.account.name;
}

/** Who is planned now and next, and the week from today. */
export async function nowView(deps: RosterApiDeps): Promise<RosterNowBody> {
  const { db, clock, roster } = deps;
  const nowMs = clock.nowMs();
  const asked = { from: todayOf(deps, nowMs), days: WEEK_DAYS };
  const shifts = await roster.shiftsBetween(nowMs, nowMs + NEXT_MS);
  const week = rangeOf(deps, asked);
  const now = shiftOf(shifts, nowMs);
  const next = shifts.find(({ startsAtMs }) => startsAtMs > nowMs);
  return {
    isPlanned: await roster.isPlanned(),
    ...(now === undefined ? {} : { now }),
    ...(next === undefined ? {} : { next }),
    week: shifts.filter(({ startsAtMs }) => startsAtMs < week.toMs),
    days: calendarDays(deps, asked),
    people: await personsCalled(db, everybodyIn(shifts)),
  };
}

/** One's own shifts from now on, and what waits for one's answer. */
export async function ownView(deps: RosterApiDeps, by: SignedIn): Promise<OwnRosterBody> {
  const { db, clock, roster } = deps;
  const nowMs = clock.nowMs();
  const { name, id } = by.account;
  const today = todayOf(deps, nowMs);
  const range = { fromMs: nowMs, toMs: rangeOf(deps, { from: today, days: OWN_DAYS }).toMs };
  const plan = await roster.plan(range);
  const shifts = shiftsOf(plan, range);
  const own = shifts.flatMap((shift) => {
    const posts = WATCH_POSTS.filter((post) => shift.posts[post].includes(name));
    return posts.length === 0 ? [] : [{ ...shift, own: posts }];
  });
  const swaps = await swapsSince(db, nowMs - SWAPS_MS);
  const absences = await absencesBetween(db, today, addDays(today, 365));
  const load = loads(shifts, plan).find((each) => each.name === name);
  const feed = await feedOf(db, id);
  const toDecide = {
    swaps: swaps.filter((swap) => swap.state.kind === 'accepted' && decides(deps, by, swap, shifts)),
    absences: absences.filter(
      (absence) =>
        absence.state === 'asked' &&
        isLeader(deps, by, { shifts: onDays(shifts, absence), sides: [absence.name] }),
    ),
  };
  const named = [...everybodyIn(shifts), ...namesIn(swaps), ...absences.map((each) => each.name)];
  return {
    shifts: own,
    swaps: swaps.filter(({ from, to }) => from === name || to === name),
    absences: absences.filter((absence) => absence.name === name),
    toDecide,
    ...(load === undefined ? {} : { load }),
    ...(feed === undefined
      ? {}
      : {
          feed: {
            createdAtMs: feed.createdAtMs,
            ...(feed.usedAtMs === undefined ? {} : { usedAtMs: feed.usedAtMs }),
          },
        }),
    people: await personsCalled(db, named),
  };
}

function decides(
  deps: RosterApiDeps,
  by: SignedIn,
  { gives, takes, from, to }: Swap,
  shifts: readonly PlannedShift[],
): boolean {
  const concerned = shifts.filter(({ id }) => id === gives.shift || id === takes?.shift);
  return isLeader(deps, by, { shifts: concerned, sides: [from, to] });
}

const onDays = (
  shifts: readonly PlannedShift[],
  { fromDay, toDay }: { readonly fromDay: string; readonly toDay: string },
): readonly PlannedShift[] => shifts.filter(({ id }) => fromDay <= dayOfShift(id) && dayOfShift(id) <= toDay);

/** Some days of the plan as a workbook. */
export async function sheetOf(
  deps: RosterApiDeps,
  { language, ...asked }: Days & { readonly language: Language },
): Promise<Buffer> {
  requireDays({ from: asked.from });
  const range = rangeOf(deps, asked);
  const shifts = await deps.roster.shiftsBetween(range.fromMs, range.toMs);
  const people = await personsCalled(deps.db, everybodyIn(shifts));
  const time = new Intl.DateTimeFormat('sv-SE', {
    timeZone: deps.timeZone(),
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const rows = rosterRows(
    shifts.filter(({ day }) => day >= asked.from),
    { people, timeOf: (atMs) => time.format(atMs), language: language === 'zh-CN' ? 0 : 1 },
  );
  return rosterWorkbook(rows, language === 'zh-CN' ? '排班表' : 'Roster');
}
