import { setTimeout as pause } from 'node:timers/promises';
import { UndoneError } from './failures.ts';
import type { Db } from './tables.ts';

/** Of many who meet at one row each time one gets through. */
const ATTEMPTS = 20;
/** The longest wait between two attempts, so that those who met do not meet again. */
const LONGEST_PAUSE_MS = 50;

const FOLLOWERS = new WeakMap<Db, (() => void)[]>();

/** Does something as soon as the transaction that `step` belongs to is durable, and not at all when it is not. */
export function afterCommit(step: Db, follow: () => void): void {
  const followers = FOLLOWERS.get(step);
  if (followers === undefined) throw new Error('a step outside of a transaction');
  followers.push(follow);
}

/**
 * Does several writes together or not at all; inside a transaction they belong to that one. Another process may come in
 * between, or PostgreSQL may restart: what was undone without having been answered is done again, so `act` must change
 * nothing but the records.
 * @throws {WatchkeeperError} `outcome_unknown` when nobody can say whether it was kept.
 */
export async function inTransaction<T>(db: Db, act: (step: Db) => Promise<T>): Promise<T> {
  if (db.isTransaction) return act(db);
  for (let attempt = 1; ; attempt += 1) {
    const followers: (() => void)[] = [];
    try {
      const result = await db.transaction().execute((step) => {
        FOLLOWERS.set(step, followers);
        return act(step);
      });
      for (const follow of followers) follow();
      return result;
    } catch (error) {
      if (!(error instanceof UndoneError) || attempt === ATTEMPTS) throw error;
      await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** attempt));
    }
  }
}
