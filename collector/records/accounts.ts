import type { Role } from '../../config/model/account.ts';
import { ROLES } from '../../config/model/account.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { isLanguage, type Language } from '../../config/model/localized.ts';
import { fromJson, toJson } from './json.ts';
import type { Db } from './tables.ts';

export interface Account {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  /** What the person may do; several where one person holds several posts. */
  readonly roles: readonly Role[];
  readonly language: Language;
}

export interface NewAccount extends Omit<Account, 'id'> {
  readonly passwordHash: string;
  readonly createdAtMs: number;
  /** Goes with the demonstration: a start that is none removes it. */
  readonly isDemonstration: boolean;
}

/** The same for names that people take for the same: case, width and surrounding space do not count. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

/** @throws {WatchkeeperError} `conflict` when the name is taken. */
export async function addAccount(db: Db, account: NewAccount): Promise<Account> {
  const { name, displayName, roles, language } = account;
  const { id } = await db
    .insertInto('account')
    .values({
      name,
      name_key: nameKeyOf(name),
      display_name: displayName,
      roles: toJson(roles),
      language,
      password_hash: account.passwordHash,
      created_at_ms: account.createdAtMs,
      is_demonstration: account.isDemonstration ? 1 : 0,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, name, displayName, roles, language };
}

/** What is known of an account beyond what others may see. */
export interface FoundAccount {
  readonly account: Account;
  readonly passwordHash: string;
  readonly isDemonstration: boolean;
}

export async function accountByName(db: Db, name: string): Promise<FoundAccount | undefined> {
  const row = await db
    .selectFrom('account')
    .selectAll()
    .where('name_key', '=', nameKeyOf(name))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    account: accountOf(row),
    passwordHash: row.password_hash,
    isDemonstration: row.is_demonstration === 1,
  };
}

/** Whether anybody can administer this place; until then only the one-time link goes on. */
export async function hasAdministrator(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('account')
    .select('id')
    .where('roles', 'like', '%"sysAdmin"%')
    .executeTakeFirst();
  return row !== undefined;
}

/** Removes the account of the demonstration, if there is one, with its sessions. */
export async function removeDemonstrationAccount(db: Db): Promise<void> {
  await db.deleteFrom('account').where('is_demonstration', '=', 1).execute();
}

/** What every table that joins `account` selects of it. */
export const ACCOUNT_COLUMNS = [
  'account.id',
  'account.name',
  'account.display_name',
  'account.roles',
  'account.language',
] as const;

/** @throws {WatchkeeperError} `records_failed` for a role or language that this version does not know. */
export function accountOf(row: {
  readonly id: number;
  readonly name: string;
  readonly display_name: string;
  readonly roles: string;
  readonly language: string;
}): Account {
  const { id, name, display_name: displayName, language } = row;
  const held = fromJson<readonly string[]>(row.roles);
  const roles = ROLES.filter((role) => held.includes(role));
  if (roles.length !== held.length || !isLanguage(language)) {
    throw new WatchkeeperError('records_failed', `The account ${name} has an unknown role or language.`);
  }
  return { id, name, displayName, roles, language };
}
