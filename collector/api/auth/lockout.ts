import type { SignInFailures } from '../../records/sign-in-failures.ts';

/** So many wrong passwords in a row cost nothing but the time of hashing them. */
export const FREE_FAILURES = 5;
const FIRST_LOCK_MS = 30_000;
export const LONGEST_LOCK_MS = 15 * 60_000;

/** After so long without an attempt the count begins anew. */
export const FAILURES_FORGOTTEN_MS = 24 * 3_600_000;

/** Until when no attempt on the name is looked at: half a minute after the fifth failure, then twice as long each time. */
export function lockedUntilMs({ failures, lastAtMs }: SignInFailures): number {
  if (failures < FREE_FAILURES) return lastAtMs;
  const doublings = Math.min(failures - FREE_FAILURES, 20);
  return lastAtMs + Math.min(FIRST_LOCK_MS * 2 ** doublings, LONGEST_LOCK_MS);
}

/**
 * What an attempt that begins now leaves behind; `undefined` when the name is locked. It is counted before the
 * password is compared: many attempts at once are no way round the lock.
 */
export function countAttempt(
  { failures, lastAtMs }: SignInFailures,
  nowMs: number,
): SignInFailures | undefined {
  if (nowMs - lastAtMs >= FAILURES_FORGOTTEN_MS) return { failures: 1, lastAtMs: nowMs };
  // An attempt that lies ahead was before the clock was set back: no lock lasts until the clock has caught up.
  const isAhead = lastAtMs > nowMs + LONGEST_LOCK_MS;
  if (!isAhead && failures >= FREE_FAILURES && nowMs < lockedUntilMs({ failures, lastAtMs }))
    return undefined;
  return { failures: failures + 1, lastAtMs: nowMs };
}
