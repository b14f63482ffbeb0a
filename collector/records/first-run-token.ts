import type { Db } from './tables.ts';

export async function addFirstRunToken(db: Db, tokenHash: string, createdAtMs: number): Promise<void> {
  await db
    .insertInto('first_run_token')
    .values({ token_hash: tokenHash, created_at_ms: createdAtMs })
    .execute();
}

/** When the token was made; `undefined` when there is no such token (any more). */
export async function firstRunTokenCreatedAtMs(db: Db, tokenHash: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('first_run_token')
    .select('created_at_ms')
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return row?.created_at_ms;
}

/** Removes the tokens that were made until that instant; all of them when none is named. */
export async function removeFirstRunTokens(db: Db, createdUntilMs?: number): Promise<void> {
  const removal = db.deleteFrom('first_run_token');
  await (createdUntilMs === undefined
    ? removal
    : removal.where('created_at_ms', '<=', createdUntilMs)
  ).execute();
}
