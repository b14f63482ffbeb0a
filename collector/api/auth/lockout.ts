import type { SignInFailures } from '../../records/sign-in-failures.ts';

/** When attempts in vain close a door, and for how long. */
export interface LockRules {
  /** So many cost nothing but the time of hashing them. */
  readonly freeFailures: number;
  /** The first lock; each further failure doubles it. */
  readonly firstLockMs: number;
  readonly longestLockMs: number;
  /** After so long without an attempt the count begins anew. */
  readonly forgottenMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Guessing at a name from one address closes the name to that address only, so that nobody keeps the owner out from
 * elsewhere. What comes from many addresses, or tries many names, is bounded too, but never closes an address from
 * which the owner has signed in before.
 */
export const LOCKS = {
  nameAtAddress: { freeFailures: 5, firstLockMs: 30_000, longestLockMs: 15 * MINUTE_MS, forgottenMs: DAY_MS },
  name: { freeFailures: 50, firstLockMs: 30_000, longestLockMs: 15 * MINUTE_MS, forgottenMs: DAY_MS },
  address: {
    freeFailures: 60,
    firstLockMs: 30_000,
    longestLockMs: 5 * MINUTE_MS,
    forgottenMs: 15 * MINUTE_MS,
  },
} as const satisfies Readonly<Record<string, LockRules>>;

/** Until when no attempt is looked at. */
export function lockedUntilMs(rules: LockRules, { failures, lastAtMs }: SignInFailures): number {
  if (failures < rules.freeFailures) return lastAtMs;
  const doublings = Math.min(failures - rules.freeFailures, 20);
  return lastAtMs + Math.min(rules.firstLockMs * 2 ** doublings, rules.longestLockMs);
}

/**
 * What an attempt that begins now leaves behind; `undefined` when the door is locked. It is counted before the
 * password is compared: many attempts at once are no way round the lock.
 */
export function countAttempt(
  rules: LockRules,
  { failures, lastAtMs }: SignInFailures,
  nowMs: number,
): SignInFailures | undefined {
  if (nowMs - lastAtMs >= rules.forgottenMs) return { failures: 1, lastAtMs: nowMs };
  // An attempt that lies ahead was before the clock was set back: no lock lasts until the clock has caught up.
  const isAhead = lastAtMs > nowMs + rules.longestLockMs;
  const isLocked =
    failures >= rules.freeFailures && nowMs < lockedUntilMs(rules, { failures, lastAtMs }) && !isAhead;
  return isLocked ? undefined : { failures: failures + 1, lastAtMs: nowMs };
}
