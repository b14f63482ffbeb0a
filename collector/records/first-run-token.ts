import type { Db } from './tables.ts';

/** Puts a token in the place of any earlier one: only the newest link works. */
export async function replaceFirstRunToken(db: Db, tokenHash: string, createdAtMs: number): Promise<void> {
  await db.transaction().execute(async (step) => {
    await step.deleteFrom('first_run_token').execute();
    await step
      .insertInto('first_run_token')
      .values({ token_hash: tokenHash, created_at_ms: createdAtMs })
      .execute();
  });
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

export async function removeFirstRunTokens(db: Db): Promise<void> {
  await db.deleteFrom('first_run_token').execute();
}
