import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient, QueryResult } from 'pg';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { recordsFailed, UndoneError, unknownOutcome } from './failures.ts';
import { postgresFailure } from './postgres-failures.ts';
import { PATIENCE, type PostgresPool } from './postgres-pool.ts';

/** The connection was lost before an answer came. */
interface Lost {
  readonly lost: WatchkeeperError;
}

/** Takes a connection of the pool when there is something to ask, and another when that one was lost. */
export interface Link {
  /** @throws {WatchkeeperError} what PostgreSQL refused, or that it cannot be reached. */
  ask(sql: string, parameters?: readonly unknown[]): Promise<QueryResult | Lost>;
  /** Asks what may be asked twice. */
  askAgain(sql: string, parameters?: readonly unknown[]): Promise<QueryResult>;
  isConnected(): boolean;
  release(): void;
}

export function createLink(pool: Pick<PostgresPool, 'connect'>): Link {
  let client: PoolClient | undefined;
  const drop = (isBroken: boolean): void => {
    client?.release(isBroken);
    client = undefined;
  };
  const ask: Link['ask'] = async (sql, parameters = []) => {
    client ??= await pool.connect();
    try {
      return await client.query({ ...namedStatement(sql), text: sql, values: [...parameters] });
    } catch (error) {
      // What a type parser refuses.
      if (error instanceof WatchkeeperError) throw error;
      const failure = postgresFailure(error);
      if (failure.kind === 'refused') throw failure.error;
      drop(true);
      return { lost: failure.error };
    }
  };
  return {
    ask,
    async askAgain(sql, parameters) {
      const first = await ask(sql, parameters);
      if (!('lost' in first)) return first;
      const second = await ask(sql, parameters);
      if ('lost' in second) throw second.lost;
      return second;
    },
    isConnected: () => client !== undefined,
    release: () => drop(false),
  };
}

/** Statements are asked for again and again with other values; PostgreSQL reads and plans each once for a connection. */
const names = new Map<string, string>();
const MOST_NAMES = 200;
const MAY_BE_NAMED = /^\s*(?:select|insert|update|delete|with)\b/i;
/** Those that are longer insert many rows, and are never quite the same. */
const LONGEST_NAMED = 2_000;

function namedStatement(sql: string): { readonly name?: string } {
  const known = names.get(sql);
  if (known !== undefined) return { name: known };
  if (names.size >= MOST_NAMES || sql.length > LONGEST_NAMED || !MAY_BE_NAMED.test(sql)) return {};
  const name = `watchkeeper_${names.size + 1}`;
  names.set(sql, name);
  return { name };
}

/**
 * Begins a transaction, and gives its number, by which its fate can be asked for when the answer to its commit is lost;
 * what only reads has none. Nothing has been done yet: a connection that broke while it was idle is replaced.
 */
export async function begin(link: Link, level: string, isReadOnly: boolean): Promise<string | undefined> {
  if (isReadOnly) {
    await link.askAgain(`begin isolation level ${level} read only`);
    return undefined;
  }
  // Both in one message; pg answers several statements with a list.
  const both = (await link.askAgain(
    `begin isolation level ${level}; select pg_current_xact_id()::text as number`,
  )) as unknown as readonly QueryResult<{ readonly number: string }>[];
  return both[1]?.rows[0]?.number;
}

/**
 * Commits; where the answer is lost, PostgreSQL is asked what became of the transaction.
 * @throws {UndoneError} when nothing of it was kept.
 * @throws {WatchkeeperError} `outcome_unknown` when PostgreSQL does not come back in time to say.
 */
export async function commit(link: Link, transaction: string | undefined): Promise<void> {
  const answer = await link.ask('commit');
  if (!('lost' in answer)) {
    // A transaction in which something failed answers a commit with its rollback.
    if (answer.command === 'COMMIT') return;
    throw recordsFailed('the transaction was undone because one of its statements had failed');
  }
  // What only read has nothing that could be lost.
  if (transaction === undefined) return;
  const fate = await fateOf(link, transaction);
  if (fate === 'aborted') throw new UndoneError(answer.lost.message, { cause: answer.lost });
  if (fate !== 'committed') throw unknownOutcome(answer.lost);
}

/** https://www.postgresql.org/docs/current/functions-info.html, pg_xact_status: committed, aborted, or something else. */
async function fateOf(link: Link, transaction: string): Promise<string> {
  try {
    for (let turn = 1; turn <= PATIENCE.attempts; turn += 1) {
      const answer = await link.ask('select pg_xact_status($1::text::xid8) as fate', [transaction]);
      const fate = 'lost' in answer ? null : (answer.rows[0] as { readonly fate: string | null }).fate;
      if (fate === 'committed' || fate === 'aborted') return fate;
      await pause(PATIENCE.pauseMs);
    }
    return 'in progress';
  } catch (error) {
    return messageOf(error);
  }
}
