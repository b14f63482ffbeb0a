import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool, types, type PoolClient, type PoolConfig } from 'pg';
import type { PostgresSettings } from '../../config/records.ts';
import { recordsFailed } from './failures.ts';
import type { RecordsHealth } from './health.ts';
import { postgresFailure } from './postgres-failures.ts';

const POOL_SIZE = 8;
const CONNECT_DEADLINE_MS = 5_000;
const STATEMENT_DEADLINE_MS = 15_000;
/** A transaction that its program forgot must not keep others out. */
const IDLE_TRANSACTION_MS = 30_000;
const IDLE_CONNECTION_MS = 60_000;
const PROBE_EACH_MS = 500;

/** How often something is tried, and what lies between two attempts. */
export interface Patience {
  readonly attempts: number;
  readonly pauseMs: number;
}

/** A restart of PostgreSQL is over within this; who asks waits so long before being told. */
export const PATIENCE: Patience = { attempts: 24, pauseMs: 250 };
/** After a power failure it may start later than the collector. */
const PATIENCE_AT_START: Patience = { attempts: 60, pauseMs: 500 };

/** The connections to one PostgreSQL. */
export interface PostgresPool {
  /** Waits for the server, and looks at how it is set up. */
  prepare(): Promise<void>;
  /** @throws {WatchkeeperError} `records_failed`: at once when the server is known to be gone, else after some patience. */
  connect(): Promise<PoolClient>;
  end(): Promise<void>;
}

export function createPostgresPool(settings: PostgresSettings, health: RecordsHealth): PostgresPool {
  const pool = new Pool(poolConfig(settings));
  // An idle connection that breaks is dropped by the pool; the next statement finds out more.
  pool.on('error', () => undefined);
  // So says one in use too, beside failing what is asked of it: unheard, it would end the program.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const stopping = new AbortController();
  const connect = createReach(pool, health, stopping.signal);
  return {
    async prepare() {
      const client = await connect(PATIENCE_AT_START);
      await lookAtSetup(client, health).finally(() => client.release());
    },
    connect: () => connect(PATIENCE),
    async end() {
      stopping.abort();
      await pool.end();
    },
  };
}

/** By which one collector knows of another on the same records. */
export function applicationName(schema: string): string {
  return `watchkeeper ${schema}`;
}

function poolConfig(settings: PostgresSettings): PoolConfig {
  const { host, port, database, user, password, caFile, isTls, schema } = settings;
  const options = {
    synchronous_commit: 'on',
    statement_timeout: STATEMENT_DEADLINE_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    client_min_messages: 'warning',
    search_path: schema,
  };
  return {
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(isTls ? { ssl: caFile === undefined ? true : { ca: readFileSync(caFile, 'utf8') } } : {}),
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_DEADLINE_MS,
    query_timeout: STATEMENT_DEADLINE_MS + 1_000,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    keepAlive: true,
    application_name: applicationName(schema),
    options: Object.entries(options)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: { getTypeParser },
  };
}

const getTypeParser: typeof types.getTypeParser = (type, format) =>
  type === types.builtins.INT8 || type === types.builtins.NUMERIC
    ? exactNumber
    : types.getTypeParser(type, format);

/** What PostgreSQL writes as text because it may be too large; a value that a number cannot hold exactly is refused. */
function exactNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw recordsFailed(`they hold ${text}, which is too large`);
  }
  return value;
}

async function lookAtSetup(client: PoolClient, health: RecordsHealth): Promise<void> {
  try {
    const { rows } = await client.query<{ fsync: string }>('show fsync');
    if (rows[0]?.fsync !== 'off') return;
    health.standing = 'PostgreSQL runs with fsync=off: a power failure can lose what was answered';
  } catch (error) {
    throw postgresFailure(error).error;
  }
}

/** Once the server cannot be reached it is asked again and again until it can, and who comes meanwhile is told at once. */
function createReach(
  pool: Pool,
  health: RecordsHealth,
  stopped: AbortSignal,
): (patience: Patience) => Promise<PoolClient> {
  let isGone = false;
  const probe = async (): Promise<void> => {
    while (isGone && !stopped.aborted) {
      await pause(PROBE_EACH_MS, undefined, { signal: stopped, ref: false }).catch(() => undefined);
      try {
        (await pool.connect()).release();
        isGone = false;
        health.fault = undefined;
      } catch (error) {
        health.fault = postgresFailure(error).error.message;
      }
    }
  };
  return async ({ attempts, pauseMs }) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await pool.connect();
      } catch (error) {
        const { kind, error: failure } = postgresFailure(error);
        health.fault = failure.message;
        if (kind === 'refused' || isGone || stopped.aborted || attempt >= attempts) {
          if (!isGone) {
            isGone = true;
            void probe();
          }
          throw failure;
        }
        await pause(pauseMs, undefined, { signal: stopped }).catch(() => undefined);
      }
    }
  };
}
