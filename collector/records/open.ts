import { join } from 'node:path';
import { Kysely } from 'kysely';
import { lockFolder, type FolderLock } from './folder-lock.ts';
import { migrate } from './migrate.ts';
import { sqliteDialect, type RecordsHealth } from './sqlite.ts';
import type { Db, Tables } from './tables.ts';

/** What the product must never lose. A write that was answered is durable. */
export interface Records {
  readonly db: Db;
  /** Why nothing can be kept, in words, until something is again; empty when all is well. */
  faults(): readonly string[];
  close(): Promise<void>;
}

/**
 * Takes the data folder and opens the records in it, brought to this version's schema.
 * @throws {WatchkeeperError} `already_running`, `data_folder_unusable` or `records_failed`, each saying what to do.
 */
export async function openRecords(folder: string): Promise<Records> {
  const lock = lockFolder(folder);
  const health: RecordsHealth = { fault: undefined };
  let db: Db | undefined;
  try {
    db = new Kysely<Tables>({ dialect: sqliteDialect(join(folder, 'records.sqlite'), health) });
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
    faults: () => (health.fault === undefined ? [] : [health.fault]),
    async close() {
      await db.destroy();
      lock.release();
    },
  };
}
