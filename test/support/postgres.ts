import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { PostgresSettings } from '../../config/records.ts';

/** The PostgreSQL of this machine that tests may use: its administrator is let in from loopback without a password. */
const SERVER = { host: '127.0.0.1', port: 5432, user: 'postgres', database: 'postgres' };

/** Does one thing on a connection of its own. */
export async function onPostgres<T>(act: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...SERVER, connectionTimeoutMillis: 3_000 });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

/** For `describe.skipIf(!…)`; with CI=true a PostgreSQL that does not answer is a failure. */
export async function hasPostgres(): Promise<boolean> {
  try {
    await onPostgres((client) => client.query('select 1'));
    return true;
  } catch (error) {
    const message = `PostgreSQL does not answer on ${SERVER.host}:${SERVER.port} as ${SERVER.user}`;
    if (process.env['CI'] === 'true') throw new Error(message, { cause: error });
    process.stderr.write(`skipped: ${message}\n`);
    return false;
  }
}

/** A schema of one's own on the PostgreSQL of this machine, not made yet, and how to remove it. */
export function makePostgresSchema(): { settings: PostgresSettings; drop: () => Promise<void> } {
  const schema = `watchkeeper_test_${randomBytes(8).toString('hex')}`;
  return {
    settings: { ...SERVER, isTls: false, schema },
    drop: async () => {
      await onPostgres((client) => client.query(`drop schema if exists "${schema}" cascade`));
    },
  };
}

/** Removes every schema whose name begins so. */
export async function dropSchemas(beginning: string): Promise<void> {
  await onPostgres(async (client) => {
    const found = await client.query<{ name: string }>(
      'select nspname as name from pg_namespace where starts_with(nspname, $1)',
      [beginning],
    );
    for (const { name } of found.rows) await client.query(`drop schema "${name}" cascade`);
  });
}
