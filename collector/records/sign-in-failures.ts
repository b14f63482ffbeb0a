import type { Db } from './tables.ts';

/**
 * How often something was tried in vain: a name, an address, or a name from an address. Kept for names that no account
 * has, too: they must not be told apart.
 */
export interface SignInFailures {
  readonly failures: number;
  readonly lastAtMs: number;
}

export async function signInFailures(db: Db, subject: string): Promise<SignInFailures> {
  const row = await db
    .selectFrom('sign_in_failure')
    .select(['failures', 'last_at_ms'])
    .where('subject', '=', subject)
    .executeTakeFirst();
  return { failures: row?.failures ?? 0, lastAtMs: row?.last_at_ms ?? 0 };
}

export async function setSignInFailures(
  db: Db,
  subject: string,
  { failures, lastAtMs }: SignInFailures,
): Promise<void> {
  await db
    .insertInto('sign_in_failure')
    .values({ subject, failures, last_at_ms: lastAtMs })
    .onConflict((row) => row.column('subject').doUpdateSet({ failures, last_at_ms: lastAtMs }))
    .execute();
}

/** Takes one attempt back that was not in vain. */
export async function forgiveAttempt(db: Db, subject: string): Promise<void> {
  await db
    .updateTable('sign_in_failure')
    .set((row) => ({ failures: row('failures', '-', 1) }))
    .where('subject', '=', subject)
    .where('failures', '>', 0)
    .execute();
}

export async function clearSignInFailures(db: Db, subject: string): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('subject', '=', subject).execute();
}

/** Forgets what was last tried before that instant. */
export async function removeOldSignInFailures(db: Db, beforeMs: number): Promise<void> {
  await db.deleteFrom('sign_in_failure').where('last_at_ms', '<', beforeMs).execute();
}
