import { WatchkeeperError } from '../../../config/model/errors.ts';
import type {
  AdditionView,
  RoundAddition,
  RoundBody,
  RoundLine,
  RoundTask,
} from '../../../config/model/round-api.ts';
import type { JudgedRound } from '../../../config/model/round-judge.ts';
import type { RoundSubmission } from '../../../config/model/round.ts';
import { fromJson } from '../../records/json.ts';
import { inBatches } from '../../records/page.ts';
import type { Db } from '../../records/tables.ts';
import { templateOf } from './templates.ts';

export interface RoundsQuery {
  readonly beforeMs?: number;
  readonly limit: number;
  readonly template?: string;
  readonly result?: JudgedRound['result'];
  /** `YYYY-MM-DD`, both included. */
  readonly fromDay?: string;
  readonly toDay?: string;
}

/** Rounds as they came in, the newest first. */
export async function roundLines(db: Db, query: RoundsQuery): Promise<readonly RoundLine[]> {
  const { beforeMs, limit, template, result, fromDay, toDay } = query;
  let rows = db
    .selectFrom('round')
    .select(['id', 'template', 'day', 'received_at_ms', 'walked_by', 'result', 'doubts']);
  if (beforeMs !== undefined) rows = rows.where('received_at_ms', '<', beforeMs);
  if (template !== undefined) rows = rows.where('template', '=', template);
  if (result !== undefined) rows = rows.where('result', '=', result);
  if (fromDay !== undefined) rows = rows.where('day', '>=', fromDay);
  if (toDay !== undefined) rows = rows.where('day', '<=', toDay);
  const found = await rows.orderBy('received_at_ms', 'desc').orderBy('id').limit(limit).execute();
  const reviewed = await reviewedOf(
    db,
    found.map(({ id }) => id),
  );
  return found.map((row) => ({
    id: row.id,
    template: row.template,
    day: row.day,
    receivedAtMs: row.received_at_ms,
    walkedBy: row.walked_by,
    result: row.result as JudgedRound['result'],
    doubts: row.doubts,
    isReviewed: reviewed.has(row.id),
  }));
}

async function reviewedOf(db: Db, rounds: readonly string[]): Promise<ReadonlySet<string>> {
  const reviewed = new Set<string>();
  for (const batch of inBatches(rounds)) {
    const found = await db
      .selectFrom('round_addition')
      .select('round')
      .where('round', 'in', batch)
      .where('kind', '=', 'review')
      .execute();
    for (const { round } of found) reviewed.add(round);
  }
  return reviewed;
}

/** One round whole. @throws {WatchkeeperError} `not_found`. */
export async function roundBody(db: Db, id: string): Promise<RoundBody> {
  const row = await db.selectFrom('round').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new WatchkeeperError('not_found', 'There is no such round.');
  const additions = await additionsOf(db, id);
  const tasks = await tasksOfRound(db, id);
  const names = [row.walked_by, row.sent_by, ...additions.map(({ by }) => by)];
  return {
    id,
    template: await templateOf(db, row.template, row.version),
    round: fromJson<RoundSubmission>(row.submission),
    judged: fromJson<JudgedRound>(row.judged),
    receivedAtMs: row.received_at_ms,
    sentBy: row.sent_by,
    clockDifferenceMs: row.clock_difference_ms,
    hash: row.hash,
    additions,
    tasks,
    people: await displayNames(db, names),
  };
}

async function additionsOf(db: Db, round: string): Promise<readonly AdditionView[]> {
  const rows = await db
    .selectFrom('round_addition')
    .selectAll()
    .where('round', '=', round)
    .orderBy('at_ms')
    .orderBy('id')
    .execute();
  return rows.map(({ id, at_ms: atMs, by, addition }) => ({
    id,
    atMs,
    by,
    addition: fromJson<RoundAddition>(addition),
  }));
}

async function tasksOfRound(db: Db, round: string): Promise<readonly RoundTask[]> {
  const rows = await db.selectFrom('round_task').select('task').where('round', '=', round).execute();
  return rows.map(({ task }) => fromJson<RoundTask>(task));
}

/** Tasks that nobody has closed, the oldest first. */
export async function openTasks(db: Db, limit: number): Promise<readonly RoundTask[]> {
  const rows = await db
    .selectFrom('round_task')
    .select('task')
    .where('closed_at_ms', 'is', null)
    .orderBy('opened_at_ms')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ task }) => fromJson<RoundTask>(task));
}

/** @throws {WatchkeeperError} `not_found`. */
export async function taskOf(db: Db, id: string): Promise<RoundTask> {
  const row = await db.selectFrom('round_task').select('task').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new WatchkeeperError('not_found', 'There is no such task.');
  return fromJson<RoundTask>(row.task);
}

async function displayNames(db: Db, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const rows = await db
    .selectFrom('account')
    .select(['name', 'display_name'])
    .where('name', 'in', [...new Set(names)])
    .execute();
  return Object.fromEntries(rows.map(({ name, display_name: displayName }) => [name, displayName]));
}
