import { UndoneError } from './failures.ts';
import type { Db } from './tables.ts';

const ATTEMPTS = 5;

/**
 * Does several writes together or not at all; inside a transaction they belong to that one. Another process may come in
 * between, or PostgreSQL may restart: what was undone without having been answered is done again, so `act` must change
 * nothing but the records.
 * @throws {WatchkeeperError} `outcome_unknown` when nobody can say whether it was kept.
 */
export async function inTransaction<T>(db: Db, act: (step: Db) => Promise<T>): Promise<T> {
  if (db.isTransaction) return act(db);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(act);
    } catch (error) {
      if (!(error instanceof UndoneError) || attempt === ATTEMPTS) throw error;
    }
  }
}
