import { ADMINISTRATORS, type Role } from '../../../config/model/account.ts';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { rolesFault, type PersonView } from '../../../config/model/person.ts';
import type { PeopleSettings } from '../../../config/people.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { holdersOf } from '../../records/accounts.ts';
import { personById } from '../../records/people.ts';
import type { Db } from '../../records/tables.ts';
import type { AccessTokens } from '../auth/access-tokens.ts';
import type { Sessions } from '../auth/sessions.ts';
import { removeSessionsOf } from '../../records/sessions.ts';
import { InvalidRequestError } from '../refusals.ts';

/** What the commands about people need. */
export interface PeopleDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly people: () => PeopleSettings;
  readonly sessions: Sessions;
  readonly tokens: AccessTokens;
  /** Zone of the site, whose days the exams are dated in. */
  readonly timeZone: () => string;
}

/** @throws {WatchkeeperError} `not_found`. */
export async function requirePerson(db: Db, id: number): Promise<PersonView> {
  const person = await personById(db, id);
  if (person === undefined) throw new WatchkeeperError('not_found', 'There is no such person.');
  return person;
}

const ROLE_FAULTS = {
  no_role: 'must be at least one',
  combined_administrators:
    'the administrators of the system, of security and of the audit exclude each other here (people.allow_combined_administrators)',
  display_only_looks: 'a screen on the wall only looks',
} as const;

/** @throws {InvalidRequestError} */
export function requireRoles(
  roles: readonly Role[],
  { people, isDisplay = false }: { readonly people: PeopleSettings; readonly isDisplay?: boolean },
): void {
  const fault = rolesFault(roles, { mayCombine: people.mayCombineAdministrators, isDisplay });
  if (fault !== undefined) {
    throw new InvalidRequestError([{ path: 'input.roles', message: ROLE_FAULTS[fault] }]);
  }
}

/** What is to be seen of somebody who holds several posts. */
export function postEffects(name: string, roles: readonly Role[]): readonly Effect[] {
  const administrators = roles.filter((role) => ADMINISTRATORS.includes(role));
  const params = { name, roles: roles.join(' ') };
  if (administrators.length > 1) return [{ code: 'administrators_combined', params }];
  return roles.length > 1 ? [{ code: 'several_posts', params }] : [];
}

/**
 * Somebody must be left who can let others in.
 * @throws {WatchkeeperError} `conflict` when the person is the last one with a post that cannot be done without.
 */
export async function requireOthersLeft(db: Db, person: PersonView, lost: readonly Role[]): Promise<void> {
  for (const role of lost.filter((each) => each === 'sysAdmin' || each === 'secAdmin')) {
    const holders = await holdersOf(db, role);
    if (!person.isDisabled && holders.every((id) => id === person.id)) {
      throw new WatchkeeperError('conflict', `${person.name} is the last ${role}; name another one first.`);
    }
  }
}

/** Ends all sessions of an account, at the live socket, too. */
export async function endSessionsOf(
  step: Db,
  accountId: number,
  { sessions }: Pick<PeopleDeps, 'sessions'>,
): Promise<void> {
  for (const ended of await removeSessionsOf(step, accountId)) await sessions.end(step, ended);
}
