import type { WatchPost } from './watch.ts';

/** From when on one can check in for a shift, and from when on one should be there (R4). */
export const CHECK_IN_FROM_MS = 30 * 60_000;
export const CHECK_IN_DUE_MS = 10 * 60_000;
/** Away from the desk for longer needs an approval, not a note (R7). */
export const AWAY_MS = 10 * 60_000;
/** What a leader says by telephone is confirmed within. */
export const CONFIRM_MS = 24 * 3_600_000;

/** Somebody who came on duty. */
export interface CheckIn {
  readonly kind: 'check_in';
  readonly person: string;
  readonly post: WatchPost;
  readonly shift: string;
  readonly shiftStartsAtMs: number;
  readonly atMs: number;
  /** Not in the room, but to be reached (R26). */
  readonly isOnCall: boolean;
  /** How much later than due; absent: in time. */
  readonly lateMs?: number;
}

/** Whether one can check in now, and how late that would be. */
export function checkInAt(
  shift: { readonly startsAtMs: number; readonly endsAtMs: number },
  atMs: number,
):
  | { readonly kind: 'too_early' | 'over' }
  | { readonly kind: 'in_time' }
  | { readonly kind: 'late'; readonly lateMs: number } {
  if (atMs < shift.startsAtMs - CHECK_IN_FROM_MS) return { kind: 'too_early' };
  if (atMs >= shift.endsAtMs) return { kind: 'over' };
  const lateMs = atMs - (shift.startsAtMs - CHECK_IN_DUE_MS);
  return lateMs > 0 ? { kind: 'late', lateMs } : { kind: 'in_time' };
}

/** How the incoming of a shift stands at an instant. `absent`: the shift has begun without; `heldMs` counts from its start. */
export type Arrival =
  | { readonly kind: 'not_due' | 'due' | 'there' }
  | { readonly kind: 'late'; readonly lateMs: number }
  | { readonly kind: 'absent'; readonly heldMs: number };

export function arrivalAt(shift: { readonly startsAtMs: number }, isThere: boolean, atMs: number): Arrival {
  if (isThere) return { kind: 'there' };
  const toStartMs = shift.startsAtMs - atMs;
  if (toStartMs > CHECK_IN_FROM_MS) return { kind: 'not_due' };
  if (toStartMs >= CHECK_IN_DUE_MS) return { kind: 'due' };
  if (toStartMs > 0) return { kind: 'late', lateMs: CHECK_IN_DUE_MS - toStartMs };
  return { kind: 'absent', heldMs: -toStartMs };
}

/** Leaving in the middle of a watch (R7). */
export interface Leave {
  readonly kind: 'leave';
  readonly post: WatchPost;
  readonly person: string;
  readonly standIn: string;
  readonly reason: string;
  readonly requestedAtMs: number;
  readonly untilMs: number;
  readonly state: LeaveState;
}

export type LeaveState =
  | { readonly kind: 'requested' }
  | { readonly kind: 'refused'; readonly by: string; readonly atMs: number }
  | ({ readonly kind: 'approved' } & Approval)
  | ({ readonly kind: 'stand_in_there'; readonly thereAtMs: number } & Approval)
  /** The small handover is signed: only now off. */
  | ({ readonly kind: 'off'; readonly offAtMs: number; readonly handover: number } & Approval)
  | { readonly kind: 'over'; readonly atMs: number };

export interface Approval {
  readonly by: string;
  readonly atMs: number;
  /** Said by telephone: who wrote it down. */
  readonly recordedBy?: string;
}

export type LeaveAct = { readonly by: string; readonly atMs: number } & (
  | { readonly kind: 'approve'; readonly leader: string; readonly isByTelephone: boolean }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'arrive' }
  | { readonly kind: 'go'; readonly handover: number }
  | { readonly kind: 'end' }
);

/** The one function by which a leave changes; `undefined` when the act does not fit its state or its person. */
export function stepLeave(leave: Leave, act: LeaveAct): Leave | undefined {
  const { state } = leave;
  const to = (next: LeaveState): Leave => ({ ...leave, state: next });
  switch (act.kind) {
    case 'approve':
      return approved(leave, act);
    case 'refuse':
      return state.kind === 'requested' ? to({ kind: 'refused', by: act.by, atMs: act.atMs }) : undefined;
    case 'arrive':
      if (state.kind !== 'approved' || act.by !== leave.standIn) return undefined;
      return to({ ...state, kind: 'stand_in_there', thereAtMs: act.atMs });
    case 'go':
      return gone(leave, act);
    case 'end':
      return isLeaveOpen(leave) ? to({ kind: 'over', atMs: act.atMs }) : undefined;
    default:
      return act satisfies never;
  }
}

function approved(leave: Leave, act: Extract<LeaveAct, { readonly kind: 'approve' }>): Leave | undefined {
  if (leave.state.kind !== 'requested' || act.leader === leave.person) return undefined;
  const recorded = act.isByTelephone ? { recordedBy: act.by } : {};
  return { ...leave, state: { kind: 'approved', by: act.leader, atMs: act.atMs, ...recorded } };
}

function gone(leave: Leave, act: Extract<LeaveAct, { readonly kind: 'go' }>): Leave | undefined {
  const { state } = leave;
  if (state.kind !== 'stand_in_there') return undefined;
  const { atMs: offAtMs, handover } = act;
  return { ...leave, state: { ...approvalOf(state), kind: 'off', offAtMs, handover } };
}

function approvalOf({ by, atMs, recordedBy }: Approval): Approval {
  return { by, atMs, ...(recordedBy === undefined ? {} : { recordedBy }) };
}

/** Whether a leave still asks for something. */
export function isLeaveOpen({ state }: Leave): boolean {
  return state.kind !== 'refused' && state.kind !== 'over';
}

/** A call to the watch that is to be answered within minutes (查岗, R2). */
export interface Probe {
  readonly kind: 'probe';
  readonly person: string;
  readonly askedAtMs: number;
  readonly dueAtMs: number;
  /** Who asked; absent: the schedule. */
  readonly by?: string;
  /** Of the link in the mail. */
  readonly tokenHash: string;
  readonly answer?: {
    readonly atMs: number;
    readonly way: 'page' | 'mail' | 'telephone';
    readonly by: string;
  };
}

/** How long ago a probe should have been answered; 0 while there is time or once it was answered. */
export function probeOverdueMs({ answer, dueAtMs }: Probe, atMs: number): number {
  return answer === undefined ? Math.max(0, atMs - dueAtMs) : 0;
}

/** A note that one is away from the desk for minutes. */
export interface Away {
  readonly kind: 'away';
  readonly person: string;
  readonly atMs: number;
  readonly untilMs: number;
  readonly reason: string;
  readonly backAtMs?: number;
}

/** Stands for the phone of the watch among those who are tried; no account is called so. */
export const DUTY_PHONE = 'duty phone';

/** A try of the duty phone or of somebody of the call tree. */
export interface CallTry {
  readonly kind: 'call';
  /** Name of the account, or `DUTY_PHONE`. */
  readonly person: string;
  readonly atMs: number;
  readonly by: string;
  readonly result: 'answered' | 'no_answer' | 'wrong_number';
  readonly note: string;
}

/** What must still be done, and whose it is. */
export interface OpenItem {
  readonly kind: 'open_item';
  readonly sort: 'carried' | 'notice' | 'confirm';
  readonly subject: string;
  readonly reason: string;
  readonly description: string;
  readonly weight: 'plain' | 'heed' | 'grave';
  readonly owner: string;
  readonly sinceMs: number;
  readonly from: string;
  /** The leader's word by telephone is confirmed by then. */
  readonly dueAtMs?: number;
  /** Handovers that it went through. */
  readonly carried: number;
  readonly done?: { readonly by: string; readonly atMs: number; readonly note: string };
}

/** Keys, radios and tools as they were counted. */
export interface Count {
  readonly kind: 'count';
  readonly by: string;
  readonly atMs: number;
  readonly items: readonly { readonly name: string; readonly expected: number; readonly found: number }[];
}

/** What is written down of people's attendance; all but `check_in`, `call` and `count` stay open until something is done. */
export type DutyRecord = CheckIn | Leave | Probe | Away | CallTry | OpenItem | Count;

/** Whether something is still to be done about it. */
export function isDutyOpen(record: DutyRecord): boolean {
  switch (record.kind) {
    case 'leave':
      return isLeaveOpen(record);
    case 'probe':
      return record.answer === undefined;
    case 'away':
      return record.backAtMs === undefined;
    case 'open_item':
      return record.done === undefined;
    case 'check_in':
    case 'call':
    case 'count':
      return false;
    default:
      return record satisfies never;
  }
}
