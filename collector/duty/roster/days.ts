const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of a day written `YYYY-MM-DD`. */
export function dayNumber(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / DAY_MS;
}

/** The day that `dayNumber` gives the number of. */
export function dayOf(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** 1 Monday … 7 Sunday. */
export function weekdayOf(number: number): number {
  return ((((number + 3) % 7) + 7) % 7) + 1;
}

/** The week that begins on Monday, counted from that of 1970-01-01. */
export function weekOf(number: number): number {
  return Math.floor((number + 3) / 7);
}

/**
 * The instant of a time of day in a zone: of one that the clocks skip, as much later; of one that comes twice, the first
 * (RFC 5545 3.3.5).
 */
export function instantOf(day: string, time: string, timeZone: string): number {
  return Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(timeZone, {
    disambiguation: 'compatible',
  }).epochMilliseconds;
}

/** The day at an instant in a zone. */
export function dayOfInstant(atMs: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
