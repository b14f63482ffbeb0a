import { ACCOUNT_COLUMNS, accountOf, type Account } from './accounts.ts';
import type { Db } from './tables.ts';

/** A session is known by the hash of its token: who reads the records cannot take one over. */
export interface Session {
  readonly tokenHash: string;
  readonly account: Account;
  readonly createdAtMs: number;
  readonly usedAtMs: number;
  /** The address that it was last seen to come from. */
  readonly origin: string;
  readonly mustChangePassword: boolean;
  readonly hasSecondFactor: boolean;
}

export interface NewSession {
  readonly tokenHash: string;
  readonly accountId: number;
  readonly atMs: number;
  /** The address that the person signed in from, and what the browser says that it is. */
  readonly origin: string;
  readonly browser: string;
}

export async function addSession(db: Db, session: NewSession): Promise<void> {
  const { tokenHash, accountId, atMs, origin, browser } = session;
  await db
    .insertInto('session')
    .values({
      token_hash: tokenHash,
      account_id: accountId,
      created_at_ms: atMs,
      used_at_ms: atMs,
      origin,
      browser,
    })
    .execute();
}

export async function findSession(db: Db, tokenHash: string): Promise<Session | undefined> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .leftJoin('second_factor', (join) =>
      join.onRef('second_factor.account_id', '=', 'account.id').on('second_factor.is_confirmed', '=', 1),
    )
    .select([
      ...ACCOUNT_COLUMNS,
      'account.must_change_password',
      'second_factor.is_confirmed',
      'session.created_at_ms as begun_at_ms',
      'session.used_at_ms',
      'session.origin',
    ])
    .where('session.token_hash', '=', tokenHash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    tokenHash,
    account: accountOf(row),
    createdAtMs: row.begun_at_ms,
    usedAtMs: row.used_at_ms,
    origin: row.origin,
    mustChangePassword: row.must_change_password === 1,
    hasSecondFactor: row.is_confirmed === 1,
  };
}

/** A session as its owner sees it in a list. */
export interface SessionEntry {
  readonly tokenHash: string;
  readonly createdAtMs: number;
  readonly usedAtMs: number;
  readonly origin: string;
  readonly browser: string;
}

export async function sessionsOf(db: Db, accountId: number): Promise<readonly SessionEntry[]> {
  const rows = await db
    .selectFrom('session')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('used_at_ms', 'desc')
    .execute();
  return rows.map((row) => ({
    tokenHash: row.token_hash,
    createdAtMs: row.created_at_ms,
    usedAtMs: row.used_at_ms,
    origin: row.origin,
    browser: row.browser,
  }));
}

export async function touchSession(db: Db, tokenHash: string, usedAtMs: number): Promise<void> {
  await db.updateTable('session').set({ used_at_ms: usedAtMs }).where('token_hash', '=', tokenHash).execute();
}

/** Notes that a session comes from another address now. */
export async function moveSession(db: Db, tokenHash: string, origin: string): Promise<void> {
  await db.updateTable('session').set({ origin }).where('token_hash', '=', tokenHash).execute();
}

export async function removeSession(db: Db, tokenHash: string): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
}

/** Ends the sessions of an account, but the one that is named to be kept; answers those that ended. */
export async function removeSessionsOf(db: Db, accountId: number, kept?: string): Promise<readonly string[]> {
  const ended = (await sessionsOf(db, accountId))
    .map(({ tokenHash }) => tokenHash)
    .filter((own) => own !== kept);
  for (const tokenHash of ended) await removeSession(db, tokenHash);
  return ended;
}

/** Removes the sessions that began, or were last used, too long ago; never those of screens on a wall. */
export async function removeEndedSessions(
  db: Db,
  { createdBeforeMs, usedBeforeMs }: { createdBeforeMs: number; usedBeforeMs: number },
): Promise<void> {
  await db
    .deleteFrom('session')
    .where((is) => is.or([is('created_at_ms', '<=', createdBeforeMs), is('used_at_ms', '<=', usedBeforeMs)]))
    .where('account_id', 'not in', (from) =>
      from.selectFrom('account').select('id').where('is_display', '=', 1),
    )
    .execute();
}
