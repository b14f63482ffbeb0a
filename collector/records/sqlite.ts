import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { SqliteDialect, type Dialect, type SqliteDatabase } from 'kysely';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';

/** How long a statement waits for another process that reads the file, such as a backup. */
const BUSY_TIMEOUT_MS = 5_000;

/** https://sqlite.org/rescode.html: the primary code is the lowest byte. */
const FAILURES: Readonly<Record<number, string>> = {
  5: 'another program keeps the records locked',
  8: 'the records cannot be written',
  10: 'the disk that holds the records failed',
  11: 'the records are damaged',
  13: 'the disk that holds the records is full',
  14: 'the records cannot be opened',
  26: 'the file is not a database',
};
const SQLITE_CONSTRAINT = 19;

/**
 * The records in one SQLite file that only this account can read. A commit that was answered is on the disk (WAL, synchronous=FULL).
 * @throws {WatchkeeperError} `records_failed` when it cannot be opened or is none.
 */
export function sqliteDialect(file: string): Dialect {
  return new SqliteDialect({ database: openSqlite(file) });
}

function openSqlite(file: string): SqliteDatabase {
  return guarded(() => {
    // The journal and the index take the permissions of the file, so it has to have them before SQLite comes.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    try {
      database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off');
    } catch (error) {
      database.close();
      throw error;
    }
    return {
      close: () => database.close(),
      prepare(sql) {
        const statement = guarded(() => database.prepare(sql));
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => guarded(() => statement.all(...(parameters as SQLInputValue[]))),
          run(parameters) {
            // A full disk has rolled back already; a second time would hide why.
            if (sql === 'rollback' && !database.isTransaction) return { changes: 0, lastInsertRowid: 0 };
            return guarded(() => statement.run(...(parameters as SQLInputValue[])));
          },
          iterate: (parameters) => guarded(() => statement.iterate(...(parameters as SQLInputValue[]))),
        };
      },
    };
  });
}

function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof WatchkeeperError) throw error;
    throw failureOf(error);
  }
}

/** A driver's error in the product's words: `conflict` where a constraint forbids the write, else `records_failed`. */
function failureOf(error: unknown): WatchkeeperError {
  const code = sqliteCodeOf(error);
  if (code === SQLITE_CONSTRAINT) {
    return new WatchkeeperError('conflict', 'The records already hold something that excludes this.', {
      cause: error,
    });
  }
  const reason = code === undefined ? undefined : FAILURES[code];
  return new WatchkeeperError('records_failed', `The records failed: ${reason ?? messageOf(error)}.`, {
    cause: error,
  });
}

function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}
