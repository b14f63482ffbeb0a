import { sql, type Selectable } from 'kysely';
import type { Role } from '../../config/model/account.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { PersonDetails, PersonView, Qualification } from '../../config/model/person.ts';
import { accountOf, nameKeyOf, searchTextOf } from './accounts.ts';
import { fromJson, toJson } from './json.ts';
import type { Db, Tables } from './tables.ts';

/** Which part of the list of people. */
export interface PeopleQuery {
  /** Words that each must stand in name, department, phone or mail. */
  readonly search?: string;
  readonly role?: Role;
  readonly offset: number;
  readonly limit: number;
}

export interface PeoplePart {
  readonly people: readonly PersonView[];
  /** How many the query finds in all. */
  readonly total: number;
}

const MAX_WORDS = 8;

/** People by the order of their account names. */
export async function findPeople(db: Db, query: PeopleQuery): Promise<PeoplePart> {
  let found = db.selectFrom('account');
  const words = nameKeyOf(query.search ?? '').split(/\s+/u);
  for (const word of words.filter((text) => text !== '').slice(0, MAX_WORDS)) {
    const pattern = `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    found = found.where(sql<boolean>`search_text like ${pattern} escape '\\'`);
  }
  if (query.role !== undefined) found = found.where('roles', 'like', `%"${query.role}"%`);
  const { total } = await found
    .select(({ fn }) => fn.countAll<number | string>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await withSecondFactor(found)
    .orderBy('account.name_key')
    .limit(query.limit)
    .offset(query.offset)
    .execute();
  return { people: rows.map(personOf), total: Number(total) };
}

export async function personById(db: Db, id: number): Promise<PersonView | undefined> {
  const row = await withSecondFactor(db.selectFrom('account'))
    .where('account.id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : personOf(row);
}

/** The people of these names, whichever way they are written. */
export async function peopleByName(db: Db, names: readonly string[]): Promise<readonly PersonView[]> {
  const people: PersonView[] = [];
  for (let start = 0; start < names.length; start += 200) {
    const keys = names.slice(start, start + 200).map(nameKeyOf);
    const rows = await withSecondFactor(db.selectFrom('account'))
      .where('account.name_key', 'in', keys)
      .execute();
    people.push(...rows.map(personOf));
  }
  return people;
}

function withSecondFactor(query: ReturnType<typeof selection>) {
  return query
    .leftJoin('second_factor', (join) =>
      join.onRef('second_factor.account_id', '=', 'account.id').on('second_factor.is_confirmed', '=', 1),
    )
    .selectAll('account')
    .select('second_factor.is_confirmed');
}

const selection = (db: Db) => db.selectFrom('account');

type Row = Selectable<Tables['account']> & { readonly is_confirmed: number | null };

function personOf(row: Row): PersonView {
  return {
    ...accountOf(row),
    phone: row.phone,
    mail: row.mail,
    department: row.department,
    ...(row.vetted_on === null ? {} : { vettedOn: row.vetted_on }),
    qualifications: fromJson<readonly Qualification[]>(row.qualifications),
    isDisabled: row.is_disabled === 1,
    hasSecondFactor: row.is_confirmed === 1,
    version: row.version,
  };
}

export interface PersonChange {
  readonly details?: PersonDetails;
  readonly roles?: readonly Role[];
  readonly isDisabled?: boolean;
}

/**
 * Changes what is written down about a person.
 * @throws {WatchkeeperError} `conflict` when the person is not as the change took them to be.
 */
export async function changePerson(
  db: Db,
  { id, name, version }: Pick<PersonView, 'id' | 'name' | 'version'>,
  { details, roles, isDisabled }: PersonChange,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('account')
    .set({
      version: version + 1,
      ...(details === undefined ? {} : columnsOf(name, details)),
      ...(roles === undefined ? {} : { roles: toJson(roles) }),
      ...(isDisabled === undefined ? {} : { is_disabled: isDisabled ? 1 : 0 }),
    })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) {
    throw new WatchkeeperError('conflict', `Somebody else has changed ${name} in between.`);
  }
}

function columnsOf(name: string, details: PersonDetails) {
  return {
    display_name: details.displayName,
    phone: details.phone,
    mail: details.mail,
    language: details.language,
    department: details.department,
    vetted_on: details.vettedOn ?? null,
    qualifications: toJson(details.qualifications),
    search_text: searchTextOf({ name, ...details }),
  };
}
