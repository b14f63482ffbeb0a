/** What a clock on the wall and a calendar show in a zone. */
export interface WallClock {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Making one costs more than asking it a thousand times. */
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
      second: 'numeric',
    });
  formats.set(zone, known);
  return known;
}

/** The wall clock of a zone (IANA time zone database) at an instant. */
export function wallClockAt(atMs: number, zone: string): WallClock {
  const told = new Map<string, number>(
    formatOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (part: keyof WallClock): number => told.get(part) ?? 0;
  return {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
    second: of('second'),
  };
}

const two = (part: number): string => String(part).padStart(2, '0');

/** `2026-11-22` */
export function dayText({ year, month, day }: WallClock): string {
  return `${year}-${two(month)}-${two(day)}`;
}

/** `2026-11-22 11:05` */
export function minuteText(wall: WallClock): string {
  return `${dayText(wall)} ${two(wall.hour)}:${two(wall.minute)}`;
}

/** `2026-11-22 11:05:07` */
export function secondText(wall: WallClock): string {
  return `${minuteText(wall)}:${two(wall.second)}`;
}
