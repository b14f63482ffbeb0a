/** A day of a calendar: `toMs` is the first instant after it. */
export interface CalendarDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The days of a month (`YYYY-MM`) in a zone; `undefined` for what is no month. */
export function daysOfMonth(month: string, zone: string): readonly CalendarDay[] | undefined {
  const parts = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  if (parts === null) return undefined;
  const [year, number] = [Number(parts[1]), Number(parts[2])];
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, n) => ({
    day: `${month}-${String(n + 1).padStart(2, '0')}`,
    fromMs: midnightMs(Date.UTC(year, number - 1, n + 1), zone),
    toMs: midnightMs(Date.UTC(year, number - 1, n + 2), zone),
  }));
}

/** The month (`YYYY-MM`) that an instant lies in. */
export function monthAt(atMs: number, zone: string): string {
  return new Date(atMs + offsetMs(atMs, zone)).toISOString().slice(0, 7);
}

/** When a day begins in a zone, given as if the zone were UTC. Twice, since the offset may change on that very day. */
function midnightMs(asUtcMs: number, zone: string): number {
  const first = asUtcMs - offsetMs(asUtcMs, zone);
  return asUtcMs - offsetMs(first, zone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a zone is ahead of UTC at an instant. */
function offsetMs(atMs: number, zone: string): number {
  const format =
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
  formats.set(zone, format);
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wallMs = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wallMs - Math.floor(atMs / 1_000) * 1_000;
}
