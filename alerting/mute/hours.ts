import type { Hours, Span } from '../../config/model/hours.ts';

/** Whether an instant is within one of the hours. */
export function isWithin(hours: readonly Hours[], atMs: number): boolean {
  return hours.some((one) => holds(one, atMs));
}

function holds({ minutes, weekdays, days, months, years, zone }: Hours, atMs: number): boolean {
  const wall = wallClock(atMs, zone);
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
function daysOf(days: readonly Span[], { year, month }: WallClock): readonly Span[] {
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const dayOf = (day: number): number => (day < 0 ? count + day + 1 : day);
  return days
    .map(({ from, to }) => ({ from: dayOf(from), to: Math.min(dayOf(to), count) }))
    .filter(({ from }) => from <= count);
}

interface WallClock {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** 0 for Sunday. */
  readonly weekday: number;
  /** Of the day. */
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  formats.set(zone, known);
  return known;
}

function wallClock(atMs: number, zone: string): WallClock {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)] as const),
  );
  const [year = 0, month = 0, day = 0] = (['year', 'month', 'day'] as const).map((part) => parts.get(part));
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, weekday, minute: (parts.get('hour') ?? 0) * 60 + (parts.get('minute') ?? 0) };
}
