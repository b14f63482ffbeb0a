import { join } from 'node:path';
import { Kysely } from 'kysely';
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
export async function openRecords(folder: string, { postgres }: RecordsSettings = {}): Promise<Records> {
  const lock = lockFolder(folder);
  const health = createRecordsHealth();
  let db: Db | undefined;
  try {
    const dialect =
      postgres === undefined
        ? sqliteDialect(join(folder, SQLITE_FILE), health)
        : postgresDialect(postgres, health);
    db = new Kysely<Tables>({ dialect });
    await migrate(db);
    return recordsOf(db, lock, health);
  } catch (error) {
    await db?.destroy();
    lock.release();
    throw error;
  }
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
