import { isZone, type Hours, type Span } from './model/hours.ts';
import { defined } from './model/defined.ts';
import type { HoursFile, IntervalFile } from './schema/hours.ts';
import type { NotifyFile } from './schema/notify.ts';
import type { Step } from './schema-faults.ts';

type FaultAt = (path: readonly Step[], message: string) => void;

/** The named hours of a file; Alertmanager's older name for the list is read too. */
export function hoursByName(
  file: Pick<NotifyFile, 'time_intervals' | 'mute_time_intervals'>,
  zone: string,
  fault: FaultAt,
): ReadonlyMap<string, readonly Hours[]> {
  const byName = new Map<string, readonly Hours[]>();
  for (const list of ['time_intervals', 'mute_time_intervals'] as const) {
    for (const [index, { name, time_intervals: intervals }] of (file[list] ?? []).entries()) {
      const path = [list, index];
      if (byName.has(name)) fault([...path, 'name'], `there are two of the name ${name}`);
      byName.set(
        name,
        intervals.map((interval, place) =>
          hoursOf(interval, zone, (more, message) =>
            fault([...path, 'time_intervals', place, ...more], message),
          ),
        ),
      );
    }
  }
  return byName;
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

function hoursOf(file: HoursFile['time_intervals'][number], zone: string, fault: FaultAt): Hours {
  const spans = (
    field: 'weekdays' | 'days_of_month' | 'months' | 'years',
    read: (text: string) => number | undefined,
  ): readonly Span[] | undefined =>
    file[field]?.flatMap((range, index) => {
      const span = spanOf(String(range), read);
      if (typeof span !== 'string') return span;
      fault([field, index], span);
      return [];
    });
  if (file.location !== undefined && !isZone(file.location))
    fault(['location'], `${file.location} is no time zone; Asia/Shanghai is one`);
  return defined({
    minutes: minutesOf(file, fault),
    weekdays: spans('weekdays', (text) => among(WEEKDAYS, text, 0)),
    days: spans('days_of_month', (text) => whole(text, -31, 31)),
    months: spans('months', (text) => among(MONTHS, text, 1) ?? whole(text, 1, 12)),
    years: spans('years', (text) => whole(text, 1, 9999)),
    zone: file.location === undefined || !isZone(file.location) ? zone : file.location,
  });
}

function minutesOf({ times }: IntervalFile, fault: FaultAt): readonly Span[] | undefined {
  return times?.map(({ start_time: start, end_time: end }, index) => {
    const span = { from: minuteOf(start), to: minuteOf(end) };
    if (span.to > 24 * 60) fault(['times', index, 'end_time'], `${end} is later than 24:00`);
    if (span.from >= span.to)
      fault(['times', index], `${start} is not before ${end}; hours over midnight are two entries`);
    return span;
  });
}

function minuteOf(text: string): number {
  const [hours, minutes] = text.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** One value or `first:last`; a text is what is wrong. */
function spanOf(text: string, read: (text: string) => number | undefined): Span | string {
  const parts = text.split(':');
  const [from, to = from] = parts.map((part) => read(part.trim().toLowerCase()));
  if (from === undefined || to === undefined || parts.length > 2) return `${text} is no such value or range`;
  // A range of days may begin from the start of a month and end from its end.
  const isOrdered = from <= to || (from > 0 && to < 0);
  return isOrdered ? { from, to } : `${text} ends before it begins`;
}

function among(words: readonly string[], text: string, first: number): number | undefined {
  const index = words.indexOf(text);
  return index < 0 ? undefined : index + first;
}

function whole(text: string, min: number, max: number): number | undefined {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  return value !== 0 && value >= min && value <= max ? value : undefined;
}
