import type { Account } from './accounts.ts';
import { accountOf, ACCOUNT_COLUMNS } from './accounts.ts';
import type { Db } from './tables.ts';

/** A secret link to the shifts of one person. */
export interface Feed {
  readonly tokenHash: string;
  readonly createdAtMs: number;
  readonly usedAtMs?: number;
}

/** The link of somebody that works. */
export async function feedOf(db: Db, accountId: number): Promise<Feed | undefined> {
  const row = await db
    .selectFrom('roster_feed')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('revoked_at_ms', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    tokenHash: row.token_hash,
    createdAtMs: row.created_at_ms,
    ...(row.used_at_ms === null ? {} : { usedAtMs: row.used_at_ms }),
  };
}

/** Whose shifts a link tells; nobody's once it is revoked or its account disabled. */
export async function feedAccount(db: Db, tokenHash: string): Promise<Account | undefined> {
  const row = await db
    .selectFrom('roster_feed')
    .innerJoin('account', 'account.id', 'roster_feed.account_id')
    .select(ACCOUNT_COLUMNS)
    .where('token_hash', '=', tokenHash)
    .where('revoked_at_ms', 'is', null)
    .where('is_disabled', '=', 0)
    .executeTakeFirst();
  return row === undefined ? undefined : accountOf(row);
}

export async function addFeed(
  step: Db,
  {
    tokenHash,
    accountId,
    atMs,
  }: { readonly tokenHash: string; readonly accountId: number; readonly atMs: number },
): Promise<void> {
  await step
    .insertInto('roster_feed')
    .values({ token_hash: tokenHash, account_id: accountId, created_at_ms: atMs })
    .execute();
}

export async function setFeedRevoked(step: Db, tokenHash: string, atMs: number | null): Promise<void> {
  await step
    .updateTable('roster_feed')
    .set({ revoked_at_ms: atMs })
    .where('token_hash', '=', tokenHash)
    .execute();
}

/** Whoever made a link sees when it was last asked for, to the hour: a phone asks often. */
const USED_EACH_MS = 3_600_000;

export async function noteFeedUsed(db: Db, tokenHash: string, atMs: number): Promise<void> {
  await db
    .updateTable('roster_feed')
    .set({ used_at_ms: atMs })
    .where('token_hash', '=', tokenHash)
    .where((row) => row.or([row('used_at_ms', 'is', null), row('used_at_ms', '<', atMs - USED_EACH_MS)]))
    .execute();
}
