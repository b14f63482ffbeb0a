import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { PostgresSettings, RecordsSettings } from '../../config/records.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';
import { createRecordsHealth, type RecordsHealth } from './health.ts';
import { migrate } from './migrate.ts';
import { postgresDialect } from './postgres.ts';
import { sqliteDialect } from './sqlite.ts';
import type { Db, Tables } from './tables.ts';
import { giveVault, openVault, sealFactors } from './vault.ts';

/** What the product must never lose. A write that was answered is durable. */
export interface Records {
  readonly db: Db;
  /** Why nothing can be kept, in words, until something is again; empty when all is well. */
  faults(): readonly string[];
  close(): Promise<void>;
}

/** The file of the records in the data folder, where they are not in PostgreSQL. */
export const SQLITE_FILE = 'records.sqlite';

/**
 * Takes the data folder and opens the records, in it or in PostgreSQL, brought to this version's schema.
 * @throws {WatchkeeperError} `already_running`, `data_folder_unusable` or `records_failed`, each saying what to do.
 */
export async function openRecords(folder: string, { postgres, key }: RecordsSettings = {}): Promise<Records> {
  const lock = lockFolder(folder);
  const place = postgres === undefined ? { file: join(folder, SQLITE_FILE) } : { postgres };
  const health = createRecordsHealth();
  let db: Db | undefined;
  try {
    ({ db } = openStore(place, health));
    giveVault(db, openVault(folder, key));
    await migrate(db);
    await sealFactors(db);
    return recordsOf(db, lock, health);
  } catch (error) {
    await db?.destroy();
    lock.release();
    throw error;
  }
}

/** Records that are open, and nothing else. */
export type Reading = Pick<Records, 'db' | 'close'>;

/**
 * Opens the records beside the collector that may be working on them, to be read only.
 * @throws {WatchkeeperError} `not_found` when there are none, or `records_failed`.
 */
export function openForReading(folder: string, { postgres, key }: RecordsSettings): Reading {
  const file = join(folder, SQLITE_FILE);
  if (postgres === undefined && !existsSync(file)) {
    throw new WatchkeeperError(
      'not_found',
      `There are no records in ${folder}; \`--data\` names the data folder.`,
    );
  }
  const reading = openStore(postgres === undefined ? { file, isReadOnly: true } : { postgres });
  giveVault(reading.db, openVault(folder, key));
  return reading;
}

/** A store of records. */
export type StorePlace =
  | { readonly file: string; readonly isReadOnly?: true }
  | { readonly postgres: PostgresSettings };

/** Opens a store as it is: without the data folder, and whatever its schema. */
export function openStore(place: StorePlace, health = createRecordsHealth()): Reading {
  const dialect =
    'postgres' in place
      ? postgresDialect(place.postgres, health)
      : sqliteDialect({ file: place.file, isReadOnly: place.isReadOnly ?? false }, health);
  const db = new Kysely<Tables>({ dialect });
  return { db, close: () => db.destroy() };
}

function recordsOf(db: Db, lock: FolderLock, health: RecordsHealth): Records {
  return {
    db,
    faults: () => [health.fault, health.standing].filter((fault) => fault !== undefined),
    async close() {
      await db.destroy();
      lock.release();
    },
  };
}
