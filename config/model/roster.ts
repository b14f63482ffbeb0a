import type { Localized } from './localized.ts';
import type { Training } from './person.ts';
import type { Shift } from './shift.ts';
import type { WatchPost } from './watch.ts';

/** How the watch is planned: patterns that repeat, and what differs from them on single days. Days are `YYYY-MM-DD` of the site. */

/** On which days a shift begins: each, working days or days off by the calendar, or these weekdays (1 Monday … 7 Sunday). */
export type ShiftDays = 'every' | 'workdays' | 'restdays' | readonly number[];

/** A shift that comes again. */
export interface ShiftKind {
  /** Stays the same over changes of its pattern, so that what was changed of single shifts stays with them. */
  readonly id: string;
  readonly name: string;
  /** Time of day in the site's zone, `HH:MM`. */
  readonly startsAt: string;
  /** As `startsAt`; not after it: of the next day. The same: 24 hours. */
  readonly endsAt: string;
  readonly days: ShiftDays;
  /** On duty without being in the room. */
  readonly isOnCall: boolean;
}

/** By what a rota goes on to its next group: calendar days, weeks from Monday, or the times that the shift took place. */
export const ROTA_UNITS = ['day', 'week', 'turn'] as const;
export type RotaUnit = (typeof ROTA_UNITS)[number];

/** People who take turns at a post. */
export interface Rota {
  readonly post: WatchPost;
  /** Names of accounts; each group serves together, the first in charge. */
  readonly groups: readonly (readonly string[])[];
  readonly unit: RotaUnit;
  /** A group serves for so many units. */
  readonly every: number;
  /** For the shifts of the pattern in their order, how many groups ahead of the first; `null` where it does not serve. */
  readonly offsets: readonly (number | null)[];
}

/** A plan of shifts that repeats. For each day one pattern counts: a temporary one where there is one, else the standing one. */
export interface Pattern {
  readonly id: string;
  readonly name: string;
  readonly isTemporary: boolean;
  readonly fromDay: string;
  /** Its last day; a standing one goes on where it is absent. */
  readonly toDay?: string;
  /** The day from which rotas count; that of the first version of the pattern, so that a change breaks no turn. */
  readonly countsFrom: string;
  readonly shifts: readonly ShiftKind[];
  readonly rotas: readonly Rota[];
}

/** Who keeps a post of one shift, in place of what the pattern says. */
export interface Override {
  readonly shift: string;
  readonly post: WatchPost;
  readonly names: readonly string[];
  /** The swap that led to it. */
  readonly swap?: string;
}

export const ABSENCE_KINDS = ['leave', 'sick', 'training', 'other'] as const;
export type AbsenceKind = (typeof ABSENCE_KINDS)[number];
export const ABSENCE_STATES = ['asked', 'approved', 'refused', 'withdrawn'] as const;

/** A time in which somebody cannot serve. Only an approved one takes its person out of the plan. */
export interface Absence {
  readonly id: string;
  readonly name: string;
  readonly kind: AbsenceKind;
  /** First and last day. */
  readonly fromDay: string;
  readonly toDay: string;
  readonly reason: string;
  readonly state: (typeof ABSENCE_STATES)[number];
  /** Who approved or refused. */
  readonly decidedBy?: string;
  readonly askedAtMs: number;
}

/** A shift that somebody gives away, and one taken for it where there is one. */
export interface SwapSide {
  readonly shift: string;
  readonly post: WatchPost;
}

/**
 * One offers, the other accepts, a leader approves: only then does the plan change. `declined` is the other's no,
 * `refused` the leader's.
 */
export type SwapState =
  | { readonly kind: 'offered' }
  | { readonly kind: 'accepted'; readonly acceptedAtMs: number }
  | {
      readonly kind: 'approved';
      readonly acceptedAtMs: number;
      readonly approvedAtMs: number;
      readonly by: string;
    }
  | { readonly kind: 'declined' | 'withdrawn'; readonly atMs: number }
  | { readonly kind: 'refused'; readonly atMs: number; readonly by: string };

export interface Swap {
  readonly id: string;
  /** Who gives a shift. */
  readonly from: string;
  readonly gives: SwapSide;
  /** Who takes it. */
  readonly to: string;
  /** What is taken for it; nothing where it is a favour. */
  readonly takes?: SwapSide;
  readonly reason: string;
  readonly offeredAtMs: number;
  readonly state: SwapState;
}

/** What the calendar says of a day. */
export interface CalendarDay {
  readonly day: string;
  readonly kind: 'workday' | 'restday';
  /** The holiday, where it is one. */
  readonly holiday?: Localized;
  /** A day of the weekend on which is worked (调休). */
  readonly isShifted?: true;
}

/** A shift with what it was made from. */
export interface PlannedShift extends Shift {
  /** The day on which it begins. */
  readonly day: string;
  readonly kind: string;
  readonly pattern: string;
  /** Posts that were changed for this shift alone. */
  readonly changed: readonly WatchPost[];
  /** Who would serve and is on leave. */
  readonly away: readonly string[];
  /** Who serves as operator in place of one on leave (B角). */
  readonly steppedIn: readonly string[];
}

/** Something that is wrong with the plan. */
export type RosterFault =
  /** Nobody is planned who may keep the watch: no shift at all, or one without anybody. */
  | { readonly kind: 'gap'; readonly fromMs: number; readonly toMs: number; readonly shift?: string }
  /** Too little time since the shift before. */
  | {
      readonly kind: 'rest';
      readonly name: string;
      readonly shift: string;
      readonly before: string;
      readonly restMs: number;
    }
  /** In two shifts at once, or at two posts of one that one person cannot keep together. */
  | { readonly kind: 'twice'; readonly name: string; readonly shift: string }
  /** No stand-in (R7). */
  | { readonly kind: 'standby'; readonly shift: string }
  | {
      readonly kind: 'unqualified';
      readonly name: string;
      readonly shift: string;
      readonly lacking: readonly (Training | 'vetting')[];
      readonly isRefused: boolean;
    }
  /** No account of that name, or a disabled one. */
  | { readonly kind: 'unknown'; readonly name: string; readonly shift: string }
  /** What counts at that shift ends soon after. */
  | { readonly kind: 'expiring'; readonly name: string; readonly shift: string; readonly endsAfter: string };

/** What somebody carries in a range. */
export interface Load {
  readonly name: string;
  readonly shifts: number;
  readonly workMs: number;
  readonly nights: number;
  /** Shifts that begin on days off. */
  readonly restdays: number;
  readonly onCallMs: number;
  /** In what it is far from the mean of those who keep the same post. */
  readonly uneven: readonly ('hours' | 'nights' | 'restdays')[];
}
