import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { RoundSwap } from '../../../config/model/round-swap.ts';
import { fromJson, toJson } from '../../records/json.ts';
import type { Db } from '../../records/tables.ts';
import { dueRound } from './due.ts';
import { currentTemplates } from './templates.ts';

/** Whose a due round is, and what is offered of it. */

/** @throws {WatchkeeperError} `not_found` for what is never due, `conflict` for what has been walked. */
export async function requireToWalk(db: Db, due: string, timeZone: string): Promise<void> {
  const [name = ''] = due.split('@');
  const kept = (await currentTemplates(db)).find(({ template }) => template.id === name);
  if (kept === undefined || dueRound(kept.template, due, timeZone) === undefined)
    throw new WatchkeeperError('not_found', 'There is no such due round.');
  const done = await db.selectFrom('round').select('walked_by').where('due', '=', due).executeTakeFirst();
  if (done !== undefined) throw new WatchkeeperError('conflict', `${done.walked_by} has walked this round.`);
}

/** Absent: whoever keeps the watch. */
export async function assigneeOf(db: Db, due: string): Promise<string | undefined> {
  const found = await db
    .selectFrom('round_assignment')
    .select('account')
    .where('due', '=', due)
    .executeTakeFirst();
  return found?.account;
}

export async function assign(
  step: Db,
  { due, account }: { readonly due: string; readonly account: string | undefined },
  { by, atMs }: { readonly by: string; readonly atMs: number },
): Promise<void> {
  await step.deleteFrom('round_assignment').where('due', '=', due).execute();
  if (account === undefined) return;
  const day = due.slice(due.indexOf('@') + 1);
  await step.insertInto('round_assignment').values({ due, day, account, by, at_ms: atMs }).execute();
}

/** @throws {WatchkeeperError} `not_found`. */
export async function swapOf(db: Db, id: string): Promise<RoundSwap> {
  const row = await db.selectFrom('round_swap').select('swap').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new WatchkeeperError('not_found', 'There is no such swap.');
  return fromJson<RoundSwap>(row.swap);
}

/** Puts a swap in, or what became of it. */
export async function saveSwap(step: Db, swap: RoundSwap): Promise<void> {
  const { id, offeredAtMs, state } = swap;
  await step.deleteFrom('round_swap').where('id', '=', id).execute();
  await step
    .insertInto('round_swap')
    .values({
      id,
      offered_at_ms: offeredAtMs,
      closed_at_ms: state.kind === 'offered' ? null : state.atMs,
      swap: toJson(swap),
    })
    .execute();
}

/** Those that nobody has answered, the oldest first; none whose rounds have been walked meanwhile. */
export async function openSwaps(db: Db): Promise<readonly RoundSwap[]> {
  const rows = await db
    .selectFrom('round_swap')
    .select('swap')
    .where('closed_at_ms', 'is', null)
    .orderBy('offered_at_ms')
    .orderBy('id')
    .execute();
  const swaps = rows.map(({ swap }) => fromJson<RoundSwap>(swap));
  const wanted = swaps.flatMap(({ gives, takes }) => (takes === undefined ? [gives] : [gives, takes]));
  if (wanted.length === 0) return [];
  const walked = await db.selectFrom('round').select('due').where('due', 'in', wanted).execute();
  const done = new Set(walked.map(({ due }) => due));
  return swaps.filter(({ gives, takes }) => !done.has(gives) && (takes === undefined || !done.has(takes)));
}
