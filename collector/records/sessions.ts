import { ACCOUNT_COLUMNS, accountOf, type Account } from './accounts.ts';
import type { Db } from './tables.ts';

/** A session is known by the hash of its token: who reads the records cannot take one over. */
export interface Session {
  readonly tokenHash: string;
  readonly account: Account;
  readonly createdAtMs: number;
  readonly usedAtMs: number;
}

export async function addSession(
  db: Db,
  { tokenHash, accountId, atMs }: { tokenHash: string; accountId: number; atMs: number },
): Promise<void> {
  await db
    .insertInto('session')
    .values({ token_hash: tokenHash, account_id: accountId, created_at_ms: atMs, used_at_ms: atMs })
    .execute();
}

export async function findSession(db: Db, tokenHash: string): Promise<Session | undefined> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .select([...ACCOUNT_COLUMNS, 'session.created_at_ms as begun_at_ms', 'session.used_at_ms'])
    .where('session.token_hash', '=', tokenHash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { tokenHash, account: accountOf(row), createdAtMs: row.begun_at_ms, usedAtMs: row.used_at_ms };
}

export async function touchSession(db: Db, tokenHash: string, usedAtMs: number): Promise<void> {
  await db.updateTable('session').set({ used_at_ms: usedAtMs }).where('token_hash', '=', tokenHash).execute();
}

export async function removeSession(db: Db, tokenHash: string): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
}

/** Removes the sessions that began, or were last used, too long ago. */
export async function removeEndedSessions(
  db: Db,
  { createdBeforeMs, usedBeforeMs }: { createdBeforeMs: number; usedBeforeMs: number },
): Promise<void> {
  await db
    .deleteFrom('session')
    .where((is) => is.or([is('created_at_ms', '<=', createdBeforeMs), is('used_at_ms', '<=', usedBeforeMs)]))
    .execute();
}
