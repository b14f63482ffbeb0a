import { ADMINISTRATORS, type Role } from '../../../config/model/account.ts';
import type { Slip } from '../../../config/model/api.ts';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { detailsOf, type PersonDetails, type PersonView } from '../../../config/model/person.ts';
import { Closed } from '../../../config/schema/common.ts';
import { qualificationRules, qualificationsAt } from '../../duty/people/qualifications.ts';
import { accountByName, addAccount } from '../../records/accounts.ts';
import { changePerson } from '../../records/people.ts';
import { sessionsOf } from '../../records/sessions.ts';
import { commandRoute, type Actor } from '../commands.ts';
import type { ApiPlugin } from '../api.ts';
import { makeSlip } from '../auth/slips.ts';
import { AccountName } from '../session.ts';
import { Details, PersonId, requireRealDays, Roles } from './person-schema.ts';
import {
  endSessionsOf,
  postEffects,
  requireOthersLeft,
  requirePerson,
  requireRoles,
  type PeopleDeps,
} from './people-deps.ts';

/** What a later undo needs to know: who, and how the person was left. */
interface Left {
  readonly id: number;
  readonly version: number;
}

/** Adds a person, with a slip for the first sign-in. Taken back, the person is disabled: nobody is ever deleted. */
export function addPerson(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'add-person',
    input: Closed({ name: AccountName, details: Details, roles: Roles }, 'A new person.'),
    async plan(db, { name, details, roles }, by) {
      requireRealDays(details);
      requireRoles(roles, { people: deps.people() });
      requireMayGive(roles, [], by);
      if ((await accountByName(db, name)) !== undefined) {
        throw new WatchkeeperError('conflict', `The name ${name} is taken.`);
      }
      const params = { name, displayName: details.displayName, roles: roles.join(' ') };
      return {
        effects: [
          { code: 'person_added', params },
          ...postEffects(name, roles),
          { code: 'slip_made', params },
          ...trainingEffects(deps, name, { details, atMs: by.atMs }),
        ],
        target: name,
        basis: { name },
        details: { name, details, roles },
        after: { ...details, roles },
      };
    },
    async act(step, { details: { name, details, roles } }, { atMs }) {
      const account = await addAccount(step, {
        ...details,
        name,
        roles,
        passwordHash: '',
        createdAtMs: atMs,
        isDemonstration: false,
      });
      const slip: Slip = await makeSlip(step, account, { atMs, endsAtMs: atMs + deps.people().slipMs });
      return { result: { slip }, undo: { id: account.id, version: 1 } satisfies Left };
    },
    async undo(step, undo) {
      const person = await requireUnchanged(await requirePerson(step, (undo as Left).id), undo as Left);
      await endSessionsOf(step, person.id, deps);
      await changePerson(step, person, { isDisabled: true });
      return [{ code: 'person_disabled', params: { name: person.name } }];
    },
  });
}

/**
 * Changes what is written down about a person. `seen` is what stood there when it was opened: what somebody else has
 * changed since is told and stays, unless this changes it, too.
 */
export function editPerson(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'edit-person',
    input: Closed({ id: PersonId, seen: Details, details: Details }, 'What is written down from now on.'),
    async plan(db, { id, seen, details: wanted }, by) {
      requireRealDays(wanted);
      const person = await requirePerson(db, id);
      const present = detailsOf(person);
      const details = mergeDetails(present, seen, wanted);
      const changes = changedFields(person, details);
      const others = changedFields({ ...seen, name: person.name }, present);
      return {
        effects: [
          ...others.map((effect): Effect => ({ ...effect, code: 'changed_meanwhile' })),
          ...(changes.length === 0
            ? [{ code: 'person_unchanged' as const, params: { name: person.name } }]
            : changes),
          ...trainingEffects(deps, person.name, { details, atMs: by.atMs }),
        ],
        target: person.name,
        basis: person,
        details: { person, details },
        before: present,
        after: details,
      };
    },
    async act(step, { details: { person, details } }) {
      await changePerson(step, person, { details });
      return { undo: { ...left(person), details: detailsOf(person) } };
    },
    async undo(step, undo) {
      const { details, ...before } = undo as Left & { readonly details: PersonDetails };
      const person = await requireUnchanged(await requirePerson(step, before.id), before);
      await changePerson(step, person, { details });
      return changedFields(person, details);
    },
  });
}

/** Gives and takes posts. Whoever it concerns signs in anew. */
export function setRoles(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'set-roles',
    input: Closed({ id: PersonId, roles: Roles }, 'What the person may do from now on.'),
    async plan(db, { id, roles }, by) {
      const person = await requirePerson(db, id);
      requireRoles(roles, { people: deps.people(), isDisplay: person.isDisplay });
      if (id === by.account.id) throw new WatchkeeperError('forbidden', 'Nobody gives posts to themselves.');
      const lost = person.roles.filter((role) => !roles.includes(role));
      await requireOthersLeft(db, person, lost);
      const { name } = person;
      const sessions = (await sessionsOf(db, id)).length;
      return {
        effects: [
          {
            code: 'roles_changed',
            params: { name, before: person.roles.join(' '), after: roles.join(' ') },
          },
          ...postEffects(name, roles),
          ...(sessions === 0 ? [] : [{ code: 'sessions_ended' as const, params: { name, n: sessions } }]),
        ],
        target: name,
        basis: person,
        details: { person, roles },
        before: { roles: person.roles },
        after: { roles },
      };
    },
    async act(step, { details: { person, roles } }) {
      await changePerson(step, person, { roles });
      await endSessionsOf(step, person.id, deps);
      return { undo: { ...left(person), roles: person.roles } };
    },
    async undo(step, undo) {
      const { roles, ...before } = undo as Left & { readonly roles: readonly Role[] };
      const person = await requireUnchanged(await requirePerson(step, before.id), before);
      requireRoles(roles, { people: deps.people() });
      await requireOthersLeft(
        step,
        person,
        person.roles.filter((role) => !roles.includes(role)),
      );
      await changePerson(step, person, { roles });
      await endSessionsOf(step, person.id, deps);
      const params = { name: person.name, before: person.roles.join(' '), after: roles.join(' ') };
      return [{ code: 'roles_changed', params }];
    },
  });
}

const left = ({ id, version }: PersonView): Left => ({ id, version: version + 1 });

/** @throws {WatchkeeperError} `conflict` when the person is not as the command left them. */
async function requireUnchanged(person: PersonView, { version }: Left): Promise<PersonView> {
  if (person.version === version) return person;
  throw new WatchkeeperError('conflict', `${person.name} was changed since; it cannot be taken back.`);
}

/** Posts of administrators are given by the administrator of security alone. */
export function requireMayGive(roles: readonly Role[], had: readonly Role[], { account }: Actor): void {
  const given = roles.filter((role) => !had.includes(role) && ADMINISTRATORS.includes(role));
  if (given.length > 0 && !account.roles.includes('secAdmin')) {
    throw new WatchkeeperError(
      'forbidden',
      'The posts of administrators are given by the administrator of security.',
    );
  }
}

const FIELDS = [
  'displayName',
  'phone',
  'mail',
  'language',
  'department',
  'vettedOn',
  'qualifications',
] as const;

function fieldsBetween(one: PersonDetails, other: PersonDetails): readonly (typeof FIELDS)[number][] {
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
  return FIELDS.filter((field) => text(one[field]) !== text(other[field]));
}

/** What stands there, with what somebody changed who has seen something else. */
function mergeDetails(present: PersonDetails, seen: PersonDetails, wanted: PersonDetails): PersonDetails {
  const own = fieldsBetween(seen, wanted);
  const of = <F extends keyof PersonDetails>(field: F): PersonDetails[F] =>
    (own.includes(field) ? wanted : present)[field];
  const vettedOn = of('vettedOn');
  return {
    displayName: of('displayName'),
    phone: of('phone'),
    mail: of('mail'),
    language: of('language'),
    department: of('department'),
    qualifications: of('qualifications'),
    ...(vettedOn === undefined ? {} : { vettedOn }),
  };
}

/** Each field that is different, with what it was and will be. */
export function changedFields(
  person: PersonDetails & Pick<PersonView, 'name'>,
  details: PersonDetails,
): readonly Effect[] {
  return fieldsBetween(person, details).map((field) => ({
    code: 'field_changed',
    params:
      field === 'qualifications'
        ? { name: person.name, field, before: person[field].length, after: details[field].length }
        : { name: person.name, field, before: person[field] ?? '', after: details[field] ?? '' },
  }));
}

/** What is lacking for the watch, while it only warns. */
export function trainingEffects(
  { people, timeZone }: PeopleDeps,
  name: string,
  { details, atMs }: { readonly details: PersonDetails; readonly atMs: number },
): readonly Effect[] {
  const found = qualificationsAt(details, atMs, qualificationRules(timeZone(), people()));
  if (found.verdict === 'qualified') return [];
  const lacking = [...(found.isVetted ? [] : ['vetting']), ...found.missing, ...found.expired];
  return [{ code: 'unqualified', params: { name, lacking: lacking.join(' '), verdict: found.verdict } }];
}
