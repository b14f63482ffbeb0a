import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { EmergencyBody, SignInBody } from '../../../config/model/api.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import type { Log } from '../../../config/runtime/log.ts';
import { accountByName, type Account, type FoundAccount } from '../../records/accounts.ts';
import { audited } from '../../records/audit.ts';
import {
  codesOf,
  rememberPlace,
  replaceCodes,
  secondFactorOf,
  setPassword,
  takeCode,
} from '../../records/sign-in-secrets.ts';
import type { Db } from '../../records/tables.ts';
import { inTransaction } from '../../records/transaction.ts';
import { enterAttempt, openLocks, type Attempt } from './attempts.ts';
import { codeHashOf, EMERGENCY_GROUPS, newPrintedCode } from './codes.ts';
import { LOCKS } from './lockout.ts';
import type { Passwords } from './passwords.ts';
import { takeFactor } from './second-factor.ts';
import type { Place, Sessions } from './sessions.ts';

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

const REFUSED = 'Name or password is wrong, or the account is locked.';

/**
 * Lets in who knows the password and, where the account has one, shows the second factor. A wrong name, a wrong
 * password, a wrong code, a slip that has ended, a disabled and a locked account get the same answer after the same
 * work, and a wrong name is locked like a right one.
 * @throws {WatchkeeperError} `wrong_credentials`, `second_factor_required` to who knows the password and sent no code,
 *   or `too_many_requests` when too many try at once.
 */
export async function signIn(deps: SignInDeps, body: SignInBody, place: Place): Promise<Admitted> {
  const { db, clock, sessions } = deps;
  const found = await accountByName(db, body.name);
  const attempt = await enterAttempt(deps, body.name, place.origin, found);
  const isRight = await isPasswordRight(deps, found, body.password);
  const atMs = clock.nowMs();
  if (found === undefined || !isRight || attempt.failures === undefined) {
    throw await refused(deps, found, attempt, place);
  }
  const { account } = found;
  const factor = await secondFactorOf(db, account.id);
  const hasFactor = factor?.isConfirmed === true;
  if (hasFactor && body.code === undefined) {
    await inTransaction(db, attempt.forgive);
    throw new WatchkeeperError('second_factor_required', 'The account asks for a code besides.');
  }
  if (
    hasFactor &&
    !(await inTransaction(db, (step) => takeFactor(step, account.id, body.code ?? '', atMs)))
  ) {
    throw await refused(deps, found, attempt, place);
  }
  const entry = {
    atMs,
    who: account.name,
    action: 'signed_in',
    target: account.name,
    origin: place.origin,
  };
  const token = await audited(db, entry, async (step) => {
    await attempt.succeed(step);
    await rememberPlace(step, account.id, place.origin, atMs);
    return sessions.begin(step, account.id, place);
  });
  return { account, token };
}

/** Whether the password, or the slip that stands in its place, is right and the account may be used. */
async function isPasswordRight(
  { db, clock, passwords }: SignInDeps,
  found: FoundAccount | undefined,
  typed: string,
): Promise<boolean> {
  const slips = found === undefined ? [] : await codesOf(db, found.account.id, 'first');
  const isPassword = await passwords.isRight(found?.passwordHash || undefined, typed);
  const nowMs = clock.nowMs();
  const isSlip = slips.some(
    ({ codeHash, endsAtMs = Infinity }) => codeHash === codeHashOf(typed) && nowMs < endsAtMs,
  );
  return (isPassword || isSlip) && found?.isDisabled === false;
}

/** Writes down that a name was locked by this attempt, if it was. */
async function refused(
  { db, clock }: SignInDeps,
  found: FoundAccount | undefined,
  { failures }: Attempt,
  { origin }: Place,
): Promise<WatchkeeperError> {
  if (failures !== undefined && failures >= LOCKS.nameAtAddress.freeFailures) {
    // A name that no account has may be a password in the wrong field: it is not written down.
    const target = found?.account.name ?? 'no account';
    const entry = { atMs: clock.nowMs(), who: 'system', action: 'sign_in_locked', target, origin };
    await audited(db, entry, async () => {});
  }
  return new WatchkeeperError('wrong_credentials', REFUSED);
}

/** Somebody who was let in by the code out of the envelope, with the code for the next envelope. */
export interface Rescued extends Admitted {
  readonly nextCode: string;
}

/**
 * Lets in who has the sealed code, whatever lock is closed and wherever the phone is. The code is used up, a new one
 * takes its place, and a new password must be chosen.
 * @throws {WatchkeeperError} `wrong_credentials`.
 */
export async function signInByEmergency(
  deps: SignInDeps & { readonly log: Log },
  { name, code }: EmergencyBody,
  place: Place,
): Promise<Rescued> {
  const { db, clock, sessions, log } = deps;
  const atMs = clock.nowMs();
  const found = await accountByName(db, name);
  if (found === undefined || found.isDisabled) throw new WatchkeeperError('wrong_credentials', REFUSED);
  const { account, passwordHash } = found;
  const nextCode = newPrintedCode(EMERGENCY_GROUPS);
  const { origin } = place;
  const entry = { atMs, who: account.name, action: 'emergency_code_used', target: account.name, origin };
  const token = await audited(db, entry, async (step) => {
    if (!(await takeCode(step, account.id, 'emergency', codeHashOf(code)))) {
      throw new WatchkeeperError('wrong_credentials', REFUSED);
    }
    await openLocks(step, account.name, origin);
    await replaceCodes(step, account.id, 'first', []);
    await replaceCodes(step, account.id, 'emergency', [{ codeHash: codeHashOf(nextCode) }]);
    await setPassword(step, account.id, { passwordHash, atMs, mustChange: true });
    return sessions.begin(step, account.id, place);
  });
  log.warn({ account: account.name, address: origin }, 'a sealed emergency code was used');
  return { account, token, nextCode };
}
