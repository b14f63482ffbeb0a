import { isDeepStrictEqual } from 'node:util';
import { Type } from 'typebox';
import { ACCOUNT_NAME } from '../../../config/model/account.ts';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { Override } from '../../../config/model/roster.ts';
import type { WatchPost } from '../../../config/model/watch.ts';
import { Closed } from '../../../config/schema/common.ts';
import { dayOfShift, shiftsOf } from '../../duty/roster/plan.ts';
import { overridesOf, removeOverride, saveOverride } from '../../records/roster.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute, type Actor, type Plan } from '../commands.ts';
import { InvalidRequestError } from '../refusals.ts';
import {
  effectsOfChange,
  PostName,
  rangeAround,
  requireKeepers,
  ShiftName,
  type RosterApiDeps,
} from './roster-deps.ts';

/** Who is to keep a post of one shift; `null`: again whom the pattern says. */
export interface Assignment {
  readonly shift: string;
  readonly post: WatchPost;
  readonly names: readonly string[] | null;
}

/** What stood in place of the pattern before, and what stands there now, for each post that was changed. */
export interface OverrideChange {
  readonly shift: string;
  readonly post: WatchPost;
  readonly before?: Override;
  readonly after?: Override;
}

/** A preview of a year of single changes would look at more than a screen shows. */
const MAX_ASSIGNMENTS = 1_000;

/** Says for single shifts who keeps which post: by hand, by drag, in place of who is ill. */
export function assignShifts(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'assign-shifts',
    input: Closed(
      {
        changes: Type.Array(
          Closed(
            {
              shift: ShiftName,
              post: PostName,
              names: Type.Union([
                Type.Array(Type.String({ pattern: ACCOUNT_NAME }), { maxItems: 10 }),
                Type.Null(),
              ]),
            },
            'A post of one shift.',
          ),
          { minItems: 1, maxItems: MAX_ASSIGNMENTS },
        ),
      },
      'Who keeps which posts.',
    ),
    plan: (db, { changes }, by) => planAssignments(deps, db, changes, by),
    act: (step, plan) => actOnAssignments(deps, step, plan),
    undo: (step, undo) => restoreOverrides(deps, step, undo as readonly OverrideChange[]),
  });
}

/** @throws {InvalidRequestError} naming each shift that is not planned or over, and each person who cannot keep it. */
export async function planAssignments(
  deps: RosterApiDeps,
  db: Db,
  assignments: readonly Assignment[],
  by: Actor,
): Promise<Plan<readonly OverrideChange[]>> {
  const days = assignments.map(({ shift }) => dayOfShift(shift));
  const range = rangeAround(deps, days, by.atMs);
  const plan = await deps.roster.plan(range, db);
  const shifts = new Map(shiftsOf(plan, range).map((shift) => [shift.id, shift]));
  const missing = assignments.flatMap(({ shift }, index) => {
    const found = shifts.get(shift);
    if (found !== undefined && found.endsAtMs > by.atMs) return [];
    return [{ path: `input.changes.${index}.shift`, message: `${shift} is not planned, or it is over` }];
  });
  if (missing.length > 0) throw new InvalidRequestError(missing);
  const names = await requireKeepers(
    deps,
    db,
    assignments.flatMap(({ shift, names: list }, index) =>
      (list ?? []).map((name) => ({
        path: `input.changes.${index}.names`,
        name,
        atMs: shifts.get(shift)?.startsAtMs ?? by.atMs,
      })),
    ),
  );
  const changes = changesOf(plan.overrides, assignments, names);
  return {
    effects: await effectsOfChange(
      deps,
      db,
      { plan, range },
      { overrides: applied(plan.overrides, changes) },
    ),
    target: [...new Set(changes.map(({ shift }) => shift))].slice(0, 20).join(' '),
    basis: changes,
    details: changes,
    before: changes.map(({ shift, post, before }) => ({ shift, post, names: before?.names ?? null })),
    after: changes.map(({ shift, post, after }) => ({ shift, post, names: after?.names ?? null })),
  };
}

function changesOf(
  overrides: readonly Override[],
  assignments: readonly Assignment[],
  called: ReadonlyMap<string, string>,
): readonly OverrideChange[] {
  return assignments.map(({ shift, post, names }): OverrideChange => {
    const before = overrides.find((each) => each.shift === shift && each.post === post);
    const after =
      names === null
        ? undefined
        : { shift, post, names: [...new Set(names.map((name) => called.get(name) ?? name))] };
    return {
      shift,
      post,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
  });
}

/** The overrides as they are after some changes. */
export function applied(
  overrides: readonly Override[],
  changes: readonly OverrideChange[],
): readonly Override[] {
  const isChanged = ({ shift, post }: Override): boolean =>
    changes.some((change) => change.shift === shift && change.post === post);
  return [...overrides.filter((each) => !isChanged(each)), ...changes.flatMap(({ after }) => after ?? [])];
}

export async function saveChanges(step: Db, changes: readonly OverrideChange[]): Promise<void> {
  for (const { shift, post, after } of changes) {
    if (after === undefined) await removeOverride(step, { shift, post });
    else await saveOverride(step, after);
  }
}

export async function actOnAssignments(
  deps: RosterApiDeps,
  step: Db,
  { details }: Plan<readonly OverrideChange[]>,
) {
  await saveChanges(step, details);
  deps.onChange?.();
  return { undo: details };
}

/** @throws {WatchkeeperError} `conflict` when one of them was changed since. */
export async function restoreOverrides(
  deps: RosterApiDeps,
  step: Db,
  changes: readonly OverrideChange[],
): Promise<readonly Effect[]> {
  const present = await overridesOf(
    step,
    changes.map(({ shift }) => shift),
  );
  for (const { shift, post, after } of changes) {
    const now = present.find((each) => each.shift === shift && each.post === post);
    if (isDeepStrictEqual(now, after)) continue;
    throw new WatchkeeperError('conflict', `${shift} was changed since; it cannot be taken back.`);
  }
  await saveChanges(
    step,
    changes.map(({ shift, post, before }) => ({
      shift,
      post,
      ...(before === undefined ? {} : { after: before }),
    })),
  );
  deps.onChange?.();
  return [{ code: 'roster_restored', params: { n: new Set(changes.map(({ shift }) => shift)).size } }];
}
