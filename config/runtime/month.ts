import { wallClockAt } from './wall-clock.ts';

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

/** How far a zone is ahead of UTC at an instant. */
function offsetMs(atMs: number, zone: string): number {
  const { year, month, day, hour, minute, second } = wallClockAt(atMs, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1_000) * 1_000;
}
