import { createCalendar, type Calendar } from '../../collector/duty/roster/calendar.ts';
import type { RosterPlan } from '../../collector/duty/roster/plan.ts';
import { readCalendars, type CalendarYear } from '../../config/calendars.ts';
import type { Pattern, Rota, ShiftKind } from '../../config/model/roster.ts';

/** Day and night of twelve hours, over midnight. */
export const DAY: ShiftKind = {
  id: 'day00000',
  name: 'day',
  startsAt: '08:00',
  endsAt: '20:00',
  days: 'every',
  isOnCall: false,
};
export const NIGHT: ShiftKind = { ...DAY, id: 'night000', name: 'night', startsAt: '20:00', endsAt: '08:00' };

/** Four take turns: a day, a night, two days off. */
export const FOUR: Rota = {
  post: 'operator',
  groups: [['anna'], ['bob'], ['carl'], ['dora']],
  unit: 'day',
  every: 1,
  offsets: [0, 3],
};

export function pattern(change: Partial<Pattern> = {}): Pattern {
  return {
    id: '11111111-1111-4111-8111-111111111111',
    name: 'Four in turn',
    isTemporary: false,
    fromDay: '2026-01-01',
    countsFrom: '2026-01-01',
    shifts: [DAY, NIGHT],
    rotas: [FOUR],
    ...change,
  };
}

/** China's of 2026 and 2027, as shipped. */
export const chineseCalendar = (): Calendar => createCalendar(chineseYears());

export function chineseYears(): readonly CalendarYear[] {
  const files = ['cn-2026.yaml', 'cn-2027.yaml'].map(
    (name) => new URL(`../../config/calendars/${name}`, import.meta.url).pathname,
  );
  return readCalendars('cn', files).years;
}

export function rosterPlan(change: Partial<RosterPlan> = {}): RosterPlan {
  return {
    timeZone: 'Asia/Shanghai',
    calendar: createCalendar([]),
    patterns: [pattern()],
    overrides: [],
    absences: [],
    ...change,
  };
}
