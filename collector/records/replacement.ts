import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { PostgresSettings, RecordsSettings } from '../../config/records.ts';
import { lockFolder } from './folder-lock.ts';
import { openStore, SQLITE_FILE, type Reading } from './open.ts';
import { applicationName } from './postgres-pool.ts';
import type { Db } from './tables.ts';

/** Empty records beside those that are there, to take their place when they are filled. */
export interface Replacement {
  readonly db: Db;
  /** At once, or not at all. Says where the records that were there are kept, if there were any. */
  takePlace(): Promise<string | undefined>;
  /** Leaves everything as it was. */
  abandon(): Promise<void>;
}

/**
 * @throws {WatchkeeperError} `already_running` while a collector works on the records; `conflict` when there are some
 *   and nothing was forced.
 */
export async function prepareReplacement(
  folder: string,
  { postgres }: RecordsSettings,
  how: { readonly isForced: boolean; readonly atMs: number },
): Promise<Replacement> {
  const lock = lockFolder(folder);
  try {
    const inner =
      postgres === undefined ? besideFile(folder, how) : await besideSchema(folder, postgres, how);
    return {
      db: inner.db,
      takePlace: () => inner.takePlace().finally(() => lock.release()),
      abandon: () => inner.abandon().finally(() => lock.release()),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function refuseUnforced(isForced: boolean, where: string): void {
  if (isForced) return;
  throw new WatchkeeperError(
    'conflict',
    `There are records in ${where} already; --force replaces them and keeps them beside.`,
  );
}

/** What SQLite may have beside a file. */
const BESIDE = ['', '-wal', '-shm'];

function besideFile(folder: string, { isForced, atMs }: { isForced: boolean; atMs: number }): Replacement {
  const file = join(folder, SQLITE_FILE);
  const fresh = join(folder, 'records.restoring.sqlite');
  const isThere = existsSync(file);
  if (isThere) refuseUnforced(isForced, folder);
  const removeFresh = (): void => {
    for (const end of BESIDE) rmSync(`${fresh}${end}`, { force: true });
  };
  removeFresh();
  const { db, close } = openStore({ file: fresh });
  return {
    db,
    async takePlace() {
      // The last to close takes the log into the file.
      await close();
      const kept = join(folder, `records.replaced-${atMs}.sqlite`);
      if (isThere) {
        await intoFile(file);
        linkSync(file, kept);
      }
      // At no instant is there no file of that name: the next start would begin with nothing.
      renameSync(fresh, file);
      syncFolder(folder);
      return isThere ? kept : undefined;
    },
    async abandon() {
      await close();
      removeFresh();
    },
  };
}

/** Opens and closes it once: its log is part of the file then, and stands beside no other. */
async function intoFile(file: string): Promise<void> {
  const { db, close } = openStore({ file });
  try {
    await sql`pragma wal_checkpoint(truncate)`.execute(db);
  } finally {
    await close();
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

async function besideSchema(
  _folder: string,
  postgres: PostgresSettings,
  { isForced, atMs }: { isForced: boolean; atMs: number },
): Promise<Replacement> {
  const { schema } = postgres;
  const fresh = `${schema}_restoring`;
  const { db, close }: Reading = openStore({ postgres: { ...postgres, schema: fresh } });
  try {
    await refuseOthers(db, schema);
    const isThere = await hasTables(db, schema);
    if (isThere) refuseUnforced(isForced, `the schema ${schema} of PostgreSQL`);
    await sql`drop schema if exists ${sql.id(fresh)} cascade`.execute(db);
    return {
      db,
      async takePlace() {
        const kept = `${schema}_replaced_${atMs}`;
        await db.transaction().execute(async (step) => {
          if (isThere) await sql`alter schema ${sql.id(schema)} rename to ${sql.id(kept)}`.execute(step);
          else await sql`drop schema if exists ${sql.id(schema)}`.execute(step);
          await sql`alter schema ${sql.id(fresh)} rename to ${sql.id(schema)}`.execute(step);
        });
        await close();
        return isThere ? kept : undefined;
      },
      async abandon() {
        await sql`drop schema if exists ${sql.id(fresh)} cascade`.execute(db).finally(close);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function hasTables(db: Db, schema: string): Promise<boolean> {
  const { rows } = await sql`select from pg_tables where schemaname = ${schema} limit 1`.execute(db);
  return rows.length > 0;
}

async function refuseOthers(db: Db, schema: string): Promise<void> {
  const { rows } = await sql`select from pg_stat_activity
    where datname = current_database() and application_name = ${applicationName(schema)}`.execute(db);
  if (rows.length === 0) return;
  throw new WatchkeeperError('already_running', 'A collector works on these records; stop it first.');
}
