import { Type } from 'typebox';
import {
  AWAY_MS,
  checkInAt,
  isLeaveOpen,
  stepLeave,
  type Away,
  type CheckIn,
  type Leave,
  type LeaveAct,
} from '../../../config/model/attendance.ts';
import type { Effect } from '../../../config/model/command.ts';
import type { LogCode } from '../../../config/model/watch-log.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import { Closed } from '../../../config/schema/common.ts';
import { WatchRefusedError } from '../../duty/watch/refused.ts';
import {
  addDutyRecord,
  dutyRecordById,
  dutyRecordsSince,
  openDutyRecords,
  saveDutyRecord,
} from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import type { Actor } from '../commands.ts';
import { AccountName } from '../session.ts';
import { requireQualified } from './qualified.ts';
import { itemToConfirm, keepWord } from './sign-commands.ts';
import {
  holderOf,
  Instant,
  logged,
  Post,
  RecordId,
  requireLeader,
  requirePerson,
  Text,
  watchCommand,
  type WatchDeps,
  type WatchPlan,
} from './watch-deps.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * The shift that somebody is planned for and is not there yet: the one that goes on, or the next. Who keeps the one that
 * goes on is there for it.
 */
async function plannedFor({ desk }: WatchDeps, db: Db, { account: { name }, atMs }: Actor) {
  const planned = desk.now().shifts.flatMap((shift) => {
    const post = WATCH_POSTS.find((one) => shift.posts[one].includes(name));
    return post === undefined || shift.endsAtMs <= atMs ? [] : [{ shift, post }];
  });
  const [first] = planned;
  if (first === undefined) throw new WatchRefusedError('no_shift');
  const known = await dutyRecordsSince(db, 'check_in', first.shift.startsAtMs - DAY_MS);
  const found = planned.find(({ shift: { id, startsAtMs }, post }) => {
    const isKept = startsAtMs <= atMs && desk.onWatch(post, atMs).includes(name);
    return !isKept && !known.some((entry) => entry.person === name && entry.shift === id);
  });
  if (found === undefined) throw new WatchRefusedError('there_already');
  // One has checked in for this shift, and it is too early for the one after it.
  const isNext = found.shift.id !== first.shift.id;
  if (isNext && checkInAt(found.shift, atMs).kind === 'too_early')
    throw new WatchRefusedError('there_already');
  return found;
}

/** Says that one is there (R4): from 30 minutes before, due ten minutes before the shift begins. */
export function checkIn(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'check-in',
    input: Closed({}, 'For the next shift that one is planned for.'),
    async plan(db, _input, by) {
      const { shift, post } = await plannedFor(deps, db, by);
      const { account, atMs } = by;
      const found = checkInAt(shift, atMs);
      if (found.kind === 'too_early') throw new WatchRefusedError('too_early');
      const lateMs = found.kind === 'late' ? found.lateMs : undefined;
      const record: CheckIn = {
        kind: 'check_in',
        person: account.name,
        post,
        shift: shift.id,
        shiftStartsAtMs: shift.startsAtMs,
        atMs,
        isOnCall: shift.isOnCall,
        ...(lateMs === undefined ? {} : { lateMs }),
      };
      const effects: Effect[] = [
        { code: shift.isOnCall ? 'watch_on_call' : 'watch_checked_in', params: { shift: shift.name } },
      ];
      if (lateMs !== undefined) {
        effects.push({ code: 'watch_late', params: { n: Math.ceil(lateMs / MINUTE_MS) }, isMoving: true });
      }
      return {
        effects,
        target: shift.id,
        basis: [shift.id, post, account.name],
        after: record,
        async write(step) {
          await addDutyRecord(step, record, atMs);
          const params = { shift: shift.name, minutes: Math.ceil((lateMs ?? 0) / MINUTE_MS) };
          await logged(step, { atMs, code: 'checked_in', author: account.name, params });
          return {};
        },
      };
    },
  });
}

/** Asks to leave in the middle of a watch (R7). */
export function requestLeave(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'request-leave',
    input: Closed(
      { post: Type.Optional(Post), standIn: AccountName, reason: Text, untilMs: Instant },
      'Who stands in, why, and until when.',
    ),
    async plan(db, { post = 'operator', standIn: name, reason, untilMs }, by) {
      const { account, atMs } = by;
      if ((await holderOf(db, post, atMs)) !== account.name) throw new WatchRefusedError('not_on_watch');
      const standIn = await requirePerson(db, name);
      if (standIn === account.name) throw new WatchRefusedError('same_person');
      if (reason.trim() === '') throw new WatchRefusedError('nothing_said');
      const open = await openDutyRecords(db);
      if (open.some((record) => record.kind === 'leave' && record.person === account.name)) {
        throw new WatchRefusedError('leave_wanted');
      }
      const leave: Leave = {
        kind: 'leave',
        post,
        person: account.name,
        standIn,
        reason,
        requestedAtMs: atMs,
        untilMs,
        state: { kind: 'requested' },
      };
      return {
        effects: [
          { code: 'watch_leave_asked', params: { person: deps.desk.leaders(atMs).join(', '), standIn } },
          { code: 'watch_stays', params: { person: account.name } },
          ...(await requireQualified(deps, db, standIn, atMs)),
        ],
        target: account.name,
        basis: [post, standIn, reason, untilMs],
        after: { standIn, reason, untilMs },
        async write(step) {
          const id = await addDutyRecord(step, leave, atMs);
          const params = { person: account.name, standIn, reason };
          await logged(step, { atMs, code: 'leave_requested', author: account.name, params });
          return { result: { id } };
        },
      };
    },
  });
}

async function requireLeave(db: Db, id: number): Promise<Leave & { readonly id: number }> {
  const record = await dutyRecordById(db, id);
  if (record?.kind !== 'leave' || !isLeaveOpen(record)) throw new WatchRefusedError('no_such_record');
  return record;
}

interface LeaveOrder {
  readonly leave: Leave & { readonly id: number };
  readonly act: LeaveAct;
  readonly code: LogCode;
  readonly effects: readonly Effect[];
  readonly basis?: unknown;
  readonly also?: (step: Db) => Promise<void>;
}

function leavePlan({ leave, act, code, effects, basis, also }: LeaveOrder): WatchPlan {
  const next = stepLeave(leave, act);
  if (next === undefined) throw new WatchRefusedError('leave_unfit');
  const { by, atMs } = act;
  return {
    effects,
    target: String(leave.id),
    basis: [leave.id, leave.state.kind, act.kind, basis],
    before: { state: leave.state },
    after: { state: next.state },
    async write(step) {
      await saveDutyRecord(step, { ...next, id: leave.id });
      await logged(step, {
        atMs,
        code,
        author: by,
        params: { person: leave.person, standIn: leave.standIn },
      });
      await also?.(step);
      return {};
    },
  };
}

/** The leader's word about a leave; by telephone it is written down by another, and confirmed later. */
export function decideLeave(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'decide-leave',
    input: Closed(
      {
        leave: RecordId,
        isApproved: Type.Boolean(),
        byTelephone: Type.Optional(Closed({ leader: AccountName, said: Text }, 'Who said what.')),
      },
      'Yes or no.',
    ),
    async plan(db, { leave: id, isApproved, byTelephone }, by) {
      const leave = await requireLeave(db, id);
      const { account, atMs } = by;
      const leader = byTelephone?.leader ?? account.name;
      requireLeader(deps, leader, atMs);
      if (byTelephone?.said.trim() === '') throw new WatchRefusedError('nothing_said');
      const said = { by: account.name, atMs };
      const act: LeaveAct = isApproved
        ? { kind: 'approve', leader, isByTelephone: byTelephone !== undefined, ...said }
        : { kind: 'refuse', ...said };
      const { person, standIn } = leave;
      return leavePlan({
        leave,
        act,
        code: 'leave_decided',
        basis: byTelephone,
        effects: isApproved
          ? [{ code: 'watch_leave_approved', params: { person, standIn } }]
          : [{ code: 'watch_leave_refused', params: { person } }],
        async also(step) {
          if (byTelephone === undefined) return;
          const item = itemToConfirm({
            leader,
            from: account.name,
            subject: `${person} → ${standIn}`,
            said: byTelephone.said,
            atMs,
          });
          await keepWord(deps, step, item);
        },
      });
    },
  });
}

/** The stand-in is there: the small handover can begin. */
export function arriveStandIn(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'arrive-stand-in',
    input: Closed({ leave: RecordId }, 'The leave that one stands in for.'),
    async plan(db, { leave: id }, by) {
      const leave = await requireLeave(db, id);
      return leavePlan({
        leave,
        act: { kind: 'arrive', by: by.account.name, atMs: by.atMs },
        code: 'stand_in_there',
        effects: [{ code: 'watch_stand_in_there', params: { person: leave.person } }],
      });
    },
  });
}

/** Takes a leave back before one has gone. */
export function endLeave(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'end-leave',
    input: Closed({ leave: RecordId }, 'One’s own leave.'),
    async plan(db, { leave: id }, by) {
      const leave = await requireLeave(db, id);
      if (leave.person !== by.account.name) throw new WatchRefusedError('not_yours');
      // Who is off comes back by a handover.
      if (leave.state.kind === 'off') throw new WatchRefusedError('leave_unfit');
      return leavePlan({
        leave,
        act: { kind: 'end', by: by.account.name, atMs: by.atMs },
        code: 'back',
        effects: [{ code: 'watch_leave_over', params: { person: leave.person } }],
      });
    },
  });
}

/** A note that one is away from the desk for ten minutes; more needs an approval. */
export function noteAway(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'note-away',
    input: Closed({ reason: Text }, 'Why.'),
    async plan(db, { reason }, by) {
      const { account, atMs } = by;
      if ((await holderOf(db, 'operator', atMs)) !== account.name)
        throw new WatchRefusedError('not_on_watch');
      if (reason.trim() === '') throw new WatchRefusedError('nothing_said');
      const open = await openDutyRecords(db);
      if (open.some((record) => record.kind === 'away' && record.person === account.name)) {
        throw new WatchRefusedError('there_already');
      }
      const record: Away = { kind: 'away', person: account.name, atMs, untilMs: atMs + AWAY_MS, reason };
      return {
        effects: [
          { code: 'watch_away', params: { n: AWAY_MS / MINUTE_MS } },
          { code: 'watch_stays', params: { person: account.name } },
        ],
        target: account.name,
        basis: reason,
        after: { reason, untilMs: record.untilMs },
        async write(step) {
          const id = await addDutyRecord(step, record, atMs);
          await logged(step, { atMs, code: 'away', author: account.name, params: { reason } });
          return { result: { id } };
        },
      };
    },
  });
}

export function comeBack(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'come-back',
    input: Closed({ away: RecordId }, 'The note.'),
    async plan(db, { away: id }, by) {
      const record = await dutyRecordById(db, id);
      if (record?.kind !== 'away' || record.backAtMs !== undefined)
        throw new WatchRefusedError('no_such_record');
      if (record.person !== by.account.name) throw new WatchRefusedError('not_yours');
      return {
        effects: [{ code: 'watch_back' }],
        target: record.person,
        basis: id,
        async write(step) {
          await saveDutyRecord(step, { ...record, backAtMs: by.atMs });
          await logged(step, {
            atMs: by.atMs,
            code: 'back',
            author: record.person,
            params: { person: record.person },
          });
          return {};
        },
      };
    },
  });
}
