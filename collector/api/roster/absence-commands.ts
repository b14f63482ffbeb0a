import { isDeepStrictEqual } from 'node:util';
import { Type } from 'typebox';
import { ACCOUNT_NAME } from '../../../config/model/account.ts';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { ABSENCE_KINDS, type Absence } from '../../../config/model/roster.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { shiftsOf } from '../../duty/roster/plan.ts';
import { absenceById, saveAbsence } from '../../records/roster.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute, type Actor, type Plan } from '../commands.ts';
import { InvalidRequestError } from '../refusals.ts';
import { madeId } from '../made-id.ts';
import {
  Day,
  effectsOfChange,
  isLeader,
  isPlanner,
  knownPeople,
  rangeAround,
  Reason,
  RecordId,
  required,
  requireDays,
  todayOf,
  type RosterApiDeps,
} from './roster-deps.ts';

interface AbsencePlan {
  readonly before?: Absence;
  readonly after: Absence;
}

/** Asks for leave; who plans the watch of others records it for them, and it counts at once. */
export function askAbsence(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'ask-absence',
    input: Closed(
      {
        name: Type.Optional(Type.String({ pattern: ACCOUNT_NAME })),
        kind: OneOf(ABSENCE_KINDS, 'Of what kind it is.'),
        fromDay: Day,
        toDay: Day,
        reason: Reason,
      },
      'Days on which somebody cannot serve.',
    ),
    async plan(db, { name, ...input }, by) {
      requireDays({ fromDay: input.fromDay, toDay: input.toDay });
      if (input.toDay < input.fromDay || input.toDay < todayOf(deps, by.atMs)) {
        throw new InvalidRequestError([{ path: 'input.toDay', message: 'is over, or before the first day' }]);
      }
      const whom = await personMeant(db, name ?? by.account.name, by);
      const isDecided = whom !== by.account.name;
      const after: Absence = {
        ...input,
        id: madeId([whom, input, by.atMs]),
        name: whom,
        state: isDecided ? 'approved' : 'asked',
        ...(isDecided ? { decidedBy: by.account.name } : {}),
        askedAtMs: by.atMs,
      };
      const code = isDecided ? 'absence_approved' : 'absence_asked';
      return absencePlan(deps, db, { after }, { code, by, basis: [whom, input] });
    },
    act: (step, plan) => keep(deps, step, plan),
    undo: (step, undo) => takeBack(deps, step, undo as AbsencePlan),
  });
}

async function personMeant(db: Db, name: string, by: Actor): Promise<string> {
  if (name === by.account.name) return name;
  if (!isPlanner(by)) throw new WatchkeeperError('forbidden', 'One asks for leave for oneself.');
  const people = await knownPeople(db, [name]);
  return required([...people.keys()][0], 'person');
}

/** A leader's word on leave that was asked for. */
export function decideAbsence(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'decide-absence',
    input: Closed({ id: RecordId, verdict: OneOf(['approve', 'refuse'], 'Yes or no.') }, 'A decision.'),
    async plan(db, { id, verdict }, by) {
      const before = required(await absenceById(db, id), 'leave');
      if (before.state !== 'asked') throw new WatchkeeperError('conflict', 'This is decided already.');
      const range = rangeAround(deps, [before.fromDay, before.toDay], by.atMs);
      const shifts = shiftsOf(await deps.roster.plan(range, db), range);
      if (!isLeader(deps, by, { shifts, sides: [before.name] })) {
        throw new WatchkeeperError('forbidden', 'This is for a leader of these shifts to decide.');
      }
      const state = verdict === 'approve' ? 'approved' : 'refused';
      const after: Absence = { ...before, state, decidedBy: by.account.name };
      const code = verdict === 'approve' ? 'absence_approved' : 'absence_refused';
      return absencePlan(deps, db, { before, after }, { code, by, basis: [before, verdict] });
    },
    act: (step, plan) => keep(deps, step, plan),
    undo: (step, undo) => takeBack(deps, step, undo as AbsencePlan),
  });
}

/** Leave that is not needed any more. */
export function withdrawAbsence(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'withdraw-absence',
    input: Closed({ id: RecordId }, 'Leave of one’s own, or of somebody whose watch one plans.'),
    async plan(db, { id }, by) {
      const before = required(await absenceById(db, id), 'leave');
      if (before.name !== by.account.name && !isPlanner(by)) {
        throw new WatchkeeperError('forbidden', 'This is the leave of somebody else.');
      }
      if (before.state === 'withdrawn') throw new WatchkeeperError('conflict', 'It is withdrawn already.');
      if (before.toDay < todayOf(deps, by.atMs)) throw new WatchkeeperError('conflict', 'It is over.');
      const after: Absence = { ...before, state: 'withdrawn' };
      return absencePlan(deps, db, { before, after }, { code: 'absence_withdrawn', by, basis: before });
    },
    act: (step, plan) => keep(deps, step, plan),
    undo: (step, undo) => takeBack(deps, step, undo as AbsencePlan),
  });
}

async function absencePlan(
  deps: RosterApiDeps,
  db: Db,
  details: AbsencePlan,
  { code, by, basis }: { readonly code: Effect['code']; readonly by: Actor; readonly basis: unknown },
): Promise<Plan<AbsencePlan>> {
  const { before, after } = details;
  const { name, fromDay, toDay } = after;
  const range = rangeAround(deps, [fromDay, toDay], by.atMs);
  const plan = await deps.roster.plan(range, db);
  const others = plan.absences.filter(({ id }) => id !== after.id);
  // What is asked for shows what it would do, were it approved.
  const counting: Absence = after.state === 'asked' ? { ...after, state: 'approved' } : after;
  const effects = await effectsOfChange(deps, db, { plan, range }, { absences: [...others, counting] });
  const displayName = (await knownPeople(db, [name])).get(name)?.displayName ?? name;
  return {
    effects: [{ code, params: { name: displayName, fromDay, toDay } }, ...effects],
    target: name,
    basis,
    details,
    ...(before === undefined ? {} : { before }),
    after,
  };
}

async function keep(deps: RosterApiDeps, step: Db, { details }: Plan<AbsencePlan>) {
  await saveAbsence(step, details.after);
  deps.onChange?.();
  return { result: { id: details.after.id }, undo: details };
}

async function takeBack(
  deps: RosterApiDeps,
  step: Db,
  { before, after }: AbsencePlan,
): Promise<readonly Effect[]> {
  if (!isDeepStrictEqual(await absenceById(step, after.id), after)) {
    throw new WatchkeeperError('conflict', 'Somebody has decided since; it cannot be taken back.');
  }
  await saveAbsence(step, before ?? { ...after, state: 'withdrawn' });
  deps.onChange?.();
  const { name, fromDay, toDay } = after;
  const code = before === undefined ? 'absence_withdrawn' : 'absence_restored';
  return [{ code, params: { name, fromDay, toDay } }];
}
