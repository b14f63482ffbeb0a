import { basename } from 'node:path';
import { isDay } from './model/person.ts';
import { localized, type Localized } from './model/localized.ts';
import { CalendarFile } from './schema/calendar.ts';
import { readYamlFile, type Fault, type YamlFile } from './yaml-file.ts';

/** Statutory holidays and shifted workdays of one year. */
export interface CalendarYear {
  readonly year: number;
  /** Where it stands. */
  readonly source: string;
  /** Days of the weekend on which is worked instead (调休) are known. */
  readonly isComplete: boolean;
  readonly holidays: readonly {
    readonly name: Localized;
    readonly fromDay: string;
    readonly toDay: string;
  }[];
  readonly workdays: readonly string[];
}

/** The one whose holidays count where a site names none and is in this zone. */
const USUAL_CALENDARS: Readonly<Record<string, string>> = { 'Asia/Shanghai': 'cn', 'Asia/Urumqi': 'cn' };
/** Saturday and Sunday are days off, and nothing else. */
const NONE = 'none';

/** The name of the calendar of a site; `none` for weekends alone. */
export function calendarName(named: string | undefined, timeZone: string): string {
  return named ?? USUAL_CALENDARS[timeZone] ?? NONE;
}

/** The years of a calendar out of the files `NAME-YEAR.yaml` among these. */
export function readCalendars(
  name: string,
  files: readonly string[],
): { readonly years: readonly CalendarYear[]; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const years = files.flatMap((path): CalendarYear[] => {
    const file = basename(path, '.yaml');
    const year = file.slice(-4);
    if (file !== `${name}-${year}` || !/^\d{4}$/.test(year)) return [];
    const read = readYamlFile(path, CalendarFile);
    faults.push(...read.faults);
    return read.value === undefined ? [] : [yearOf(Number(year), read, read.value, faults)];
  });
  return { years, faults };
}

function yearOf(
  year: number,
  read: YamlFile<CalendarFile>,
  { source, complete, holidays, workdays }: CalendarFile,
  faults: Fault[],
): CalendarYear {
  const check = (path: readonly (string | number)[], day: string): void => {
    if (!isDay(day) || !day.startsWith(`${year}-`)) faults.push(read.faultAt(path, `is no day of ${year}`));
  };
  for (const [index, { from, to }] of holidays.entries()) {
    check(['holidays', index, 'from'], from);
    check(['holidays', index, 'to'], to);
    if (to < from) faults.push(read.faultAt(['holidays', index, 'to'], 'is before the first day'));
  }
  for (const [index, day] of workdays.entries()) check(['workdays', index], day);
  return {
    year,
    source,
    isComplete: complete,
    holidays: holidays.map(({ name, from, to }) => ({ name: localized(name), fromDay: from, toDay: to })),
    workdays,
  };
}
