import { nameKeyOf } from './accounts.ts';
import { inBatches } from './page.ts';
import type { Db } from './tables.ts';

/** What those who could be planned are called, by the name of their account. */
export async function callNames(db: Db): Promise<Readonly<Record<string, string>>> {
  const rows = await db
    .selectFrom('account')
    .select(['name', 'display_name'])
    .where('is_disabled', '=', 0)
    .where('is_display', '=', 0)
    .execute();
  return Object.fromEntries(rows.map((row) => [row.name, row.display_name]));
}

/** What some people are called; who has no account keeps the name. */
export async function personsCalled(
  db: Db,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const called: Record<string, string> = {};
  for (const batch of inBatches([...new Set(names.map(nameKeyOf))])) {
    const rows = await db
      .selectFrom('account')
      .select(['name', 'display_name'])
      .where('name_key', 'in', batch)
      .execute();
    for (const row of rows) called[row.name] = row.display_name;
  }
  return called;
}
