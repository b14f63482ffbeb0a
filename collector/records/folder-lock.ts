import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';

const SQLITE_BUSY = 5;

export interface FolderLock {
  release(): void;
}

/**
 * Takes the data folder for this process, making it where it is missing. The lock is SQLite's own on an empty file: the
 * system gives it back when the process ends, however it ends, so there is nothing stale to clean up.
 * @throws {WatchkeeperError} `already_running`, or `data_folder_unusable`.
 */
export function lockFolder(folder: string): FolderLock {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'collector.lock');
    closeSync(openSync(file, 'a', 0o600));
    const lock = new DatabaseSync(file, { timeout: 0 });
    try {
      lock.exec('begin exclusive');
    } catch (error) {
      lock.close();
      throw error;
    }
    return { release: () => lock.close() };
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) {
      throw new WatchkeeperError('already_running', `Another Watchkeeper uses the data folder ${folder}.`, {
        cause: error,
      });
    }
    throw new WatchkeeperError(
      'data_folder_unusable',
      `The data folder ${folder} cannot be written: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
