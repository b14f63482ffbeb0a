import { Temporal } from 'temporal-polyfill';

/** `2026-11-27 08:05` in a zone. */
export function zonedText(atMs: number, timeZone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  return `${at.toPlainDate().toString()} ${at.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}
