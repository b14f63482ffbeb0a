import { sql, type Insertable, type RawBuilder } from 'kysely';
import { isPostgres } from './store.ts';
import type { Db, Tables } from './tables.ts';

/** Rows for several tables; all of a table name the same columns. */
export type NewRows = { readonly [T in keyof Tables]?: readonly Insertable<Tables[T]>[] };

/**
 * Puts rows into several tables by statements whose words do not depend on how many there are, so that each is prepared
 * once; in PostgreSQL by one statement. Texts must be such as the records can hold.
 */
export async function insertRows(step: Db, rows: NewRows): Promise<void> {
  const parts = Object.entries(rows).filter(([, some]) => some.length > 0);
  const [last, ...others] = parts.map(([table, some]) => insertion(step, table, some)).toReversed();
  if (last === undefined) return;
  if (!isPostgres(step)) {
    for (const each of [...others.toReversed(), last]) await each.execute(step);
    return;
  }
  const before = others.map((each, index) => sql`${sql.ref(`part_${index}`)} as (${each})`);
  await (before.length === 0 ? last : sql`with ${sql.join(before)} ${last}`).execute(step);
}

function insertion(step: Db, table: string, rows: readonly object[]): RawBuilder<unknown> {
  const columns = Object.keys(rows[0] ?? {});
  const names = sql.join(columns.map((name) => sql.ref(name)));
  const json = JSON.stringify(rows);
  if (isPostgres(step)) {
    return sql`insert into ${sql.table(table)} (${names})
      select ${names} from json_populate_recordset(null::${sql.table(table)}, ${json}::json)`;
  }
  const values = sql.join(columns.map((name) => sql`value ->> ${sql.lit(name)}`));
  return sql`insert into ${sql.table(table)} (${names}) select ${values} from json_each(${json})`;
}
