import { PostgresAdapter } from 'kysely';
import type { Db } from './tables.ts';

/** For the few statements that the two stores write in different words. */
export function isPostgres(db: Pick<Db, 'getExecutor'>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
