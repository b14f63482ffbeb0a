import type { Clock } from '../../../config/runtime/clock.ts';
import { nameKeyOf, type FoundAccount } from '../../records/accounts.ts';
import {
  clearSignInFailures,
  forgiveAttempt,
  removeOldSignInFailures,
  setSignInFailures,
  signInFailures,
} from '../../records/sign-in-failures.ts';
import { isKnownPlace } from '../../records/sign-in-secrets.ts';
import type { Db } from '../../records/tables.ts';
import { inTransaction } from '../../records/transaction.ts';
import { countAttempt, LOCKS } from './lockout.ts';

/** An attempt to prove who one is. */
export interface Attempt {
  /** How often the name has failed at this address if this attempt does; `undefined` while a lock is closed. */
  readonly failures: number | undefined;
  /** Takes the attempt back: it was not in vain, though nobody was let in yet. */
  readonly forgive: (step: Db) => Promise<void>;
  /** The same, and what failed before at this name and address is forgotten. */
  readonly succeed: (step: Db) => Promise<void>;
}

interface AttemptDeps {
  readonly db: Db;
  readonly clock: Clock;
}

/** Counts an attempt, before anything is compared. */
export async function enterAttempt(
  { db, clock }: AttemptDeps,
  name: string,
  address: string,
  found: FoundAccount | undefined,
): Promise<Attempt> {
  const key = nameKeyOf(name);
  const subjects = {
    nameAtAddress: `${key}\n${address}`,
    name: `${key}\n`,
    address: `\n${address}`,
  };
  const doors = ['nameAtAddress', 'name', 'address'] as const;
  const nowMs = clock.nowMs();
  const failures = await inTransaction(db, async (step) => {
    const isKnown = found !== undefined && (await isKnownPlace(step, found.account.id, address));
    const counts = await Promise.all(
      doors.map(async (door) => {
        const earlier = await signInFailures(step, subjects[door]);
        return { door, earlier, next: countAttempt(LOCKS[door], earlier, nowMs) };
      }),
    );
    const closed = counts.filter(({ next }) => next === undefined);
    if (closed.some(({ door }) => door === 'nameAtAddress' || !isKnown)) return undefined;
    if (counts[0]?.earlier.failures === 0) {
      await removeOldSignInFailures(step, nowMs - LOCKS.name.forgottenMs);
    }
    for (const { door, next } of counts) {
      if (next !== undefined) await setSignInFailures(step, subjects[door], next);
    }
    return counts[0]?.next?.failures;
  });
  const forgive = async (step: Db): Promise<void> => {
    for (const door of doors) await forgiveAttempt(step, subjects[door]);
  };
  return {
    failures,
    forgive,
    succeed: async (step) => {
      await forgive(step);
      await clearSignInFailures(step, subjects.nameAtAddress);
    },
  };
}

/** Opens every lock of a name at an address: for who has shown a code out of the envelope. */
export async function openLocks(step: Db, name: string, address: string): Promise<void> {
  const key = nameKeyOf(name);
  for (const subject of [`${key}\n${address}`, `${key}\n`, `\n${address}`]) {
    await clearSignInFailures(step, subject);
  }
}
