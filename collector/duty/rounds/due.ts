import type { DueRound, RoundSchedule, RoundTemplate } from '../../../config/model/round.ts';
import { isDay } from '../../../config/model/person.ts';
import { dayNumber, dayOf, dayOfInstant, instantOf, weekdayOf } from '../roster/days.ts';

/** The rounds of a template whose time touches that from `fromMs` until before `toMs`, in order. */
export function dueBetween(
  { id, kind, schedule, isRetired }: Pick<RoundTemplate, 'id' | 'kind' | 'schedule' | 'isRetired'>,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  timeZone: string,
): readonly DueRound[] {
  if (isRetired || kind === 'special') return [];
  // One that ends on the day after has begun on the day before.
  const first = dayNumber(dayOfInstant(fromMs, timeZone)) - 1;
  const last = dayNumber(dayOfInstant(toMs, timeZone));
  const rounds: DueRound[] = [];
  for (let number = first; number <= last; number += 1) {
    if (!isDueOn(kind, schedule, number)) continue;
    const round = dueOn({ id, schedule }, dayOf(number), timeZone);
    if (round.byMs > fromMs && round.fromMs < toMs) rounds.push(round);
  }
  return rounds;
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
  return dueOn(template, day, timeZone);
}

function dueOn(
  { id, schedule: { from, by } }: Pick<RoundTemplate, 'id' | 'schedule'>,
  day: string,
  timeZone: string,
): DueRound {
  const endDay = by > from ? day : dayOf(dayNumber(day) + 1);
  return {
    id: `${id}@${day}`,
    template: id,
    day,
    fromMs: instantOf(day, from, timeZone),
    byMs: instantOf(endDay, by, timeZone),
  };
}

function isDueOn(kind: RoundTemplate['kind'], { weekday, monthDay }: RoundSchedule, number: number): boolean {
  if (kind === 'daily') return true;
  if (kind === 'weekly') return weekdayOf(number) === weekday;
  const day = dayOf(number);
  const isLast = dayOf(number + 1).slice(8) === '01';
  const date = Number(day.slice(8));
  const isItsDay = date === monthDay || (isLast && date < monthDay);
  if (kind === 'monthly') return isItsDay;
  // January, April, July, October.
  return kind === 'quarterly' && isItsDay && (Number(day.slice(5, 7)) - 1) % 3 === 0;
}
