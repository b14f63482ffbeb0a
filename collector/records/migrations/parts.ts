import { sql, type CreateTableBuilder, type Transaction } from 'kysely';
import { RULE_BROKEN } from '../postgres-failures.ts';
import { isPostgres } from '../store.ts';
import type { Tables } from '../tables.ts';

/** What steps of the schema have in common. */
export type Step = Transaction<Tables>;

/** A key that the store numbers itself and never gives twice. */
export function numbered<T extends string>(table: CreateTableBuilder<T>): CreateTableBuilder<T, 'id'> {
  return table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement());
}

/** A rule of a table that no program can break, whatever it asks. */
interface Rule {
  readonly table: string;
  readonly forbids: 'update' | 'delete';
  /** SQL on `old` and `new`; always when absent. */
  readonly when?: string;
  /** What who tries it is told. */
  readonly says: string;
}

/** Refuses what the rule forbids with `conflict` and its words. The arguments are constants of a step. */
export async function forbid(step: Step, { table, forbids, when = 'true', says }: Rule): Promise<void> {
  const name = `${table}_no_${forbids}`;
  const words = says.replaceAll("'", "''");
  if (!isPostgres(step)) {
    await sql
      .raw(`create trigger ${name} before ${forbids} on ${table} when ${when}
        begin select raise(abort, '${words}'); end`)
      .execute(step);
    return;
  }
  await sql
    .raw(`create function ${name}() returns trigger language plpgsql as $rule$
      begin
        if ${when} then
          raise exception using errcode = '${RULE_BROKEN}', message = '${words}';
        end if;
        return ${forbids === 'update' ? 'new' : 'old'};
      end $rule$`)
    .execute(step);
  await sql
    .raw(`create trigger ${name} before ${forbids} on ${table} for each row execute function ${name}()`)
    .execute(step);
}

/** What has been signed stays as it was: the table has a column `sealed_at_ms`, and a row with an instant in it is neither changed nor removed. */
export async function keepSealed(step: Step, table: string): Promise<void> {
  for (const forbids of ['update', 'delete'] as const) {
    const says = 'This has been signed; it stays as it is.';
    await forbid(step, { table, forbids, when: 'old.sealed_at_ms is not null', says });
  }
}
