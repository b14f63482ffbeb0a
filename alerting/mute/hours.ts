import type { Hours, Span } from '../../config/model/hours.ts';
import { wallClockAt } from '../../config/runtime/wall-clock.ts';

/** Whether an instant is within one of the hours. */
export function isWithin(hours: readonly Hours[], atMs: number): boolean {
  return hours.some((one) => holds(one, atMs));
}

function holds({ minutes, weekdays, days, months, years, zone }: Hours, atMs: number): boolean {
  const wall = hourAt(atMs, zone);
  const has = (spans: readonly Span[] | undefined, value: number): boolean =>
    spans === undefined || spans.some(({ from, to }) => value >= from && value <= to);
  return (
    has(
      minutes?.map(({ from, to }) => ({ from, to: to - 1 })),
      wall.minute,
    ) &&
    has(weekdays, wall.weekday) &&
    has(days && daysOf(days, wall), wall.day) &&
    has(months, wall.month) &&
    has(years, wall.year)
  );
}

/** Days counted from the end of this month; what lies beyond it is none, what reaches beyond it ends with it. */
function daysOf(days: readonly Span[], { year, month }: Hour): readonly Span[] {
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const dayOf = (day: number): number => (day < 0 ? count + day + 1 : day);
  return days
    .map(({ from, to }) => ({ from: dayOf(from), to: Math.min(dayOf(to), count) }))
    .filter(({ from }) => from <= count);
}

interface Hour {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** 0 for Sunday. */
  readonly weekday: number;
  /** Of the day. */
  readonly minute: number;
}

function hourAt(atMs: number, zone: string): Hour {
  const { year, month, day, hour, minute } = wallClockAt(atMs, zone);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, weekday, minute: hour * 60 + minute };
}
