import type { FirstRunBody } from '../../../config/model/api.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { addAccount, hasAdministrator } from '../../records/accounts.ts';
import { audited } from '../../records/audit.ts';
import {
  addFirstRunToken,
  firstRunTokenCreatedAtMs,
  removeFirstRunTokens,
} from '../../records/first-run-token.ts';
import type { Db } from '../../records/tables.ts';
import type { Admitted, SignInDeps } from './sign-in.ts';
import { newToken, tokenHashOf } from './token.ts';

/** After so long a link that nobody used ends; a restart or `first-run` makes another. */
const FIRST_RUN_LINK_MS = 24 * 3_600_000;

/**
 * Makes a one-time link of the first run; only its hash is stored. Earlier ones stay good until they end, so that a
 * link that was printed outlives a restart of the collector. `undefined` when there is an administrator already.
 */
export async function newFirstRunPath({
  db,
  clock,
}: Pick<SignInDeps, 'db' | 'clock'>): Promise<string | undefined> {
  if (await hasAdministrator(db)) return undefined;
  const nowMs = clock.nowMs();
  await removeFirstRunTokens(db, nowMs - FIRST_RUN_LINK_MS);
  const token = newToken();
  await addFirstRunToken(db, tokenHashOf(token), nowMs);
  // After the hash it reaches no server, no log and no Referer.
  return `/first-run#${token}`;
}

/**
 * Makes the first administrator for who holds the link, once.
 * @throws {WatchkeeperError} `forbidden` when the link is wrong, used or too old.
 */
export async function redeemFirstRun(
  deps: SignInDeps,
  body: FirstRunBody,
  origin: string,
): Promise<Admitted> {
  const { db, clock, passwords, sessions } = deps;
  const tokenHash = tokenHashOf(body.token);
  // Before the hashing of the password, so that guessing costs no work of ours.
  await requireLink(db, tokenHash, clock.nowMs());
  const passwordHash = await passwords.hash(body.password);
  const atMs = clock.nowMs();
  const { name, displayName, language } = body;
  const account = { name, displayName, roles: ['sysAdmin'], language } as const;
  const entry = {
    atMs,
    who: name,
    action: 'first_administrator_added',
    target: name,
    after: account,
    origin,
  };
  return audited(db, entry, async (step) => {
    await requireLink(step, tokenHash, atMs);
    const added = await addAccount(step, {
      ...account,
      passwordHash,
      createdAtMs: atMs,
      isDemonstration: false,
    });
    await removeFirstRunTokens(step);
    return { account: added, token: await sessions.begin(step, added.id) };
  });
}

async function requireLink(db: Db, tokenHash: string, nowMs: number): Promise<void> {
  const createdAtMs = await firstRunTokenCreatedAtMs(db, tokenHash);
  if (createdAtMs === undefined || nowMs >= createdAtMs + FIRST_RUN_LINK_MS || (await hasAdministrator(db))) {
    throw new WatchkeeperError(
      'forbidden',
      'The link is not valid or was used. While there is no administrator, a restart makes a new one.',
    );
  }
}
