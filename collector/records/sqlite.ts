import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import { messageOf, type WatchkeeperError } from '../../config/model/errors.ts';
import { entryFile } from '../../config/runtime/place.ts';
import { excluded, recordsFailed, refuseUnkeepable } from './failures.ts';
import { watchWrites, type RecordsHealth } from './health.ts';
import { createLane } from './lane.ts';

/** What the thread of SQLite opens. */
export interface SqliteFile {
  readonly file: string;
  readonly isReadOnly: boolean;
}

/** What the thread of SQLite is asked. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What it answers. */
export type Answer =
  | { readonly kind: 'done'; readonly rows: readonly unknown[]; readonly changes: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code: number | undefined };

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
/** `raise(abort, …)` of a trigger. */
const SQLITE_CONSTRAINT_TRIGGER = 1811;

/**
 * The records in one SQLite file that only this account can read, on a thread of its own. A commit that was answered is
 * on the disk (WAL, synchronous=FULL).
 */
export function sqliteDialect(file: SqliteFile, health: RecordsHealth): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => sqliteDriver(file, health),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** SQLite writes one transaction at a time, so there is one connection, and the next user waits for it. */
function sqliteDriver(file: SqliteFile, health: RecordsHealth): Driver {
  let thread: Thread | undefined;
  const lane = createLane();
  const releases = new WeakMap<DatabaseConnection, () => void>();
  const run = async (connection: DatabaseConnection, sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    async init() {
      thread = await startThread(file);
    },
    async acquireConnection() {
      const leave = await lane.enter();
      if (thread === undefined) throw new Error('the driver was not initialised');
      const connection = connectionOn(thread, health);
      releases.set(connection, leave);
      return connection;
    },
    beginTransaction: (connection) => run(connection, 'begin'),
    commitTransaction: (connection) => run(connection, 'commit'),
    rollbackTransaction: (connection) => run(connection, 'rollback'),
    async releaseConnection(connection) {
      releases.get(connection)?.();
    },
    async destroy() {
      await thread?.stop();
    },
  };
}

function connectionOn(thread: Thread, health: RecordsHealth): DatabaseConnection {
  const watch = watchWrites(health);
  const execute = async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
    refuseUnkeepable(parameters);
    const { rows, changes } = await watch(sql, thread.ask({ sql, parameters }));
    return { rows: rows as R[], numAffectedRows: BigInt(changes) };
  };
  return {
    executeQuery: execute,
    async *streamQuery<R>(query: CompiledQuery) {
      yield await execute<R>(query);
    },
  };
}

interface Thread {
  /** One statement at a time. */
  ask(statement: Statement): Promise<Extract<Answer, { kind: 'done' }>>;
  stop(): Promise<void>;
}

/** @throws {WatchkeeperError} `records_failed` when the file cannot be opened or is no database. */
async function startThread(file: SqliteFile): Promise<Thread> {
  const worker = new Worker(entryFile('collector/records/sqlite-thread.ts'), {
    workerData: file,
    execArgv: [],
  });
  const answers = answersOf(worker);
  const stop = async (): Promise<void> => {
    if (answers.haveEnded()) return;
    worker.ref();
    const gone = once(worker, 'exit');
    worker.postMessage('close');
    await gone;
  };
  try {
    await answers.next();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async ask(statement) {
      const answer = answers.next();
      worker.postMessage(statement);
      return answer;
    },
    stop,
  };
}

/** What the thread says, one answer after the other. */
function answersOf(worker: Worker): { next(): ReturnType<Thread['ask']>; haveEnded(): boolean } {
  // Not a race with a promise of the thread's end: such a promise would keep every answer for as long as it lives.
  let waiting: PromiseWithResolvers<Answer> | undefined;
  let failure: WatchkeeperError | undefined;
  const end = (message: string): void => {
    failure ??= failureOf(message);
    waiting?.reject(failure);
  };
  worker.on('message', (answer: Answer) => waiting?.resolve(answer));
  worker.on('error', (error) => end(messageOf(error)));
  worker.on('exit', () => end('their thread has ended'));
  return {
    haveEnded: () => failure !== undefined,
    async next() {
      if (failure !== undefined) throw failure;
      waiting = Promise.withResolvers();
      // Only work that is under way keeps the program alive.
      worker.ref();
      try {
        const answer = await waiting.promise;
        if (answer.kind === 'failed') throw failureOf(answer.message, answer.code);
        return answer;
      } finally {
        waiting = undefined;
        worker.unref();
      }
    },
  };
}

/** A failure of SQLite in the product's words: `conflict` where a constraint forbids the write, else `records_failed`. */
function failureOf(message: string, code = 0): WatchkeeperError {
  const cause = new Error(message);
  const primary = code & 0xff;
  if (code === SQLITE_CONSTRAINT_TRIGGER) return excluded(cause, message);
  if (primary === SQLITE_CONSTRAINT) return excluded(cause);
  return recordsFailed(FAILURES[primary] ?? message, cause);
}
