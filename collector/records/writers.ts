import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { appendLines, type NewLine } from './audit-append.ts';
import { UndoneError } from './failures.ts';
import type { Db } from './tables.ts';

/**
 * The one lane of all who write. Waiting for the disk is what a write costs: whoever comes while one transaction is
 * committed goes into the next together, each behind a savepoint of its own, and is answered when that is durable.
 */
export interface Writers {
  write<T>(act: (step: Db) => Promise<T>): Promise<T>;
}

/** What one write leaves to be done when all of its transaction have written. */
export interface Work {
  readonly followers: (() => void)[];
  readonly lines: NewLine[];
}

interface Member {
  readonly act: (step: Db) => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

/** PostgreSQL keeps so many savepoints of a transaction at hand (PGPROC_MAX_CACHED_SUBXIDS is 64). */
const MOST_AT_ONCE = 48;
/** Of many who meet at one row each time one gets through. */
const ATTEMPTS = 20;
/** The longest wait between two attempts, so that those who met do not meet again. */
const LONGEST_PAUSE_MS = 50;

const WORK = new WeakMap<ReturnType<Db['getExecutor']>, Work>();

/** What the write gathers that is at work in this transaction. */
export function workOf(step: Db): Work | undefined {
  return WORK.get(step.getExecutor());
}

export function createWriters(db: Db): Writers {
  const waiting: Member[] = [];
  let isAtWork = false;
  const work = async (): Promise<void> => {
    if (isAtWork) return;
    isAtWork = true;
    while (waiting.length > 0) await writeTogether(db, waiting);
    isAtWork = false;
  };
  return {
    write: <T>(act: (step: Db) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        const member = { act: async (step: Db) => act(step).then((value) => () => resolve(value)), reject };
        waiting.push(member);
        void work();
      }),
  };
}

/** The first of a transaction failed: nobody had written before it, so nothing of others is undone with it. */
class FirstFailedError extends Error {
  readonly failure: unknown;

  constructor(failure: unknown) {
    super('the first write of a transaction failed');
    this.name = 'FirstFailedError';
    this.failure = failure;
  }
}

/** Answers those at the head of the queue by one transaction; rejects none of them but through their own promise. */
async function writeTogether(db: Db, waiting: Member[]): Promise<void> {
  const members: Member[] = [];
  const memberAt = (index: number): Member | undefined => {
    const newcomer = index === members.length && index < MOST_AT_ONCE ? waiting.shift() : undefined;
    if (newcomer !== undefined) members.push(newcomer);
    return members[index];
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answers = await db.transaction().execute((step) => actInTurn(step, memberAt));
      for (const answer of answers) answer();
      return;
    } catch (error) {
      if (!(error instanceof UndoneError) || attempt === ATTEMPTS) {
        return giveUp(db, { waiting, members, error });
      }
      await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** attempt));
    }
  }
}

/** Nothing of the transaction was kept, or nobody knows. */
async function giveUp(
  db: Db,
  {
    waiting,
    members,
    error,
  }: { readonly waiting: Member[]; readonly members: readonly Member[]; readonly error: unknown },
): Promise<void> {
  const [first, ...others] = members;
  if (error instanceof FirstFailedError) {
    waiting.unshift(...others);
    first?.reject(error.failure);
    return;
  }
  const isKnown = !(error instanceof WatchkeeperError && error.code === 'outcome_unknown');
  if (isKnown && others.length > 0) {
    // Whose fault it was shows when each writes alone.
    for (const member of members) await writeTogether(db, [member]);
    return;
  }
  // Also when the transaction could not even begin.
  for (const member of members.length === 0 ? waiting.splice(0) : members) member.reject(error);
}

/** Lets one after the other write; what it gives answers them. */
async function actInTurn(
  step: Db,
  memberAt: (index: number) => Member | undefined,
): Promise<readonly (() => void)[]> {
  const answers: (() => void)[] = [];
  const lines: NewLine[] = [];
  for (let index = 0; ; index += 1) {
    const member = memberAt(index);
    if (member === undefined) break;
    if (index > 0) await sql`savepoint act`.execute(step);
    const work: Work = { followers: [], lines: [] };
    WORK.set(step.getExecutor(), work);
    try {
      const resolve = await member.act(step);
      lines.push(...work.lines);
      answers.push(() => follow(member, work, resolve));
    } catch (error) {
      if (error instanceof UndoneError) throw error;
      if (index === 0) throw new FirstFailedError(error);
      await sql`rollback to savepoint act`.execute(step);
      // Only now: what it failed by may be what another wrote that is not durable yet.
      answers.push(() => member.reject(error));
    }
  }
  await appendLines(step, lines);
  return answers;
}

function follow(member: Member, { followers }: Work, resolve: () => void): void {
  try {
    for (const each of followers) each();
    resolve();
  } catch (error) {
    member.reject(error);
  }
}
