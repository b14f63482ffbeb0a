import { defined } from '../../../config/model/defined.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type {
  RoundDifference,
  RoundLine,
  RoundTask,
  RoundTaskView,
} from '../../../config/model/round-api.ts';
import type { JudgedRound } from '../../../config/model/round-judge.ts';
import { itemsOf, type RoundTemplate } from '../../../config/model/round.ts';
import { fromJson } from '../../records/json.ts';
import { inBatches } from '../../records/page.ts';
import { foundRounds, type RoundsQuery } from '../../records/round-search.ts';
import type { Db } from '../../records/tables.ts';
import { currentTemplatesOf, templatesOf, versionName } from './templates.ts';

/** Rounds as they came in, the newest first. */
export async function roundLines(db: Db, query: RoundsQuery): Promise<readonly RoundLine[]> {
  const found = await foundRounds(db, query).execute();
  const ids = found.map(({ id }) => id);
  const reviewed = await reviewedOf(db, ids);
  const differences = query.doubt === 'sensor_differs' ? await differencesOf(db, ids) : undefined;
  return found.map((row) => ({
    id: row.id,
    template: row.template,
    day: row.day,
    receivedAtMs: row.received_at_ms,
    walkedBy: row.walked_by,
    result: row.result as JudgedRound['result'],
    doubts: row.doubts,
    isReviewed: reviewed.has(row.id),
    ...defined({ differences: differences?.get(row.id) }),
  }));
}

/** By round. */
async function differencesOf(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly RoundDifference[]>> {
  const found = new Map<string, readonly RoundDifference[]>();
  for (const batch of inBatches(ids)) {
    const rows = await db
      .selectFrom('round')
      .select(['id', 'template', 'version', 'judged'])
      .where('id', 'in', batch)
      .execute();
    const templates = await templatesOf(db, rows);
    for (const { id, template, version, judged } of rows)
      found.set(
        id,
        differencesIn(fromJson<JudgedRound>(judged), templates.get(versionName(template, version))),
      );
  }
  return found;
}

function differencesIn(
  { items }: JudgedRound,
  template: RoundTemplate | undefined,
): readonly RoundDifference[] {
  return items.flatMap(({ item: id, answer, sensor, difference }): readonly RoundDifference[] => {
    if (difference === undefined || sensor === undefined || answer === undefined) return [];
    const item = template && itemsOf(template).find((one) => one.item.id === id)?.item;
    const name = item?.name ?? { 'zh-CN': id, en: id };
    const unit = item?.type === 'number' ? item.unit : '';
    return [{ item: id, name, unit, person: Number(answer.value), sensor }];
  });
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

/** The same, with what each is called. */
export async function namedTasks(db: Db, limit: number): Promise<readonly RoundTaskView[]> {
  const tasks = await openTasks(db, limit);
  const templates = await currentTemplatesOf(
    db,
    tasks.map(({ template }) => template),
  );
  return tasks.map((task) => {
    const template = templates.get(task.template);
    const found = template && itemsOf(template).find(({ item }) => item.id === task.item);
    return { ...task, ...defined({ itemName: found?.item.name, placeName: found?.checkpoint.name }) };
  });
}

/** @throws {WatchkeeperError} `not_found`. */
export async function taskOf(db: Db, id: string): Promise<RoundTask> {
  const row = await db.selectFrom('round_task').select('task').where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new WatchkeeperError('not_found', 'There is no such task.');
  return fromJson<RoundTask>(row.task);
}
