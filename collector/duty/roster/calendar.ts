import type { CalendarYear } from '../../../config/calendars.ts';
import type { CalendarDay } from '../../../config/model/roster.ts';
import type { Localized } from '../../../config/model/localized.ts';
import { dayNumber, dayOf, weekdayOf } from './days.ts';

/** Which days are worked: Monday to Friday, but for what the years say. */
export interface Calendar {
  dayOf(day: string): CalendarDay;
  /** As `dayOf(…).kind === 'restday'`, of a day by its number. */
  isRestday(number: number): boolean;
  /** Whether the holidays and the shifted workdays of that year are known. */
  isKnown(year: number): boolean;
}

export function createCalendar(years: readonly CalendarYear[]): Calendar {
  const holidays = new Map<number, Localized>();
  const workdays = new Set<number>();
  for (const year of years) {
    for (const { name, fromDay, toDay } of year.holidays) {
      for (let day = dayNumber(fromDay); day <= dayNumber(toDay); day += 1) holidays.set(day, name);
    }
    for (const day of year.workdays) workdays.add(dayNumber(day));
  }
  const complete = new Set(years.filter(({ isComplete }) => isComplete).map(({ year }) => year));
  const isRestday = (number: number): boolean =>
    !workdays.has(number) && (holidays.has(number) || weekdayOf(number) > 5);
  return {
    isRestday,
    dayOf(day) {
      const number = dayNumber(day);
      const holiday = holidays.get(number);
      if (isRestday(number)) {
        return { day: dayOf(number), kind: 'restday', ...(holiday === undefined ? {} : { holiday }) };
      }
      return { day: dayOf(number), kind: 'workday', ...(workdays.has(number) ? { isShifted: true } : {}) };
    },
    isKnown: (year) => complete.has(year),
  };
}
