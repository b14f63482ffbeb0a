import type { Absence, CalendarDay, Load, Pattern, PlannedShift, RosterFault, Swap } from './roster.ts';
import type { WatchPost } from './watch.ts';

/** `GET /api/roster?from=YYYY-MM-DD&days=`: the plan of some days. */
export interface RosterBody {
  readonly timeZone: string;
  readonly days: readonly CalendarDay[];
  /** Years in it whose holidays and shifted workdays are not known. */
  readonly unknownYears: readonly number[];
  /** In order of their start; the one that runs over midnight into the first day among them. */
  readonly shifts: readonly PlannedShift[];
  /** Of what is not over. What somebody lacks is told to planners and to themselves alone. */
  readonly faults: readonly RosterFault[];
  readonly loads: readonly Load[];
  /** Patterns that count on these days or will. */
  readonly patterns: readonly Pattern[];
  readonly absences: readonly Absence[];
  /** Those that wait for an answer, and those of the last days. */
  readonly swaps: readonly Swap[];
  /** What people are called, by account name. */
  readonly people: Readonly<Record<string, string>>;
  /** Whose shifts one may decide on where no shift leader is planned. */
  readonly heads: readonly string[];
}

/** `GET /api/roster/now`: who is planned now and next, and the week from today. */
export interface RosterNowBody {
  readonly isPlanned: boolean;
  readonly now?: PlannedShift;
  readonly next?: PlannedShift;
  readonly week: readonly PlannedShift[];
  readonly days: readonly CalendarDay[];
  readonly people: Readonly<Record<string, string>>;
}

/** `GET /api/roster/mine`: one's own shifts from now on, and what waits for one's answer. */
export interface OwnRosterBody {
  readonly shifts: readonly (PlannedShift & { readonly own: readonly WatchPost[] })[];
  readonly swaps: readonly Swap[];
  readonly absences: readonly Absence[];
  /** Swaps and leave that one may decide on as a leader. */
  readonly toDecide: { readonly swaps: readonly Swap[]; readonly absences: readonly Absence[] };
  readonly load?: Load;
  /** The link to one's shifts is made and not revoked. */
  readonly feed?: { readonly createdAtMs: number; readonly usedAtMs?: number };
  readonly people: Readonly<Record<string, string>>;
}

/** `GET /api/roster/people?search=`: who can be planned, a few of those whom the words find. */
export interface RosterPeopleBody {
  readonly people: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly department: string;
    /** At this instant. */
    readonly verdict: 'qualified' | 'warned' | 'refused';
  }[];
}
