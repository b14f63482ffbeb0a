import { DatabaseError } from 'pg';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { excluded, recordsFailed, UndoneError } from './failures.ts';

/** What became of a statement that PostgreSQL did not answer with success. */
export type PostgresFailure =
  /** There is no connection (any more): PostgreSQL is gone, is going, or is not there yet. */
  | { readonly kind: 'lost'; readonly error: WatchkeeperError }
  | { readonly kind: 'refused'; readonly error: WatchkeeperError };

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const WORDS: Readonly<Record<string, string>> = {
  '25006': 'PostgreSQL is a standby that cannot be written',
  '28P01': 'PostgreSQL does not accept the user or the password',
  '28000': 'PostgreSQL does not accept the user from this machine',
  '3D000': 'PostgreSQL has no database of that name',
  '3F000': 'the database has no schema of that name',
  '42501': 'the user may not do this in the database of PostgreSQL',
  '53100': 'the disk that holds the records is full',
  '53200': 'PostgreSQL has no memory left',
  '55P03': 'another program keeps the records locked',
  '57014': 'PostgreSQL did not finish in time',
  '58030': 'the disk that holds the records failed',
  XX001: 'the records are damaged',
  XX002: 'the records are damaged',
};
/** Starting up, shutting down, crashed, too many connections: over by itself. */
const GONE = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '25P03']);
const UNDONE = new Set(['40001', '40P01']);

/** A trigger of ours raises this with the words of the rule. */
export const RULE_BROKEN = '23000';

export function postgresFailure(error: unknown): PostgresFailure {
  // What is no answer of the server comes from the connection to it.
  const code = error instanceof DatabaseError ? (error.code ?? '') : '08000';
  if (GONE.has(code) || code.startsWith('08')) {
    return { kind: 'lost', error: recordsFailed(`PostgreSQL does not answer (${messageOf(error)})`, error) };
  }
  return { kind: 'refused', error: refusal(code, error) };
}

function refusal(code: string, error: unknown): WatchkeeperError {
  if (UNDONE.has(code))
    return new UndoneError('The records failed: another writer came in between.', { cause: error });
  if (code === RULE_BROKEN) return excluded(error, messageOf(error));
  if (code.startsWith('23')) return excluded(error);
  if (code.startsWith('22')) {
    return new WatchkeeperError('invalid_request', 'The records cannot hold such a value.', { cause: error });
  }
  return recordsFailed(WORDS[code] ?? messageOf(error), error);
}
