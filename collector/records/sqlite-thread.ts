import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, SqliteFile, Statement } from './sqlite.ts';

/** The thread that SQLite runs on: waiting for the disk must not hold up what the main thread does. */

/** How long a statement waits for another process that reads the file, such as a backup. */
const BUSY_TIMEOUT_MS = 5_000;

/** Its own 2 MB hold little that the system has not in memory too. */
const CACHE_KIB = 512;

function open({ file, isReadOnly }: SqliteFile): DatabaseSync {
  if (isReadOnly) return new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, readOnly: true });
  // The journal and the index take the permissions of the file, so it has to have them before SQLite comes.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  database.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off; pragma cache_size = -${CACHE_KIB}`,
  );
  return database;
}

/** Statements are asked for again and again with other values; each is read once. */
const statements = new Map<string, StatementSync>();
const MOST_STATEMENTS = 200;
/** One of many rows is seldom asked for with as many again, and would hold the values that it was given last. */
const MOST_PARAMETERS = 64;
const CHANGES_SCHEMA = /^\s*(?:create|drop|alter|pragma)\b/i;

function prepared(database: DatabaseSync, { sql, parameters }: Statement): StatementSync {
  const changesSchema = CHANGES_SCHEMA.test(sql);
  // What it gives may have other columns then.
  if (changesSchema) statements.clear();
  const known = statements.get(sql);
  if (known !== undefined) return known;
  if (statements.size >= MOST_STATEMENTS) statements.clear();
  const statement = database.prepare(sql);
  if (!changesSchema && parameters.length <= MOST_PARAMETERS) statements.set(sql, statement);
  return statement;
}

function execute(database: DatabaseSync, asked: Statement): Answer {
  const { sql, parameters } = asked;
  // A full disk has rolled back already; a second time would hide why.
  if (sql === 'rollback' && !database.isTransaction) return { kind: 'done', rows: [], changes: 0 };
  const statement = prepared(database, asked);
  const values = parameters as SQLInputValue[];
  if (statement.columns().length > 0) return { kind: 'done', rows: statement.all(...values), changes: 0 };
  return { kind: 'done', rows: [], changes: Number(statement.run(...values).changes) };
}

function answerOf(act: () => Answer): Answer {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
    return { kind: 'failed', message: error.message, code };
  }
}

let database: DatabaseSync | undefined;
parentPort?.on('message', (request: Statement | 'close') => {
  if (request === 'close') {
    database?.close();
    parentPort?.close();
    return;
  }
  const answer = answerOf(() => {
    if (database === undefined) throw new Error('the records are not open');
    return execute(database, request);
  });
  parentPort?.postMessage(answer);
});
parentPort?.postMessage(
  answerOf(() => {
    database = open(workerData as SqliteFile);
    return { kind: 'done', rows: [], changes: 0 };
  }),
);
