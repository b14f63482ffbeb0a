import type { ColleagueView } from './api.ts';
import type { Arrival, CallTry, CheckIn, DutyRecord } from './attendance.ts';
import type { Handover, SignerRole } from './handover.ts';
import type { Responsible } from './ledger.ts';
import type { Sheet, SheetLine } from './sheet.ts';
import type { Shift } from './shift.ts';
import type { WatchPost } from './watch.ts';
import type { WatchLogEntry } from './watch-log.ts';

/** The contract about the watch between the collector and the browser. */

/** Value under the key `watch`: who keeps the watch now, for every page and the wall. */
export interface WatchView {
  readonly posts: Readonly<Record<WatchPost, WatchHolder>>;
  /** It has begun to be kept: before that nobody is missing. */
  readonly isKept: boolean;
  readonly next?: { readonly name: string; readonly startsAtMs: number; readonly people: readonly string[] };
  readonly handovers: readonly {
    readonly id: number;
    readonly post: WatchPost;
    readonly startedAtMs: number;
    /** How much was done in it: grows with each act. */
    readonly acts: number;
  }[];
  /** The newest instant in the records of the watch: it moves on with whatever is done. */
  readonly lastMs: number;
  /** The clock is behind the records by so much: nothing can be signed. */
  readonly clockBehindMs: number;
  /** Calls that wait for an answer. */
  readonly probes: readonly { readonly id: number; readonly person: string; readonly dueAtMs: number }[];
}

/** Absent person: nobody. */
export interface WatchHolder {
  readonly person?: string;
  readonly displayName?: string;
  readonly sinceMs?: number;
}

/**
 * Value under the key `board`: the duty board, for whoever may ask `GET /api/watch`. It tells instants, no ages: it stays
 * the same while nothing happens.
 */
export interface BoardView extends WatchView {
  /** What the people are called that it names, by the name of their account. */
  readonly names: Readonly<Record<string, string>>;
  readonly leaders: readonly string[];
  readonly shift?: ShiftView;
  readonly nextShift?: ShiftView;
  readonly records: readonly (DutyRecord & { readonly id: number })[];
  readonly checkIns: readonly CheckIn[];
  /** What presses now, the most pressing first. */
  readonly due: readonly DueView[];
  /** Whom of the call tree to try by phone: the first of them, and how many they are. */
  readonly calls: { readonly first: readonly CallDue[]; readonly count: number };
  readonly isGrave: boolean;
  /** What should be there of keys, radios and tools, as it was counted last. */
  readonly lastCount: readonly { readonly name: string; readonly expected: number }[];
  readonly probePlan: {
    readonly perEightHours: number;
    readonly answerMs: number;
    readonly callEachMs: number;
  };
}

/** `GET /api/watch`: the duty board of an instant. */
export interface WatchBody extends BoardView {
  readonly atMs: number;
}

export interface ShiftView extends Shift {
  readonly arrivals: Readonly<Record<string, Arrival['kind']>>;
}

/** Somebody of the call tree who is to be tried by phone, or the phone of the watch itself (`DUTY_PHONE`). */
export interface CallDue extends ColleagueView {
  /** The last try since they were last reached, which did not reach them. */
  readonly tried?: { readonly atMs: number; readonly result: CallTry['result'] };
}

/** One thing that is due or overdue. */
export interface DueView {
  readonly code:
    | 'not_taken'
    | 'uncovered'
    | 'handover_due'
    | 'incoming_late'
    | 'incoming_absent'
    | 'probe'
    | 'stand_in'
    | 'confirm'
    | 'away'
    | 'clock_behind';
  readonly person?: string;
  readonly dueAtMs: number;
}

/** `GET /api/handovers?text=&beforeId=&limit=`. */
export interface HandoversBody {
  readonly handovers: readonly Handover[];
  readonly isMore: boolean;
  /** What the people in them are called, by the name of their account. */
  readonly names: Readonly<Record<string, string>>;
}

/** `GET /api/handovers/:id`. */
export interface HandoverBody {
  readonly handover: Handover;
  readonly sheet: Sheet;
  readonly missing: readonly SignerRole[];
  /** What has happened since the sheet was frozen, oldest first: it stands in the next sheet. */
  readonly since: readonly SheetLine[];
  readonly addenda: readonly AddendumView[];
  /** What the people in it are called, by the name of their account. */
  readonly names: Readonly<Record<string, string>>;
}

export interface AddendumView {
  readonly atMs: number;
  readonly person: string;
  readonly text: string;
  readonly hash: string;
}

/** `GET /api/responsible?atMs=`. */
export interface ResponsibleBody {
  readonly atMs: number;
  readonly posts: Readonly<Record<WatchPost, Responsible>>;
  /** Who was planned then, where the roster still knows. */
  readonly planned?: Shift;
  /** What all these people are called, by the name of their account. */
  readonly names: Readonly<Record<string, string>>;
}

/** `GET /api/watch-log?text=&beforeId=&limit=`. */
export interface WatchLogBody {
  readonly entries: readonly WatchLogEntry[];
  readonly isMore: boolean;
  /** What those who wrote them are called, by the name of their account. */
  readonly names: Readonly<Record<string, string>>;
}
