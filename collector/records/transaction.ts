import type { NewLine } from './audit-append.ts';
import type { Db } from './tables.ts';
import { createWriters, workOf, type Writers } from './writers.ts';

/** By the executor: what names more tables (`withTables`) is the same records. */
const WRITERS = new WeakMap<ReturnType<Db['getExecutor']>, Writers>();

/** Does something as soon as the transaction that `step` belongs to is durable, and not at all when it is not. */
export function afterCommit(step: Db, follow: () => void): void {
  const work = workOf(step);
  if (work === undefined) throw new Error('a step outside of a transaction');
  work.followers.push(follow);
}

/** Puts a line into the audit with those of all who write in the same transaction; `false` outside of one that gathers them. */
export function gatherLine(step: Db, line: NewLine): boolean {
  const work = workOf(step);
  work?.lines.push(line);
  return work !== undefined;
}

/**
 * Does several writes together or not at all; inside a transaction they belong to that one. Who writes at the same time
 * shares one commit, and what one of them fails in is undone for that one alone. Another process may come in between, or
 * PostgreSQL may restart: what was undone without having been answered is done again, so `act` must change nothing but
 * the records.
 * @throws {WatchkeeperError} `outcome_unknown` when nobody can say whether it was kept.
 */
export async function inTransaction<T>(db: Db, act: (step: Db) => Promise<T>): Promise<T> {
  if (db.isTransaction) return act(db);
  const executor = db.getExecutor();
  const writers = WRITERS.get(executor) ?? createWriters(db);
  WRITERS.set(executor, writers);
  return writers.write(act);
}
