import type { Role } from '../../config/model/account.ts';
import { ROLES } from '../../config/model/account.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { isLanguage, type Language } from '../../config/model/localized.ts';
import type { PersonDetails } from '../../config/model/person.ts';
import { fromJson, toJson } from './json.ts';
import type { Db } from './tables.ts';

export interface Account {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  /** What the person may do; several where one person holds several posts. */
  readonly roles: readonly Role[];
  readonly language: Language;
  /** A screen on the wall. */
  readonly isDisplay: boolean;
}

export interface NewAccount extends Omit<Account, 'id' | 'isDisplay'>, Partial<PersonDetails> {
  readonly displayName: string;
  readonly language: Language;
  /** Empty where there is none that could be right. */
  readonly passwordHash: string;
  readonly createdAtMs: number;
  /** Goes with the demonstration: a start that is none removes it. */
  readonly isDemonstration: boolean;
  readonly isDisplay?: boolean;
  readonly mustChangePassword?: boolean;
}

/** The same for names that people take for the same: case, width and surrounding space do not count. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

/** What a search looks into. */
export function searchTextOf(person: { readonly name: string } & Partial<PersonDetails>): string {
  const { name, displayName = '', department = '', phone = '', mail = '' } = person;
  return [name, displayName, department, phone, mail].map(nameKeyOf).join('\n');
}

/** @throws {WatchkeeperError} `conflict` when the name is taken. */
export async function addAccount(db: Db, account: NewAccount): Promise<Account> {
  const { name, displayName, roles, language, isDisplay = false } = account;
  const { phone = '', mail = '', department = '', vettedOn, qualifications = [] } = account;
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
      is_display: isDisplay ? 1 : 0,
      is_disabled: 0,
      must_change_password: account.mustChangePassword === true ? 1 : 0,
      phone,
      mail,
      department,
      vetted_on: vettedOn ?? null,
      qualifications: toJson(qualifications),
      search_text: searchTextOf(account),
      version: 1,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, name, displayName, roles, language, isDisplay };
}

/** What is known of an account beyond what others may see. */
export interface FoundAccount {
  readonly account: Account;
  readonly passwordHash: string;
  readonly isDemonstration: boolean;
  readonly isDisabled: boolean;
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
    isDisabled: row.is_disabled === 1,
  };
}

/** Whether anybody can administer this place; until then only the one-time link goes on. */
export async function hasAdministrator(db: Db): Promise<boolean> {
  return (await holdersOf(db, 'sysAdmin')).length > 0;
}

/** The people who hold a role and are not disabled. */
export async function holdersOf(db: Db, role: Role): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('account')
    .select('id')
    .where('roles', 'like', `%"${role}"%`)
    .where('is_disabled', '=', 0)
    .execute();
  return rows.map(({ id }) => id);
}

/** The people who hold one of these roles and are not disabled, by name. */
export async function accountsOfRoles(db: Db, roles: readonly Role[]): Promise<readonly Account[]> {
  const rows = await db
    .selectFrom('account')
    .selectAll()
    .where((row) => row.or(roles.map((role) => row('roles', 'like', `%"${role}"%`))))
    .where('is_disabled', '=', 0)
    .orderBy('name_key')
    .execute();
  return rows.map(accountOf);
}

/** Removes an account of the demonstration, if there is one of that name, with its sessions. */
export async function removeDemonstrationAccount(db: Db, name: string): Promise<void> {
  await db
    .deleteFrom('account')
    .where('is_demonstration', '=', 1)
    .where('name_key', '=', nameKeyOf(name))
    .execute();
}

/** What every table that joins `account` selects of it. */
export const ACCOUNT_COLUMNS = [
  'account.id',
  'account.name',
  'account.display_name',
  'account.roles',
  'account.language',
  'account.is_display',
] as const;

/** @throws {WatchkeeperError} `records_failed` for a role or language that this version does not know. */
export function accountOf(row: {
  readonly id: number;
  readonly name: string;
  readonly display_name: string;
  readonly roles: string;
  readonly language: string;
  readonly is_display: number;
}): Account {
  const { id, name, display_name: displayName, language } = row;
  const held = fromJson<readonly string[]>(row.roles);
  const roles = ROLES.filter((role) => held.includes(role));
  if (roles.length !== held.length || !isLanguage(language)) {
    throw new WatchkeeperError('records_failed', `The account ${name} has an unknown role or language.`);
  }
  return { id, name, displayName, roles, language, isDisplay: row.is_display === 1 };
}
