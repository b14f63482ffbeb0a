import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { PostgresSettings } from '../../config/records.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

const BINARIES = '/usr/lib/postgresql';
/** Debian's account for it: PostgreSQL refuses to run as root. */
const ACCOUNT = 'postgres';
const UP_WITHIN_MS = 60_000;

/** A PostgreSQL of a test's own, that it may restart. */
export interface PostgresCluster {
  readonly settings: PostgresSettings;
  /** Ends it, as an administrator (`fast`) or as a crash does; answers when it has ended. */
  end(how: 'fast' | 'crash'): Promise<void>;
  start(): Promise<void>;
}

/** The newest PostgreSQL of this machine, where a test may start one: only root becomes its account. */
export function postgresBinaries(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync(BINARIES)) return undefined;
  const newest = readdirSync(BINARIES)
    .sort((a, b) => Number(a) - Number(b))
    .at(-1);
  return newest === undefined ? undefined : join(BINARIES, newest, 'bin');
}

const IDENTITY = ['--reuid', ACCOUNT, '--regid', ACCOUNT, '--clear-groups', '--pdeathsig', 'INT'];
const asAccount = (command: readonly string[]): string[] => [...IDENTITY, ...command];

/** Makes one and starts it; its tables lie in `data`, its log of writes in `wal`, two empty folders. */
export async function startPostgresCluster(
  binaries: string,
  { data, wal }: { readonly data: string; readonly wal: string },
): Promise<PostgresCluster> {
  const port = await freePort();
  for (const each of [data, wal]) {
    mkdirSync(each, { recursive: true, mode: 0o700 });
    spawnSync('chown', [ACCOUNT, each]);
  }
  const init = [join(binaries, 'initdb'), '-D', data, '--waldir', wal, '-A', 'trust', '-U', ACCOUNT];
  const made = spawnSync('setpriv', asAccount([...init, '-E', 'UTF8', '--locale', 'C', '--no-sync']));
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr.toString()}`);
  const options = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=30',
    'shared_buffers=8MB',
  ].flatMap((option) => ['-c', option]);
  const settings: PostgresSettings = {
    host: '127.0.0.1',
    port,
    user: ACCOUNT,
    database: 'postgres',
    isTls: false,
    schema: 'watchkeeper',
  };
  let server: ChildProcess | undefined;
  const isUp = async (): Promise<void> => {
    const { host, user, database } = settings;
    const client = new Client({ host, port, user, database, connectionTimeoutMillis: 1_000 });
    await client.connect();
    await client.end();
  };
  const start = async (): Promise<void> => {
    const program = [join(binaries, 'postgres'), '-D', data, ...options];
    server = spawn('setpriv', asAccount(program), { stdio: 'ignore' });
    await eventually(isUp, UP_WITHIN_MS);
  };
  await start();
  return {
    settings,
    start,
    async end(how) {
      if (server === undefined || server.exitCode !== null) return;
      const ended = once(server, 'exit');
      server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await ended;
    },
  };
}
