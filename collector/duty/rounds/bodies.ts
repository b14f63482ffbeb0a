import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { AdditionView, RoundAddition, RoundBody, RoundTask } from '../../../config/model/round-api.ts';
import type { JudgedRound } from '../../../config/model/round-judge.ts';
import type { RoundSubmission } from '../../../config/model/round.ts';
import { fromJson } from '../../records/json.ts';
import { inBatches } from '../../records/page.ts';
import { personsCalled } from '../../records/roster-people.ts';
import type { Db } from '../../records/tables.ts';
import type { RoundsQuery } from '../../records/round-search.ts';
import { templatesOf, versionName } from './templates.ts';

/** One round whole. @throws {WatchkeeperError} `not_found`. */
export async function roundBody(db: Db, id: string): Promise<RoundBody> {
  const [body] = await roundBodies(db, [id]);
  if (body === undefined) throw new WatchkeeperError('not_found', 'There is no such round.');
  return body;
}

/** Rounds whole, in the order of their ids; of what is not there, nothing. */
export async function roundBodies(db: Db, ids: readonly string[]): Promise<readonly RoundBody[]> {
  const bodies: RoundBody[] = [];
  for (const batch of inBatches(ids)) bodies.push(...(await batchOfBodies(db, batch)));
  return bodies;
}

async function batchOfBodies(db: Db, ids: readonly string[]): Promise<readonly RoundBody[]> {
  const rows = await db.selectFrom('round').selectAll().where('id', 'in', ids).execute();
  const templates = await templatesOf(db, rows);
  const additions = await additionsOf(db, ids);
  const tasks = await tasksOfRounds(db, ids);
  const people = await personsCalled(db, [
    ...rows.flatMap((row) => [row.walked_by, row.sent_by]),
    ...[...additions.values()].flat().map(({ by }) => by),
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id): readonly RoundBody[] => {
    const row = byId.get(id);
    const template = row && templates.get(versionName(row.template, row.version));
    if (row === undefined || template === undefined) return [];
    const own = additions.get(id) ?? [];
    const names = new Set([row.walked_by, row.sent_by, ...own.map(({ by }) => by)]);
    return [
      {
        id,
        template,
        round: fromJson<RoundSubmission>(row.submission),
        judged: fromJson<JudgedRound>(row.judged),
        receivedAtMs: row.received_at_ms,
        sentBy: row.sent_by,
        clockDifferenceMs: row.clock_difference_ms,
        hash: row.hash,
        additions: own,
        tasks: tasks.get(id) ?? [],
        people: Object.fromEntries(Object.entries(people).filter(([name]) => names.has(name))),
      },
    ];
  });
}

async function additionsOf(
  db: Db,
  rounds: readonly string[],
): Promise<ReadonlyMap<string, readonly AdditionView[]>> {
  const rows = await db
    .selectFrom('round_addition')
    .selectAll()
    .where('round', 'in', rounds)
    .orderBy('at_ms')
    .orderBy('id')
    .execute();
  const all = rows.map(({ round, id, at_ms: atMs, by, addition }) => ({
    round,
    view: { id, atMs, by, addition: fromJson<RoundAddition>(addition) },
  }));
  return grouped(all.map(({ round, view }) => [round, view]));
}

async function tasksOfRounds(
  db: Db,
  rounds: readonly string[],
): Promise<ReadonlyMap<string, readonly RoundTask[]>> {
  const rows = await db
    .selectFrom('round_task')
    .select(['round', 'task'])
    .where('round', 'in', rounds)
    .orderBy('opened_at_ms')
    .orderBy('id')
    .execute();
  return grouped(rows.map(({ round, task }) => [round, fromJson<RoundTask>(task)]));
}

function grouped<T>(pairs: readonly (readonly [string, T])[]): ReadonlyMap<string, readonly T[]> {
  const groups = Map.groupBy(pairs, ([name]) => name);
  return new Map([...groups].map(([name, all]) => [name, all.map(([, value]) => value)]));
}

/** The rounds of some days from the first day on, whole. @param after where the part before has ended */
export async function boundRounds(
  db: Db,
  {
    fromDay,
    toDay,
    template,
  }: Required<Pick<RoundsQuery, 'fromDay' | 'toDay'>> & Pick<RoundsQuery, 'template'>,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ readonly rounds: readonly RoundBody[]; readonly next?: string }> {
  const [day = '', id = ''] = (after ?? '').split('.');
  let rows = db
    .selectFrom('round')
    .select(['id', 'day'])
    .where('day', '>=', day === '' ? fromDay : day)
    .where('day', '<=', toDay);
  if (after !== undefined) rows = rows.where((eb) => eb.or([eb('day', '>', day), eb('id', '>', id)]));
  if (template !== undefined) rows = rows.where('template', '=', template);
  const found = await rows.orderBy('day').orderBy('id').limit(limit).execute();
  const rounds = await roundBodies(
    db,
    found.map((one) => one.id),
  );
  const last = found.length === limit ? found.at(-1) : undefined;
  return { rounds, ...(last === undefined ? {} : { next: `${last.day}.${last.id}` }) };
}
