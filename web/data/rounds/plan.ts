import type { DueView } from '../../../config/model/round-api.ts';
import { addDays, daysOfView, moved, type RosterView } from '../roster.ts';

export type PlanView = RosterView | 'day';

/** The days that a view of a day shows, in order. */
export function daysOfPlan(view: PlanView, day: string): readonly string[] {
  const { from, days } = view === 'day' ? { from: day, days: 1 } : daysOfView(view, day);
  return Array.from({ length: days }, (_, index) => addDays(from, index));
}

/** All days of a month `YYYY-MM`. */
export function daysOfMonth(month: string): readonly string[] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: last }, (_, index) => addDays(`${month}-01`, index));
}

/** The day that the view before or after stands at. */
export function movedPlan(view: PlanView, day: string, by: -1 | 1): string {
  return view === 'day' ? addDays(day, by) : moved(view, day, by);
}

/** Instants around days, wide enough for every zone. */
export function rangeOfDays(days: readonly string[]): { readonly fromMs: number; readonly toMs: number } {
  const atMs = (day: string): number => Date.parse(`${day}T00:00:00Z`);
  return { fromMs: atMs(addDays(days[0] ?? '', -1)), toMs: atMs(addDays(days.at(-1) ?? '', 2)) };
}

/** For whom: everybody when empty, an account that has it, has walked it or is planned for its watch, or `WATCH` for what is nobody's in particular. */
export function isFor({ assignee, watch = [], walkedBy }: DueView, person: string): boolean {
  if (person === '' || walkedBy === person) return true;
  if (assignee !== undefined) return assignee === person;
  return person === WATCH || watch.includes(person);
}

/** All accounts that due rounds are for. */
export function peopleOf(due: readonly DueView[]): readonly string[] {
  return [...new Set(due.flatMap(({ walkedBy, assignee, watch = [] }) => walkedBy ?? assignee ?? watch))];
}

/** No account has a name that begins so. */
export const WATCH = '-watch';

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Where a key leads from a day; `undefined` for one that leads nowhere. */
export function dayByKey(view: PlanView, day: string, key: string): string | undefined {
  if (key === 'PageUp') return movedPlan(view, day, -1);
  if (key === 'PageDown') return movedPlan(view, day, 1);
  const step = STEPS[key];
  return step === undefined ? undefined : addDays(day, step);
}
