import { isDeepStrictEqual } from 'node:util';
import { Type } from 'typebox';
import { ACCOUNT_NAME } from '../../../config/model/account.ts';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { Override, PlannedShift, Swap } from '../../../config/model/roster.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { dayOfShift, shiftsOf } from '../../duty/roster/plan.ts';
import { actOnSwap, overridesOfSwap, type SwapAct } from '../../duty/roster/swap.ts';
import { saveSwap, swapById } from '../../records/roster.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute, type Actor, type Plan } from '../commands.ts';
import { InvalidRequestError } from '../refusals.ts';
import { madeId } from '../made-id.ts';
import {
  effectsOfChange,
  isLeader,
  knownPeople,
  PostName,
  rangeAround,
  Reason,
  RecordId,
  required,
  requireKeepers,
  ShiftName,
  type RosterApiDeps,
} from './roster-deps.ts';
import { applied, restoreOverrides, saveChanges, type OverrideChange } from './shift-commands.ts';

const Side = Closed({ shift: ShiftName, post: PostName }, 'A post of a shift.');

interface SwapPlan {
  readonly before?: Swap;
  readonly after: Swap;
  /** What the plan says from then on; nothing until a leader has approved. */
  readonly changes: readonly OverrideChange[];
}

/** Offers a shift of one's own to somebody, for one of theirs or for nothing. */
export function offerSwap(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'offer-swap',
    input: Closed(
      {
        gives: Side,
        to: Type.String({ pattern: ACCOUNT_NAME }),
        takes: Type.Optional(Side),
        reason: Reason,
      },
      'What is given, to whom, and what for.',
    ),
    async plan(db, { gives, to, takes, reason }, by) {
      const from = by.account.name;
      const keepers = await requireKeepers(deps, db, [{ path: 'input.to', name: to, atMs: by.atMs }]);
      const after: Swap = {
        id: madeId([gives, to, takes, from, by.atMs]),
        from,
        gives,
        to: keepers.get(to) ?? to,
        ...(takes === undefined ? {} : { takes }),
        reason,
        offeredAtMs: by.atMs,
        state: { kind: 'offered' },
      };
      if (after.to === from) {
        throw new InvalidRequestError([{ path: 'input.to', message: 'is you yourself' }]);
      }
      const foreseen = await foresee(deps, db, after, by);
      return swapPlan(
        db,
        { after, changes: [] },
        { code: 'swap_offered', foreseen, basis: [gives, to, takes] },
      );
    },
    act: (step, plan) => keepSwap(deps, step, plan),
    undo: (step, undo, by) => takeBack(deps, step, undo as SwapPlan, by),
  });
}

/** The other side's answer, or the word of who offered it that it is no more. */
export function answerSwap(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'answer-swap',
    input: Closed(
      { id: RecordId, answer: OneOf(['accept', 'decline', 'withdraw'], 'What one says to it.') },
      'An answer.',
    ),
    plan: (db, { id, answer }, by) => planAnswer(deps, db, { id, act: answer }, by),
    act: (step, plan) => keepSwap(deps, step, plan),
    undo: (step, undo, by) => takeBack(deps, step, undo as SwapPlan, by),
  });
}

/** The leader's word: only with it the plan changes. */
export function decideSwap(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'decide-swap',
    input: Closed({ id: RecordId, verdict: OneOf(['approve', 'refuse'], 'Yes or no.') }, 'A decision.'),
    plan: (db, { id, verdict }, by) => planAnswer(deps, db, { id, act: verdict }, by),
    act: (step, plan) => keepSwap(deps, step, plan),
    undo: (step, undo, by) => takeBack(deps, step, undo as SwapPlan, by),
  });
}

const CODES = {
  accept: 'swap_accepted',
  decline: 'swap_declined',
  withdraw: 'swap_withdrawn',
  approve: 'swap_approved',
  refuse: 'swap_refused',
} as const;

async function planAnswer(
  deps: RosterApiDeps,
  db: Db,
  { id, act }: { readonly id: string; readonly act: SwapAct },
  by: Actor,
): Promise<Plan<SwapPlan>> {
  const before = required(await swapById(db, id), 'swap');
  const shifts = await shiftsOfSwap(deps, db, before, by.atMs);
  const actor = {
    name: by.account.name,
    atMs: by.atMs,
    isLeader: isLeader(deps, by, { shifts: concerned(before, shifts), sides: [before.from, before.to] }),
  };
  const after = actOnSwap(before, act, actor);
  const isYes = act === 'accept' || act === 'approve';
  const foreseen = isYes ? await foresee(deps, db, before, by) : NOTHING;
  const changes = act === 'approve' ? foreseen.changes : [];
  return swapPlan(
    db,
    { before, after, changes },
    { code: CODES[act], foreseen, basis: [before, act, changes] },
  );
}

interface Foreseen {
  readonly effects: readonly Effect[];
  readonly changes: readonly OverrideChange[];
}
const NOTHING: Foreseen = { effects: [], changes: [] };

async function shiftsOfSwap(
  deps: RosterApiDeps,
  db: Db,
  swap: Swap,
  atMs: number,
): Promise<readonly PlannedShift[]> {
  const range = rangeAround(deps, daysOf(swap), atMs);
  return shiftsOf(await deps.roster.plan(range, db), range);
}

const daysOf = ({ gives, takes }: Swap): readonly string[] => [
  dayOfShift(gives.shift),
  ...(takes === undefined ? [] : [dayOfShift(takes.shift)]),
];

const concerned = ({ gives, takes }: Swap, shifts: readonly PlannedShift[]): readonly PlannedShift[] =>
  shifts.filter(({ id }) => id === gives.shift || id === takes?.shift);

/**
 * What the plan would be, were the swap approved.
 * @throws {WatchkeeperError} `conflict` when it cannot be: somebody is not planned there any more, or the shift has begun.
 */
async function foresee(deps: RosterApiDeps, db: Db, swap: Swap, by: Actor): Promise<Foreseen> {
  const range = rangeAround(deps, daysOf(swap), by.atMs);
  const plan = await deps.roster.plan(range, db);
  const shifts = shiftsOf(plan, range);
  for (const { id, startsAtMs } of concerned(swap, shifts)) {
    if (startsAtMs <= by.atMs) throw new WatchkeeperError('conflict', `${id} has begun.`);
  }
  const overrides = overridesOfSwap(swap, shifts);
  const changes = overrides.map((after): OverrideChange => withBefore(plan.overrides, after));
  const change = { overrides: applied(plan.overrides, changes) };
  return { changes, effects: await effectsOfChange(deps, db, { plan, range }, change) };
}

function withBefore(overrides: readonly Override[], after: Override): OverrideChange {
  const { shift, post } = after;
  const before = overrides.find((each) => each.shift === shift && each.post === post);
  return { shift, post, after, ...(before === undefined ? {} : { before }) };
}

async function swapPlan(
  db: Db,
  details: SwapPlan,
  {
    code,
    foreseen,
    basis,
  }: { readonly code: Effect['code']; readonly foreseen: Foreseen; readonly basis: unknown },
): Promise<Plan<SwapPlan>> {
  const { before, after } = details;
  const people = await knownPeople(db, [after.from, after.to]);
  const called = (name: string): string => people.get(name)?.displayName ?? name;
  return {
    effects: [{ code, params: { from: called(after.from), to: called(after.to) } }, ...foreseen.effects],
    target: `${after.gives.shift} ${after.from} → ${after.to}`,
    basis,
    details,
    ...(before === undefined ? {} : { before }),
    after,
  };
}

async function keepSwap(deps: RosterApiDeps, step: Db, { details }: Plan<SwapPlan>) {
  await saveSwap(step, details.after);
  await saveChanges(step, details.changes);
  deps.onChange?.();
  return { result: { id: details.after.id }, undo: details };
}

/** As it was before; what was offered is withdrawn. */
async function takeBack(
  deps: RosterApiDeps,
  step: Db,
  { before, after, changes }: SwapPlan,
  by: Actor,
): Promise<readonly Effect[]> {
  if (!isDeepStrictEqual(await swapById(step, after.id), after)) {
    throw new WatchkeeperError('conflict', 'Somebody has answered since; it cannot be taken back.');
  }
  const restored = changes.length === 0 ? [] : await restoreOverrides(deps, step, changes);
  await saveSwap(step, before ?? { ...after, state: { kind: 'withdrawn', atMs: by.atMs } });
  deps.onChange?.();
  return [
    { code: before === undefined ? 'swap_withdrawn' : 'swap_reopened', params: sides(after) },
    ...restored,
  ];
}

const sides = ({ from, to }: Swap) => ({ from, to });
