import type { DueBody, DueView } from '../../../config/model/round-api.ts';
import type { Roster, Shift } from '../../../config/model/shift.ts';
import { personsCalled } from '../../records/roster-people.ts';
import type { Db } from '../../records/tables.ts';

/** Due rounds with whom the roster plans for those that are the watch's, and what everybody in them is called. */
export async function withPeople(
  { db, roster }: { readonly db: Db; readonly roster: Pick<Roster, 'shiftsBetween'> },
  due: readonly DueView[],
): Promise<Pick<DueBody, 'due' | 'people'>> {
  const watchs = due.filter(isWatchs);
  const fromMs = Math.min(...watchs.map((one) => one.fromMs));
  const toMs = Math.max(...watchs.map((one) => one.byMs));
  const shifts = watchs.length === 0 ? [] : await roster.shiftsBetween(fromMs, toMs);
  const planned = due.map((one) => (isWatchs(one) ? { ...one, watch: onWatch(one, shifts) } : one));
  const names = planned.flatMap(({ assignee, watch = [], walkedBy }) =>
    [walkedBy ?? [], assignee ?? [], watch].flat(),
  );
  return { due: planned, people: await personsCalled(db, names) };
}

/** Handed to nobody, and walked by nobody yet. */
function isWatchs({ assignee, round }: DueView): boolean {
  return assignee === undefined && round === undefined;
}

/** Operators of all shifts in which it can be done in time, each once, in the order of the shifts. */
function onWatch({ fromMs, byMs }: DueView, shifts: readonly Shift[]): readonly string[] {
  const touched = shifts.filter(({ startsAtMs, endsAtMs }) => startsAtMs < byMs && fromMs < endsAtMs);
  return [...new Set(touched.flatMap(({ posts }) => posts.operator))];
}
