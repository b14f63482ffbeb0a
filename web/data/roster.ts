import type { PlannedShift, RosterFault } from '../../config/model/roster.ts';
import { WATCH_POSTS, type WatchPost } from '../../config/model/watch.ts';
import type { Words } from '../i18n/words.ts';
import type { Format } from '../i18n/format.ts';

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

export type RosterView = 'month' | 'week';

const atOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export function addDays(day: string, days: number): string {
  return new Date(atOf(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 1 Monday … 7 Sunday. */
export function weekdayOf(day: string): number {
  return new Date(atOf(day)).getUTCDay() || WEEK_DAYS;
}

export const mondayOf = (day: string): string => addDays(day, 1 - weekdayOf(day));

const firstOfMonth = (day: string): string => `${day.slice(0, 8)}01`;

/** The whole weeks that a view of the month or week of a day shows. */
export function daysOfView(view: RosterView, day: string): { readonly from: string; readonly days: number } {
  if (view === 'week') return { from: mondayOf(day), days: WEEK_DAYS };
  const from = mondayOf(firstOfMonth(day));
  const next = firstOfMonth(addDays(firstOfMonth(day), 31));
  const weeks = Math.ceil((atOf(next) - atOf(from)) / DAY_MS / WEEK_DAYS);
  return { from, days: weeks * WEEK_DAYS };
}

/** The day that the view before or after stands at. */
export function moved(view: RosterView, day: string, by: -1 | 1): string {
  if (view === 'week') return addDays(mondayOf(day), by * WEEK_DAYS);
  return firstOfMonth(by < 0 ? addDays(firstOfMonth(day), -1) : addDays(firstOfMonth(day), 31));
}

/** A day at noon, for formats that know the site's zone: no zone is twelve hours off. */
export const noonOf = (day: string): number => atOf(day) + DAY_MS / 2;

/** A post of a shift, as a place in the grid. */
export interface Slot {
  readonly shift: PlannedShift;
  readonly post: WatchPost;
}

export const slotKey = ({ shift, post }: Slot): string => `${shift.id} ${post}`;

/** The posts that have a place: the operator's, and each that somebody keeps. */
export function postsShown(shifts: readonly PlannedShift[]): readonly WatchPost[] {
  return WATCH_POSTS.filter(
    (post) =>
      post === 'operator' ||
      shifts.some(({ posts, changed }) => posts[post].length > 0 || changed.includes(post)),
  );
}

/** Exchanges who keeps two places: what is to be assigned. */
export function exchanged(one: Slot, other: Slot) {
  const names = ({ shift, post }: Slot): readonly string[] => shift.posts[post];
  return [
    { shift: one.shift.id, post: one.post, names: names(other) },
    { shift: other.shift.id, post: other.post, names: names(one) },
  ];
}

/** The place that an arrow leads to: up and down within a day and on to the week above and below, else to the day beside. */
export function slotBeside(
  slots: readonly Slot[],
  present: Slot,
  key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight',
): Slot {
  const ofDay = (day: string): readonly Slot[] => slots.filter(({ shift }) => shift.day === day);
  const { day } = present.shift;
  const here = ofDay(day);
  const index = here.findIndex((slot) => slotKey(slot) === slotKey(present));
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const beside = ofDay(addDays(day, key === 'ArrowLeft' ? -1 : 1));
    return beside[Math.min(index, beside.length - 1)] ?? present;
  }
  const step = key === 'ArrowUp' ? -1 : 1;
  const within = here[index + step];
  if (within !== undefined) return within;
  const week = ofDay(addDays(day, step * WEEK_DAYS));
  return (step < 0 ? week.at(-1) : week[0]) ?? present;
}

/** Which faults concern a place; a gap and a missing stand-in stand at the post that is empty. */
export function faultsAt(faults: readonly RosterFault[], { shift, post }: Slot): readonly RosterFault[] {
  return faults.filter((fault) => {
    if (fault.kind === 'gap') return fault.shift === shift.id && post === 'operator';
    if (fault.shift !== shift.id) return false;
    if (fault.kind === 'standby') return post === 'standby';
    return shift.posts[post].includes(fault.name);
  });
}

export interface FaultWording {
  readonly words: Pick<Words, 't'>;
  readonly format: Pick<Format, 'instant'>;
  readonly nowMs: number;
  readonly called: (name: string) => string;
  /** What a shift is called. */
  readonly shift: (id: string) => string;
}

/** A fault in words. */
export function faultText(
  fault: RosterFault,
  { words: { t }, format, nowMs, called, shift }: FaultWording,
): string {
  switch (fault.kind) {
    case 'gap':
      return t('roster.fault.gap', {
        from: format.instant(fault.fromMs, nowMs),
        to: format.instant(fault.toMs, nowMs),
      });
    case 'rest':
      return t('roster.fault.rest', {
        name: called(fault.name),
        shift: shift(fault.shift),
        hours: Math.round(fault.restMs / 360_000) / 10,
      });
    case 'standby':
      return t('roster.fault.standby', { shift: shift(fault.shift) });
    case 'unqualified':
      return t('roster.fault.unqualified', {
        name: called(fault.name),
        shift: shift(fault.shift),
        lacking: fault.lacking.map((each) => t(`roster.lacking.${each}`)).join('、'),
      });
    case 'expiring':
      return t('roster.fault.expiring', { name: called(fault.name), endsAfter: fault.endsAfter });
    case 'twice':
    case 'unknown':
      return t(`roster.fault.${fault.kind}`, { name: called(fault.name), shift: shift(fault.shift) });
    default:
      return fault satisfies never;
  }
}

/** Groups of a rota as somebody writes them: one a line, names with commas. */
export function groupsIn(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map((line) =>
      line
        .split(/[,，、;；]/u)
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .filter((group) => group.length > 0);
}

export const groupsText = (groups: readonly (readonly string[])[]): string =>
  groups.map((group) => group.join(', ')).join('\n');
