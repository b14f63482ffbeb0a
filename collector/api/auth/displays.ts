import { WatchkeeperError } from '../../../config/model/errors.ts';
import { accountByName } from '../../records/accounts.ts';
import { audited } from '../../records/audit.ts';
import { accessTokens } from '../../records/sign-in-secrets.ts';
import type { Place } from './sessions.ts';
import type { Admitted, SignInDeps } from './sign-in.ts';
import { tokenHashOf } from './token.ts';

/**
 * Lets a screen on the wall in by its link, as often as it is opened, until the link ends.
 * @throws {WatchkeeperError} `forbidden`.
 */
export async function signInDisplay(
  { db, clock, sessions }: SignInDeps,
  token: string,
  place: Place,
): Promise<Admitted> {
  const nowMs = clock.nowMs();
  const [found] = await accessTokens(db, tokenHashOf(token));
  const isGood =
    found?.scopes.includes('display') === true && found.revokedAtMs === undefined && nowMs < found.endsAtMs;
  const owner = isGood ? await accountByName(db, found.owner.name) : undefined;
  if (owner === undefined || owner.isDisabled) {
    throw new WatchkeeperError('forbidden', 'The link of this screen is not valid (any more).');
  }
  const { account } = owner;
  const entry = { atMs: nowMs, who: account.name, action: 'display_signed_in', target: account.name };
  const sessionToken = await audited(db, { ...entry, origin: place.origin }, (step) =>
    sessions.begin(step, account.id, place),
  );
  return { account, token: sessionToken };
}
