import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { RoundAddition, RoundTask } from '../../../config/model/round-api.ts';
import { fits } from '../../../config/model/round-judge.ts';
import { itemsOf } from '../../../config/model/round.ts';
import { Closed, Id } from '../../../config/schema/common.ts';
import { RoundId } from '../../../config/schema/round.ts';
import { roundBody } from '../../duty/rounds/bodies.ts';
import { taskOf } from '../../duty/rounds/lists.ts';
import { placesOf, renewCode } from '../../duty/rounds/places.ts';
import { toJson } from '../../records/json.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute, type Actor } from '../commands.ts';
import type { RoundDeps } from './round-deps.ts';

const Reason = Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' });

async function add(
  step: Db,
  round: string,
  addition: RoundAddition,
  by: Pick<Actor, 'account' | 'atMs'>,
): Promise<string> {
  const id = randomUUID();
  await step
    .insertInto('round_addition')
    .values({
      id,
      round,
      at_ms: by.atMs,
      by: by.account.name,
      kind: addition.kind,
      addition: toJson(addition),
    })
    .execute();
  return id;
}

/** Says that an answer was wrong, and what is right. What was handed in stays beside it. */
export function correctRound(deps: RoundDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'correct-round',
    noUndo: 'What was said of a round stays beside it; another correction makes it good.',
    input: Closed(
      {
        round: RoundId,
        item: Id('Of the round.'),
        value: Type.Union([Type.Boolean(), Type.Number(), Type.String({ maxLength: 2_000 })]),
        reason: Reason,
      },
      'A correction.',
    ),
    async plan(db, { round, item, value, reason }) {
      const body = await roundBody(db, round);
      const asked = itemsOf(body.template).find((one) => one.item.id === item)?.item;
      if (asked === undefined) throw new WatchkeeperError('not_found', 'This round has no such item.');
      if (!fits(asked, { value, photos: [] }))
        throw new WatchkeeperError('invalid_request', 'value: this is no answer to this item');
      const was = body.judged.items.find((one) => one.item === item)?.answer?.value;
      const addition: RoundAddition = { kind: 'correction', item, value, reason };
      return {
        effects: [
          { code: 'round_corrected', params: { item, was: String(was ?? '—'), value: String(value) } },
          { code: 'round_stays' },
        ],
        target: round,
        basis: { round, item, value, reason },
        details: { round, addition },
        ...(was === undefined ? {} : { before: { [item]: was } }),
        after: { [item]: value, reason },
      };
    },
    async act(step, { details }, by) {
      return { result: { id: await add(step, details.round, details.addition, by) } };
    },
  });
}

/** The purpose that a proof for the second signature of a round is bound to. */
export const reviewPurpose = (round: string): string => `review-round:${round}`;

/** The second signature (审核人): another person than who walked, who proves anew to be it. */
export function reviewRound(deps: RoundDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'review-round',
    noUndo: 'A signature stays; a correction of the round makes it good.',
    input: Closed(
      {
        round: RoundId,
        isAccepted: Type.Boolean(),
        note: Type.String({ maxLength: 2_000 }),
        proof: Type.Optional(Type.String({ maxLength: 64 })),
      },
      'What the second person says.',
    ),
    async plan(db, { round, isAccepted, note, proof }, by) {
      const { round: walked, additions, template } = await roundBody(db, round);
      if (walked.walkedBy === by.account.name)
        throw new WatchkeeperError('forbidden', 'Another person than who walked it reviews a round.');
      if (additions.some(({ addition }) => addition.kind === 'review'))
        throw new WatchkeeperError('conflict', 'This round has been reviewed.');
      if (!isAccepted && note.trim() === '')
        throw new WatchkeeperError('invalid_request', 'note: says why the round is not accepted');
      const addition: RoundAddition = { kind: 'review', isAccepted, note };
      return {
        effects: [
          {
            code: isAccepted ? ('round_accepted' as const) : ('round_not_accepted' as const),
            params: { round: template.id, person: walked.walkedBy },
          },
          { code: 'round_signed' as const },
        ],
        target: round,
        basis: { round, isAccepted, note },
        details: { round, addition, proof },
        after: { isAccepted, note },
      };
    },
    async act(step, { details: { round, addition, proof } }, by) {
      deps.proofs.take(by, reviewPurpose(round), proof);
      return { result: { id: await add(step, round, addition, by) } };
    },
  });
}

const TaskId = Type.String({ pattern: '^[0-9a-f-]{36}$' });

async function saveTask(step: Db, task: RoundTask): Promise<void> {
  await step
    .updateTable('round_task')
    .set({ owner: task.owner ?? null, closed_at_ms: task.closedAtMs ?? null, task: toJson(task) })
    .where('id', '=', task.id)
    .execute();
}

/** Says that somebody sees to what was found. */
export function takeRoundTask(deps: RoundDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'take-round-task',
    input: Closed({ task: TaskId }, 'A task.'),
    async plan(db, { task: id }, by) {
      const before = await requireOpen(db, id);
      const after = { ...before, owner: by.account.name };
      return {
        effects: [{ code: 'task_taken', params: { item: before.item } }],
        target: id,
        basis: before,
        details: { before, after },
        after: { owner: after.owner },
      };
    },
    ...takingBack(),
  });
}

/** Says that it has been put right, and how. */
export function closeRoundTask(deps: RoundDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'close-round-task',
    input: Closed({ task: TaskId, closing: Reason }, 'A task, and how it was put right.'),
    async plan(db, { task: id, closing }, by) {
      const before = await requireOpen(db, id);
      const after = { ...before, closing, closedBy: by.account.name, closedAtMs: by.atMs };
      return {
        effects: [{ code: 'task_closed', params: { item: before.item } }],
        target: id,
        basis: { before, closing },
        details: { before, after },
        after: { closing },
      };
    },
    ...takingBack(),
  });
}

async function requireOpen(db: Db, id: string): Promise<RoundTask> {
  const task = await taskOf(db, id);
  if (task.closedAtMs !== undefined) throw new WatchkeeperError('conflict', 'This task is closed.');
  return task;
}

function takingBack() {
  return {
    async act(
      step: Db,
      { details }: { readonly details: { readonly before: RoundTask; readonly after: RoundTask } },
    ) {
      await saveTask(step, details.after);
      return { undo: details };
    },
    async undo(step: Db, undo: unknown) {
      const { before, after } = undo as { before: RoundTask; after: RoundTask };
      if (toJson(await taskOf(step, after.id)) !== toJson(after))
        throw new WatchkeeperError('conflict', 'Somebody has done something about this task since.');
      await saveTask(step, before);
      return [{ code: 'task_as_before' as const, params: { item: before.item } }];
    },
  };
}

/** Another code for a place; what hangs there now has to be replaced. */
export function renewPlaceCode(deps: RoundDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'renew-place-code',
    noUndo: 'The code before may be known to others; another code makes it good.',
    input: Closed({ place: Type.String({ maxLength: 200 }) }, 'A place.'),
    async plan(db, { place }) {
      const found = (await placesOf(db)).get(place);
      if (found === undefined) throw new WatchkeeperError('not_found', 'There is no such place.');
      return {
        effects: [{ code: 'place_code_ends', params: { place } }],
        target: place,
        basis: found,
        details: found,
      };
    },
    async act(step, { details }, { atMs }) {
      await renewCode(step, details, atMs);
      return {};
    },
  });
}
