import { sql } from 'kysely';
import { auditLines } from '../../collector/records/audit-lines.ts';
import { isPostgres } from '../../collector/records/store.ts';
import type { Db } from '../../collector/records/tables.ts';

/** What the audit says, in its order. */
export async function auditOf(
  db: Db,
): Promise<readonly { action: string; who?: string; target?: string; change?: string }[]> {
  const told = [];
  for await (const { action, personal } of auditLines(db)) {
    const { who, target, change } = personal ?? {};
    told.push({
      action,
      ...(who === undefined ? {} : { who }),
      ...(target === undefined ? {} : { target }),
      ...(change === undefined ? {} : { change }),
    });
  }
  return told;
}

/** Takes the rules of a table away, as somebody can who has the whole database in hand. */
export async function withoutRules(db: Db, table: string): Promise<void> {
  if (isPostgres(db)) {
    await sql`alter table ${sql.table(table)} disable trigger user`.execute(db);
    return;
  }
  for (const forbids of ['update', 'delete']) {
    await sql`drop trigger if exists ${sql.id(`${table}_no_${forbids}`)}`.execute(db);
  }
}
