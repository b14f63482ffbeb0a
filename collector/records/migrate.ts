import { sql, type Transaction } from 'kysely';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { isPostgres } from './store.ts';
import type { Db, Tables } from './tables.ts';

/** One step of the schema. Steps only go forward, each in a transaction of its own with the note that it was taken. */
export interface Migration {
  readonly name: string;
  up(step: Transaction<Tables>): Promise<void>;
}

/**
 * Brings the schema to what this version knows. Where several collectors start on one PostgreSQL, one does it and the
 * others wait for it.
 * @throws {WatchkeeperError} `records_failed` when a newer version has written the records.
 */
export async function migrate(db: Db, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  await db.connection().execute(async (connection) => {
    if (!isPostgres(db)) return takeSteps(connection, migrations);
    // Of this connection only: an index over years of records takes its time. The lock goes with the connection.
    await sql`set statement_timeout = 0`.execute(connection);
    await sql`select pg_advisory_lock(${LOCK}, hashtext(current_setting('search_path')))`.execute(connection);
    try {
      await makeSchema(connection);
      await takeSteps(connection, migrations);
    } finally {
      await sql`select pg_advisory_unlock(${LOCK}, hashtext(current_setting('search_path')))`.execute(
        connection,
      );
      await sql`reset statement_timeout`.execute(connection);
    }
  });
}

/** "Watc" in ASCII: the advisory lock of a migration. */
const LOCK = 0x57617463;

/** The schema that the settings name, where it is not there yet. */
async function makeSchema(connection: Db): Promise<void> {
  const { rows } = await sql<{ present: string | null; wanted: string }>`
    select current_schema() as present, current_setting('search_path') as wanted`.execute(connection);
  const [{ present, wanted } = { present: null, wanted: '' }] = rows;
  if (present === null) await sql`create schema if not exists ${sql.id(wanted)}`.execute(connection);
}

async function takeSteps(db: Db, migrations: readonly Migration[]): Promise<void> {
  await sql`create table if not exists schema_step (number integer primary key, name text not null)`.execute(
    db,
  );
  const taken = await sql<{ number: number; name: string }>`
    select number, name from schema_step order by number`.execute(db);
  const unknown = taken.rows.find(({ number, name }) => migrations[number - 1]?.name !== name);
  if (unknown !== undefined) {
    throw new WatchkeeperError(
      'records_failed',
      `The records were written by a newer Watchkeeper (their step ${unknown.number}, ${unknown.name}, is not known here). Nothing was changed; run that version.`,
    );
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < taken.rows.length) continue;
    await db.transaction().execute(async (step) => {
      await migration.up(step);
      await sql`insert into schema_step (number, name) values (${index + 1}, ${migration.name})`.execute(
        step,
      );
    });
  }
}
