import type { CalendarYear } from '../../../config/calendars.ts';
import type { PlannedShift } from '../../../config/model/roster.ts';
import type { Roster } from '../../../config/model/shift.ts';
import { hasPatterns, planBetween } from '../../records/roster.ts';
import type { Db } from '../../records/tables.ts';
import { createCalendar, type Calendar } from './calendar.ts';
import { dayNumber, dayOf, dayOfInstant } from './days.ts';
import { shiftOf, shiftsOf, type Range, type RosterPlan } from './plan.ts';

export interface RosterDeps {
  readonly db: Db;
  readonly timeZone: () => string;
  readonly years: () => readonly CalendarYear[];
}

/** The plan of the watch as the records hold it. */
export interface PlannedRoster extends Roster {
  shiftAt(atMs: number): Promise<PlannedShift | undefined>;
  shiftsBetween(fromMs: number, toMs: number): Promise<readonly PlannedShift[]>;
  /** What decides over the shifts that touch a range; out of a transaction where one is given. */
  plan(range: Range, step?: Db): Promise<RosterPlan>;
  calendar(): Calendar;
  /** Whether anybody has planned anything yet. */
  isPlanned(): Promise<boolean>;
}

export function createRoster({ db, timeZone, years }: RosterDeps): PlannedRoster {
  let known: { readonly years: readonly CalendarYear[]; readonly calendar: Calendar } | undefined;
  const calendar = (): Calendar => {
    if (known?.years !== years()) known = { years: years(), calendar: createCalendar(years()) };
    return known.calendar;
  };
  const plan: PlannedRoster['plan'] = async ({ fromMs, toMs }, step = db) => {
    const zone = timeZone();
    const day = (atMs: number, by: number): string => dayOf(dayNumber(dayOfInstant(atMs, zone)) + by);
    const stored = await planBetween(step, day(fromMs, -2), day(toMs, 1));
    return { timeZone: zone, calendar: calendar(), ...stored };
  };
  const shiftsBetween: PlannedRoster['shiftsBetween'] = async (fromMs, toMs) =>
    shiftsOf(await plan({ fromMs, toMs }), { fromMs, toMs });
  return {
    plan,
    calendar,
    shiftsBetween,
    shiftAt: async (atMs) => shiftOf(await shiftsBetween(atMs, atMs + 1), atMs),
    isPlanned: () => hasPatterns(db),
  };
}
