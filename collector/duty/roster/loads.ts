import type { Load, PlannedShift } from '../../../config/model/roster.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import type { Calendar } from './calendar.ts';
import { dayNumber, dayOf, instantOf } from './days.ts';
import { workersOf, WORKING_POSTS } from './rest.ts';

/** Farther from the mean than so is uneven, if it is more than one shift. */
const UNEVEN_RATIO = 0.25;

interface Counted {
  shifts: number;
  workMs: number;
  nights: number;
  restdays: number;
  onCallMs: number;
  longestMs: number;
}

/** What each person carries, and in what it is far from the mean of those who keep the same post; by name. */
export function loads(
  shifts: readonly PlannedShift[],
  { calendar, timeZone }: { readonly calendar: Calendar; readonly timeZone: string },
): readonly Load[] {
  const counted = new Map<string, Counted>();
  for (const shift of shifts) {
    const workMs = shift.endsAtMs - shift.startsAtMs;
    const isNight = coversSmallHours(shift, timeZone);
    const isRestday = calendar.isRestday(dayNumber(shift.day));
    for (const name of workersOf(shift)) {
      const load = counted.get(name) ?? nothing();
      counted.set(name, load);
      load.shifts += 1;
      load.restdays += isRestday ? 1 : 0;
      if (shift.isOnCall) load.onCallMs += workMs;
      else {
        load.workMs += workMs;
        load.nights += isNight ? 1 : 0;
        load.longestMs = Math.max(load.longestMs, workMs);
      }
    }
  }
  const uneven = unevenOnes(shifts, counted);
  return [...counted]
    .map(([name, { shifts: n, workMs, nights, restdays, onCallMs }]): Load => {
      return { name, shifts: n, workMs, nights, restdays, onCallMs, uneven: [...(uneven.get(name) ?? [])] };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const nothing = (): Counted => ({
  shifts: 0,
  workMs: 0,
  nights: 0,
  restdays: 0,
  onCallMs: 0,
  longestMs: 0,
});

/** Whether somebody is awake at three in the morning. */
function coversSmallHours({ day, startsAtMs, endsAtMs }: PlannedShift, timeZone: string): boolean {
  return [day, dayOf(dayNumber(day) + 1)].some((each) => {
    const atMs = instantOf(each, '03:00', timeZone);
    return startsAtMs <= atMs && atMs < endsAtMs;
  });
}

function unevenOnes(
  shifts: readonly PlannedShift[],
  counted: ReadonlyMap<string, Counted>,
): ReadonlyMap<string, ReadonlySet<Load['uneven'][number]>> {
  const found = new Map<string, Set<Load['uneven'][number]>>();
  const tell = (name: string, what: Load['uneven'][number]): void => {
    found.set(name, (found.get(name) ?? new Set()).add(what));
  };
  for (const post of WORKING_POSTS) {
    const names = [...new Set(shifts.flatMap(({ posts }) => posts[post]))];
    // Who keeps another post too is compared with nobody: it is another kind of work.
    const peers = names.filter((name) => postsOf(shifts, name) === 1);
    const longestMs = Math.max(0, ...peers.map((name) => counted.get(name)?.longestMs ?? 0));
    const compare = (what: Load['uneven'][number], amount: (load: Counted) => number, one: number): void => {
      const amounts = peers.map((name) => amount(counted.get(name) ?? nothing()));
      const mean = amounts.reduce((sum, each) => sum + each, 0) / peers.length;
      for (const [index, name] of peers.entries()) {
        const distance = Math.abs((amounts[index] ?? 0) - mean);
        if (distance > one && distance > UNEVEN_RATIO * mean) tell(name, what);
      }
    };
    compare('hours', ({ workMs }) => workMs, longestMs);
    compare('nights', ({ nights }) => nights, 1);
    compare('restdays', ({ restdays }) => restdays, 1);
  }
  return found;
}

function postsOf(shifts: readonly PlannedShift[], name: string): number {
  return WORKING_POSTS.filter((post) => shifts.some(({ posts }) => posts[post].includes(name))).length;
}

/** Every name at any post of these shifts. */
export function everybodyIn(shifts: readonly PlannedShift[]): readonly string[] {
  return [...new Set(shifts.flatMap(({ posts }) => WATCH_POSTS.flatMap((post) => posts[post])))];
}
