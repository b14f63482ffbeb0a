import { nameKeyOf } from './accounts.ts';
import type { Db } from './tables.ts';

/** How often a name was tried in vain. Kept for names that no account has, too: they must not be told apart. */
export interface SignInFailures {
  readonly failures: number;
  readonly lastAtMs: number;
}

export async function signInFailures(db: Db, name: string): Promise<SignInFailures> {
  const row = await db
    .selectFrom('sign_in_failure')
    .select(['failures', 'last_at_ms'])
    .where('name_key', '=', nameKeyOf(name))
    .executeTakeFirst();
  return { failures: row?.failures ?? 0, lastAtMs: row?.last_at_ms ?? 0 };
}

export async function setSignInFailures(
  db: Db,
  name: string,
  { failures, lastAtMs }: SignInFailures,
): Promise<void> {
  await db
    .insertInto('sign_in_failure')
    .values({ name_key: nameKeyOf(name), failures, last_at_ms: lastAtMs })
    .onConflict((row) => row.column('name_key').doUpdateSet({ failures, last_at_ms: lastAtMs }))
    .execute();
}

export async function clearSignInFailures(db: Db, name: string): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('name_key', '=', nameKeyOf(name)).execute();
}

/** Forgets the names that were last tried before that instant. */
export async function removeOldSignInFailures(db: Db, beforeMs: number): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('last_at_ms', '<', beforeMs).execute();
}
