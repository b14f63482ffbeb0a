import { accountOf, ACCOUNT_COLUMNS, type Account } from './accounts.ts';
import { fromJson, toJson } from './json.ts';
import type { Scope } from '../../config/model/access.ts';
import type { Db } from './tables.ts';

/** How many earlier passwords are remembered, so that they are not chosen again. */
export const PASSWORDS_REMEMBERED = 5;

/** The present password and those before it, newest first. */
export async function passwordsOf(db: Db, accountId: number): Promise<readonly string[]> {
  const present = await presentPassword(db, accountId);
  const before = await db
    .selectFrom('password_before')
    .select('password_hash')
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .limit(PASSWORDS_REMEMBERED - 1)
    .execute();
  return [present, ...before.map((row) => row.password_hash)].filter((hash) => hash !== '');
}

/** Empty where a slip stands in its place. */
async function presentPassword(db: Db, accountId: number): Promise<string> {
  const account = await db
    .selectFrom('account')
    .select('password_hash')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  return account.password_hash;
}

export interface NewPassword {
  readonly passwordHash: string;
  readonly atMs: number;
  readonly mustChange: boolean;
}

/** Sets a password and remembers the one before. */
export async function setPassword(db: Db, accountId: number, password: NewPassword): Promise<void> {
  const before = await presentPassword(db, accountId);
  if (before !== '') {
    const row = { account_id: accountId, password_hash: before, set_at_ms: password.atMs };
    await db.insertInto('password_before').values(row).execute();
  }
  await db
    .updateTable('account')
    .set({ password_hash: password.passwordHash, must_change_password: password.mustChange ? 1 : 0 })
    .where('id', '=', accountId)
    .execute();
}

/** The one-time code that is a password: when it ends is part of the password. */
export type CodeKind = 'first' | 'recovery' | 'emergency';

export interface OneTimeCode {
  readonly codeHash: string;
  readonly endsAtMs?: number;
}

/** Puts codes in the place of those of their kind. */
export async function replaceCodes(
  db: Db,
  accountId: number,
  kind: CodeKind,
  codes: readonly OneTimeCode[],
): Promise<void> {
  await db.deleteFrom('one_time_code').where('account_id', '=', accountId).where('kind', '=', kind).execute();
  for (const { codeHash, endsAtMs } of codes) {
    const row = { account_id: accountId, kind, code_hash: codeHash, ends_at_ms: endsAtMs ?? null };
    await db.insertInto('one_time_code').values(row).execute();
  }
}

export async function codesOf(db: Db, accountId: number, kind: CodeKind): Promise<readonly OneTimeCode[]> {
  const rows = await db
    .selectFrom('one_time_code')
    .select(['code_hash', 'ends_at_ms'])
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .execute();
  return rows.map(({ code_hash: codeHash, ends_at_ms: endsAtMs }) =>
    endsAtMs === null ? { codeHash } : { codeHash, endsAtMs },
  );
}

/** Uses a code up; answers whether it was there. */
export async function takeCode(
  db: Db,
  accountId: number,
  kind: CodeKind,
  codeHash: string,
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('one_time_code')
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('code_hash', '=', codeHash)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

export interface SecondFactor {
  /** As the records keep it: sealed. */
  readonly secret: string;
  readonly isConfirmed: boolean;
  readonly lastStep: number;
}

export async function secondFactorOf(db: Db, accountId: number): Promise<SecondFactor | undefined> {
  const row = await db
    .selectFrom('second_factor')
    .selectAll()
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { secret: row.secret, isConfirmed: row.is_confirmed === 1, lastStep: row.last_step };
}

/** Sets the second factor of an account; `undefined` removes it. */
export async function setSecondFactor(
  db: Db,
  accountId: number,
  factor: SecondFactor | undefined,
): Promise<void> {
  await db.deleteFrom('second_factor').where('account_id', '=', accountId).execute();
  if (factor === undefined) return;
  const { secret, isConfirmed, lastStep } = factor;
  const row = { account_id: accountId, secret, is_confirmed: isConfirmed ? 1 : 0, last_step: lastStep };
  await db.insertInto('second_factor').values(row).execute();
}

/** Notes that the code of a step was taken; answers `false` when it, or a later one, had been already. */
export async function takeStep(db: Db, accountId: number, step: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('second_factor')
    .set({ last_step: step })
    .where('account_id', '=', accountId)
    .where('last_step', '<', step)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export async function isKnownPlace(db: Db, accountId: number, address: string): Promise<boolean> {
  const row = await db
    .selectFrom('known_place')
    .select('address')
    .where('account_id', '=', accountId)
    .where('address', '=', address)
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes where somebody has signed in. */
export async function rememberPlace(db: Db, accountId: number, address: string, atMs: number): Promise<void> {
  await db
    .insertInto('known_place')
    .values({ account_id: accountId, address, used_at_ms: atMs })
    .onConflict((row) => row.columns(['account_id', 'address']).doUpdateSet({ used_at_ms: atMs }))
    .execute();
}

/** A token for a program, or the link of a screen on the wall. */
export interface AccessToken {
  readonly tokenHash: string;
  readonly owner: Account;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly createdAtMs: number;
  readonly endsAtMs: number;
  readonly usedAtMs?: number;
  readonly revokedAtMs?: number;
}
export type TokenScope = Scope | 'display';

export async function addAccessToken(
  db: Db,
  token: Omit<AccessToken, 'owner' | 'usedAtMs' | 'revokedAtMs'> & { readonly ownerId: number },
): Promise<void> {
  await db
    .insertInto('access_token')
    .values({
      token_hash: token.tokenHash,
      account_id: token.ownerId,
      name: token.name,
      scopes: toJson(token.scopes),
      created_at_ms: token.createdAtMs,
      ends_at_ms: token.endsAtMs,
      used_at_ms: null,
      revoked_at_ms: null,
    })
    .execute();
}

/** All tokens, newest first; or the one of a hash. */
export async function accessTokens(db: Db, tokenHash?: string): Promise<readonly AccessToken[]> {
  const all = db
    .selectFrom('access_token')
    .innerJoin('account', 'account.id', 'access_token.account_id')
    .select([
      ...ACCOUNT_COLUMNS,
      'access_token.token_hash',
      'access_token.name as token_name',
      'access_token.scopes',
      'access_token.created_at_ms as made_at_ms',
      'access_token.ends_at_ms',
      'access_token.used_at_ms',
      'access_token.revoked_at_ms',
    ])
    .orderBy('access_token.created_at_ms', 'desc');
  const rows = await (tokenHash === undefined
    ? all
    : all.where('access_token.token_hash', '=', tokenHash)
  ).execute();
  return rows.map((row) => ({
    tokenHash: row.token_hash,
    owner: accountOf(row),
    name: row.token_name,
    scopes: fromJson<readonly TokenScope[]>(row.scopes),
    createdAtMs: row.made_at_ms,
    endsAtMs: row.ends_at_ms,
    ...(row.used_at_ms === null ? {} : { usedAtMs: row.used_at_ms }),
    ...(row.revoked_at_ms === null ? {} : { revokedAtMs: row.revoked_at_ms }),
  }));
}

/** Whether a screen still has a link that is good: without one its sessions end, too. */
export async function hasDisplayLink(db: Db, accountId: number, nowMs: number): Promise<boolean> {
  const row = await db
    .selectFrom('access_token')
    .select('token_hash')
    .where('account_id', '=', accountId)
    .where('revoked_at_ms', 'is', null)
    .where('ends_at_ms', '>', nowMs)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function noteTokenUse(db: Db, tokenHash: string, usedAtMs: number): Promise<void> {
  await db
    .updateTable('access_token')
    .set({ used_at_ms: usedAtMs })
    .where('token_hash', '=', tokenHash)
    .execute();
}

/** Ends a token, or takes its end back. */
export async function setTokenRevoked(
  db: Db,
  tokenHash: string,
  revokedAtMs: number | undefined,
): Promise<void> {
  await db
    .updateTable('access_token')
    .set({ revoked_at_ms: revokedAtMs ?? null })
    .where('token_hash', '=', tokenHash)
    .execute();
}

/** Ends all tokens of an account. */
export async function revokeTokensOf(db: Db, accountId: number, atMs: number): Promise<void> {
  await db
    .updateTable('access_token')
    .set({ revoked_at_ms: atMs })
    .where('account_id', '=', accountId)
    .where('revoked_at_ms', 'is', null)
    .execute();
}
