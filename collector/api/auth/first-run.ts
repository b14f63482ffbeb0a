import { ADMINISTRATORS, type Role } from '../../../config/model/account.ts';
import type { FirstRunBody, Slip } from '../../../config/model/api.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { PeopleSettings } from '../../../config/people.ts';
import { addAccount, hasAdministrator, nameKeyOf } from '../../records/accounts.ts';
import { audited } from '../../records/audit.ts';
import {
  addFirstRunToken,
  firstRunTokenCreatedAtMs,
  removeFirstRunTokens,
} from '../../records/first-run-token.ts';
import type { Db } from '../../records/tables.ts';
import { InvalidRequestError } from '../refusals.ts';
import type { Place } from './sessions.ts';
import type { Admitted, SignInDeps } from './sign-in.ts';
import { makeSlip } from './slips.ts';
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

/** The first administrator, who is let in, and the slips for the others. */
export interface FirstRun extends Admitted {
  readonly slips: readonly Slip[];
}

/**
 * Makes the first administrators for who holds the link, once: the person at the page, and the two others by slips. Where
 * one person may hold all three posts and no others are named, that person does.
 * @throws {WatchkeeperError} `forbidden` when the link is wrong, used or too old; `invalid_request`.
 */
export async function redeemFirstRun(
  deps: SignInDeps & FirstRunDeps,
  body: FirstRunBody,
  place: Place,
): Promise<FirstRun> {
  const { db, clock, passwords, sessions } = deps;
  const tokenHash = tokenHashOf(body.token);
  // Before the hashing of the password, so that guessing costs no work of ours.
  await requireLink(db, tokenHash, clock.nowMs());
  const others = othersOf(body, deps.people().mayCombineAdministrators);
  const roles: readonly Role[] = others.length === 0 ? ADMINISTRATORS : ['sysAdmin'];
  const passwordHash = await passwords.hash(body.password);
  const atMs = clock.nowMs();
  const { name, displayName, language } = body;
  const common = { language, createdAtMs: atMs, isDemonstration: false };
  const entry = { atMs, who: name, origin: place.origin };
  const account = { name, displayName, roles, language };
  const first = { ...entry, action: 'first_administrator_added', target: name, after: account };
  return audited(db, first, async (step) => {
    await requireLink(step, tokenHash, atMs);
    const added = await addAccount(step, { ...account, ...common, passwordHash });
    const slips: Slip[] = [];
    for (const { role, ...person } of others) {
      const other = await addAccount(step, { ...person, ...common, roles: [role], passwordHash: '' });
      slips.push(await makeSlip(step, other, { atMs, endsAtMs: atMs + deps.people().slipMs }));
      const after = { ...person, roles: [role] };
      const line = { ...entry, action: 'administrator_added', target: person.name, after };
      await audited(step, line, async () => {});
    }
    await removeFirstRunTokens(step);
    return { account: added, token: await sessions.begin(step, added.id, place), slips };
  });
}

interface FirstRunDeps {
  readonly people: () => Pick<PeopleSettings, 'mayCombineAdministrators' | 'slipMs'>;
}

function othersOf({ name, others }: FirstRunBody, mayCombine: boolean) {
  if (others === undefined) {
    if (mayCombine) return [];
    const message = 'must name the administrators of security and of the audit';
    throw new InvalidRequestError([{ path: 'others', message }]);
  }
  const { secAdmin, auditAdmin } = others;
  const keys = [name, secAdmin.name, auditAdmin.name].map(nameKeyOf);
  if (new Set(keys).size < keys.length) {
    throw new InvalidRequestError([{ path: 'others', message: 'must be three people' }]);
  }
  return [
    { role: 'secAdmin', ...secAdmin },
    { role: 'auditAdmin', ...auditAdmin },
  ] as const;
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
