import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { RecordsSettings } from '../../config/records.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';
import { createRecordsHealth, type RecordsHealth } from './health.ts';
import { migrate } from './migrate.ts';
import { postgresDialect } from './postgres.ts';
import { sqliteDialect } from './sqlite.ts';
import type { Db, Tables } from './tables.ts';

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
export async function openRecords(folder: string, settings: RecordsSettings = {}): Promise<Records> {
  const lock = lockFolder(folder);
  const health = createRecordsHealth();
  let db: Db | undefined;
  try {
    db = storeIn(folder, settings, { health, isReadOnly: false });
    await migrate(db);
    return recordsOf(db, lock, health);
  } catch (error) {
    await db?.destroy();
    lock.release();
    throw error;
  }
}

/**
 * Opens the records beside the collector that may be working on them, to be read only.
 * @throws {WatchkeeperError} `not_found` when there are none, or `records_failed`.
 */
export async function openForReading(folder: string, settings: RecordsSettings): Promise<Reading> {
  if (settings.postgres === undefined && !existsSync(join(folder, SQLITE_FILE))) {
    throw new WatchkeeperError(
      'not_found',
      `There are no records in ${folder}; \`--data\` names the data folder.`,
    );
  }
  const db = storeIn(folder, settings, { health: createRecordsHealth(), isReadOnly: true });
  return { db, close: () => db.destroy() };
}

/** Records that are open to be read. */
export type Reading = Pick<Records, 'db' | 'close'>;

function storeIn(
  folder: string,
  { postgres }: RecordsSettings,
  { health, isReadOnly }: { readonly health: RecordsHealth; readonly isReadOnly: boolean },
): Db {
  const file = join(folder, SQLITE_FILE);
  const dialect =
    postgres === undefined ? sqliteDialect({ file, isReadOnly }, health) : postgresDialect(postgres, health);
  return new Kysely<Tables>({ dialect });
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
