import { isDeepStrictEqual } from 'node:util';
import { Type } from 'typebox';
import type { Effect } from '../../../config/model/command.ts';
import { defined } from '../../../config/model/defined.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { answeredSwap, SWAP_ANSWERS, type RoundSwap } from '../../../config/model/round-swap.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { assign, assigneeOf, requireToWalk, saveSwap, swapOf } from '../../duty/rounds/assign.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute, type Actor, type Plan } from '../commands.ts';
import { madeId } from '../made-id.ts';
import { AccountName } from '../session.ts';
import { called, requirePerson, whoseRound } from './assign-command.ts';
import type { RoundDeps } from './round-deps.ts';

const Due = Type.String({ maxLength: 80 });
const SwapId = Type.String({ pattern: '^[0-9a-f-]{32,36}$' });

interface Change {
  readonly due: string;
  readonly before: string | undefined;
  readonly after: string;
}

interface SwapPlan {
  readonly before: RoundSwap | undefined;
  readonly after: RoundSwap;
  /** Whose rounds are from then on; none until the other has accepted. */
  readonly changes: readonly Change[];
}

/** Offers a due round to somebody, for one of theirs or for nothing. */
export function offerRoundSwap(deps: RoundDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'offer-round-swap',
    input: Closed(
      {
        gives: Due,
        to: AccountName,
        takes: Type.Optional(Due),
        reason: Type.String({ maxLength: 2_000 }),
      },
      'What is given, to whom, and what for.',
    ),
    async plan(db, { gives, to: asked, takes, reason }, by) {
      const from = by.account.name;
      const to = await requirePerson(db, asked);
      if (to === from) throw new WatchkeeperError('invalid_request', 'to: is you yourself');
      if (takes === gives) throw new WatchkeeperError('invalid_request', 'takes: is what you give');
      const after: RoundSwap = {
        id: madeId([gives, to, takes, from, by.atMs]),
        from,
        to,
        gives,
        ...defined({ takes }),
        reason,
        offeredAtMs: by.atMs,
        state: { kind: 'offered' },
      };
      const changes = await changesOf(deps, db, after);
      return {
        ...planOf({ before: undefined, after, changes: [] }, [gives, to, takes, reason, changes]),
        effects: await effectsOf(db, { code: 'round_swap_offered', swap: after }, whoseAfter(changes)),
      };
    },
    act: keep,
    undo: takeBack,
  });
}

/** The other side's answer, or the word of who offered it that it is no more. */
export function answerRoundSwap(deps: RoundDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'answer-round-swap',
    input: Closed({ id: SwapId, answer: OneOf(SWAP_ANSWERS, 'What one says to it.') }, 'An answer.'),
    async plan(db, { id, answer }, by) {
      const before = await swapOf(db, id);
      const after = answeredSwap(before, answer, { name: by.account.name, atMs: by.atMs });
      const changes = answer === 'accept' ? await changesOf(deps, db, before) : [];
      const code = `round_swap_${STATE_CODES[answer]}` as const;
      return {
        ...planOf({ before, after, changes }, [before, answer, changes]),
        effects: await effectsOf(db, { code, swap: after }, whoseAfter(changes)),
      };
    },
    act: keep,
    undo: takeBack,
  });
}

const STATE_CODES = { accept: 'accepted', decline: 'declined', withdraw: 'withdrawn' } as const;

/** @throws {WatchkeeperError} `conflict` when a round was walked or is somebody else's meanwhile. */
async function changesOf(
  deps: RoundDeps,
  db: Db,
  { gives, takes, from, to }: RoundSwap,
): Promise<readonly Change[]> {
  const given = await changeOf(deps, db, { due: gives, from, to });
  return takes === undefined
    ? [given]
    : [given, await changeOf(deps, db, { due: takes, from: to, to: from })];
}

/** Somebody gives what is theirs, or what is nobody's in particular: that of whoever keeps the watch. */
async function changeOf(
  { site }: RoundDeps,
  db: Db,
  { due, from, to }: { readonly due: string; readonly from: string; readonly to: string },
): Promise<Change> {
  await requireToWalk(db, due, site().timeZone);
  const before = await assigneeOf(db, due);
  if (before !== undefined && before !== from)
    throw new WatchkeeperError('conflict', `${due} is not ${from}’s: it is ${before}’s.`);
  return { due, before, after: to };
}

type Whose = readonly (readonly [due: string, person: string | undefined])[];

const whoseAfter = (changes: readonly Change[]): Whose => changes.map(({ due, after }) => [due, after]);

async function effectsOf(
  db: Db,
  { code, swap }: { readonly code: Effect['code']; readonly swap: RoundSwap },
  whose: Whose,
): Promise<readonly Effect[]> {
  const [from, to] = [await called(db, swap.from), await called(db, swap.to)];
  const effects: Effect[] = [{ code, params: { from, to } }];
  for (const [due, person] of whose) effects.push(await whoseRound(db, due, person));
  return effects;
}

function planOf(details: SwapPlan, basis: unknown): Omit<Plan<SwapPlan>, 'effects'> {
  const { before, after } = details;
  const { from, to, gives, takes } = after;
  return {
    target: `${gives} ${from} → ${to}${takes === undefined ? '' : ` / ${takes}`}`,
    basis,
    details,
    ...defined({ before }),
    after,
  };
}

async function keep(step: Db, { details }: Plan<SwapPlan>, { account, atMs }: Actor) {
  await saveSwap(step, details.after);
  for (const { due, after } of details.changes)
    await assign(step, { due, account: after }, { by: account.name, atMs });
  return { result: { id: details.after.id }, undo: details };
}

/** As it was before; what was offered is withdrawn. */
async function takeBack(step: Db, undo: unknown, { account, atMs }: Actor): Promise<readonly Effect[]> {
  const { before, after, changes } = undo as SwapPlan;
  if (!isDeepStrictEqual(await swapOf(step, after.id), after))
    throw new WatchkeeperError('conflict', 'Somebody has answered since; it cannot be taken back.');
  for (const { due, after: person } of changes)
    if ((await assigneeOf(step, due)) !== person)
      throw new WatchkeeperError('conflict', `${due} has been handed on since.`);
  for (const { due, before: person } of changes)
    await assign(step, { due, account: person }, { by: account.name, atMs });
  await saveSwap(step, before ?? { ...after, state: { kind: 'withdrawn', atMs } });
  const code = before === undefined ? 'round_swap_withdrawn' : 'round_swap_reopened';
  return effectsOf(
    step,
    { code, swap: after },
    changes.map(({ due, before: person }) => [due, person]),
  );
}
