import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { SignInBody } from '../../../config/model/api.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { accountByName, type Account } from '../../records/accounts.ts';
import { audited } from '../../records/audit.ts';
import {
  clearSignInFailures,
  removeOldSignInFailures,
  setSignInFailures,
  signInFailures,
} from '../../records/sign-in-failures.ts';
import type { Db } from '../../records/tables.ts';
import { countAttempt, FAILURES_FORGOTTEN_MS, FREE_FAILURES } from './lockout.ts';
import type { Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';

export interface SignInDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
}

/** Somebody who was let in, with the token for the cookie. */
export interface Admitted {
  readonly account: Account;
  readonly token: string;
}

/**
 * Lets in who knows the password. A wrong name, a wrong password and a locked account get the same answer after the
 * same work, and a wrong name is locked like a right one.
 * @throws {WatchkeeperError} `wrong_credentials`, or `too_many_requests` when too many try at once.
 */
export async function signIn(deps: SignInDeps, body: SignInBody, origin: string): Promise<Admitted> {
  const { db, clock, passwords, sessions } = deps;
  const failures = await enterAttempt(deps, body.name);
  const found = await accountByName(db, body.name);
  const isRight = await passwords.isRight(found?.passwordHash, body.password);
  const atMs = clock.nowMs();
  if (found === undefined || !isRight || failures === undefined) {
    if (failures !== undefined && failures >= FREE_FAILURES) {
      // A name that no account has may be a password in the wrong field: it is not written down.
      const target = found?.account.name ?? 'no account';
      await audited(db, { atMs, who: 'system', action: 'sign_in_locked', target, origin }, async () => {});
    }
    throw new WatchkeeperError('wrong_credentials', 'Name or password is wrong, or the account is locked.');
  }
  const { account } = found;
  const entry = { atMs, who: account.name, action: 'signed_in', target: account.name, origin };
  const token = await audited(db, entry, async (step) => {
    await clearSignInFailures(step, account.name);
    return sessions.begin(step, account.id);
  });
  return { account, token };
}

/** How often the name has failed if this attempt does; `undefined` while it is locked. */
async function enterAttempt({ db, clock }: SignInDeps, name: string): Promise<number | undefined> {
  const nowMs = clock.nowMs();
  return db.transaction().execute(async (step) => {
    const earlier = await signInFailures(step, name);
    const attempt = countAttempt(earlier, nowMs);
    if (attempt === undefined) return undefined;
    if (earlier.failures === 0) await removeOldSignInFailures(step, nowMs - FAILURES_FORGOTTEN_MS);
    await setSignInFailures(step, name, attempt);
    return attempt.failures;
  });
}
