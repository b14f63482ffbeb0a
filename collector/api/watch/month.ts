import { wallClockAt } from '../../../config/runtime/wall-clock.ts';

/** A month of a zone, `YYYY-MM`: its first instant and the first after it. */
export function monthSpan(
  month: string,
  timeZone: string,
): { readonly fromMs: number; readonly toMs: number } {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return { fromMs: midnight(year, number - 1, timeZone), toMs: midnight(year, number, timeZone) };
}

/** The instant at which the first day of a month begins there. */
function midnight(year: number, month: number, timeZone: string): number {
  const wantedMs = Date.UTC(year, month, 1);
  // The offset of the guess may be that of the other side of a change of the clocks; the second guess has the right one.
  const guessMs = wantedMs - offsetMs(wantedMs, timeZone);
  return wantedMs - offsetMs(guessMs, timeZone);
}

function offsetMs(atMs: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = wallClockAt(atMs, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1_000) * 1_000;
}
