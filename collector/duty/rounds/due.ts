import type { DueRound, RoundSchedule, RoundTemplate } from '../../../config/model/round.ts';
import { isDay } from '../../../config/model/person.ts';
import { dayNumber, dayOf, dayOfInstant, instantOf, weekdayOf } from '../roster/days.ts';

const DAY_MS = 86_400_000;

/** A due round, and when the next of its template begins. */
export interface DueAndNext {
  readonly round: DueRound;
  readonly nextFromMs: number;
}

type Instants = (day: string, time: string) => number;

/** Instants of times of day in a zone. Many templates share theirs, and working one out costs more than remembering it. */
export function instantsOf(timeZone: string): Instants {
  const known = new Map<string, number>();
  return (day, time) => {
    const name = `${day}T${time}`;
    const found = known.get(name) ?? instantOf(day, time, timeZone);
    known.set(name, found);
    return found;
  };
}

/** The rounds of a template whose time touches that from `fromMs` until before `toMs`, in order. */
export function dueBetween(
  { id, kind, schedule, isRetired }: Pick<RoundTemplate, 'id' | 'kind' | 'schedule' | 'isRetired'>,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  timeZone: string,
  instants: Instants = instantsOf(timeZone),
): readonly DueAndNext[] {
  if (isRetired || kind === 'special') return [];
  // One that ends on the day after has begun on the day before.
  const first = dayNumber(dayOfInstant(fromMs, timeZone)) - 1;
  const last = dayNumber(dayOfInstant(toMs, timeZone));
  const rounds: DueAndNext[] = [];
  for (let number = first; number <= last; number += 1) {
    if (!isDueOn(kind, schedule, number)) continue;
    const round = dueOn({ id, schedule }, dayOf(number), instants);
    if (round.byMs <= fromMs || round.fromMs >= toMs) continue;
    rounds.push({ round, nextFromMs: instants(nextDay(kind, schedule, number), schedule.from) });
  }
  return rounds;
}

/** The day on which a template that is due on a day is due next. */
function nextDay(kind: RoundTemplate['kind'], schedule: RoundSchedule, number: number): string {
  let next = number + 1;
  while (!isDueOn(kind, schedule, next)) next += 1;
  return dayOf(next);
}

/** The round that an id names; `undefined` when the template has none on that day. */
export function dueRound(
  template: Pick<RoundTemplate, 'id' | 'kind' | 'schedule'>,
  id: string,
  timeZone: string,
): DueRound | undefined {
  const [name, day = ''] = id.split('@');
  const { kind, schedule } = template;
  if (name !== template.id || !isDay(day) || kind === 'special' || !isDueOn(kind, schedule, dayNumber(day)))
    return undefined;
  return dueOn(template, day, instantsOf(timeZone));
}

function dueOn(
  { id, schedule: { from, by } }: Pick<RoundTemplate, 'id' | 'schedule'>,
  day: string,
  instants: Instants,
): DueRound {
  const endDay = by > from ? day : dayOf(dayNumber(day) + 1);
  return { id: `${id}@${day}`, template: id, day, fromMs: instants(day, from), byMs: instants(endDay, by) };
}

function isDueOn(kind: RoundTemplate['kind'], { weekday, monthDay }: RoundSchedule, number: number): boolean {
  if (kind === 'daily') return true;
  if (kind === 'weekly') return weekdayOf(number) === weekday;
  const date = new Date(number * DAY_MS);
  const dayOfMonth = date.getUTCDate();
  const isLast = new Date((number + 1) * DAY_MS).getUTCDate() === 1;
  const isItsDay = dayOfMonth === monthDay || (isLast && dayOfMonth < monthDay);
  if (kind === 'monthly') return isItsDay;
  // January, April, July, October.
  return kind === 'quarterly' && isItsDay && date.getUTCMonth() % 3 === 0;
}
