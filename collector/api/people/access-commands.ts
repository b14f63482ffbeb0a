import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { PersonView } from '../../../config/model/person.ts';
import { Type } from 'typebox';
import { Closed } from '../../../config/schema/common.ts';
import { changePerson } from '../../records/people.ts';
import { sessionsOf } from '../../records/sessions.ts';
import {
  accessTokens,
  codesOf,
  replaceCodes,
  revokeTokensOf,
  setSecondFactor,
  setTokenRevoked,
} from '../../records/sign-in-secrets.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { codeHashOf, EMERGENCY_GROUPS, newPrintedCode } from '../auth/codes.ts';
import { makeSlip } from '../auth/slips.ts';
import { commandRoute, type Plan } from '../commands.ts';
import { endSessionsOf, requireOthersLeft, requirePerson, type PeopleDeps } from './people-deps.ts';
import { PersonId } from './person-schema.ts';

const Whom = Closed({ id: PersonId }, 'Whom it concerns.');
const WhomAndWhy = Closed(
  { id: PersonId, reason: Type.String({ pattern: '\\S', maxLength: 500 }) },
  'Whom it concerns, and why.',
);

/** Closes an account: nobody signs in by it any more, and all that it was is kept. */
export function disablePerson(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'disable-person',
    input: WhomAndWhy,
    async plan(db, { id, reason }, by) {
      const person = await requirePerson(db, id);
      if (id === by.account.id) throw new WatchkeeperError('forbidden', 'Nobody disables themselves.');
      if (person.isDisabled) throw new WatchkeeperError('conflict', `${person.name} is disabled already.`);
      await requireOthersLeft(db, person, person.roles);
      const { name, displayName } = person;
      const tokens = await liveTokensOf(db, id, by.atMs);
      return {
        effects: [
          { code: 'person_disabled', params: { name, displayName } },
          ...(await sessionEffects(db, person)),
          ...(tokens.length === 0
            ? []
            : [{ code: 'tokens_revoked' as const, params: { name, n: tokens.length } }]),
        ],
        target: name,
        basis: person,
        details: { person, tokens },
        after: { isDisabled: true, reason },
      };
    },
    async act(step, { details: { person, tokens } }, { atMs }) {
      await changePerson(step, person, { isDisabled: true });
      await endSessionsOf(step, person.id, deps);
      await revokeTokensOf(step, person.id, atMs);
      deps.tokens.forget();
      return { undo: { id: person.id, tokens } };
    },
    async undo(step, undo) {
      const { id, tokens } = undo as { readonly id: number; readonly tokens: readonly string[] };
      const person = await requirePerson(step, id);
      if (!person.isDisabled) throw new WatchkeeperError('conflict', `${person.name} is enabled already.`);
      await changePerson(step, person, { isDisabled: false });
      for (const token of tokens) await setTokenRevoked(step, token, undefined);
      return [{ code: 'person_enabled', params: { name: person.name } }];
    },
  });
}

/** Opens an account that was disabled. */
export function enablePerson(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'enable-person',
    input: Whom,
    async plan(db, { id }) {
      const person = await requirePerson(db, id);
      if (!person.isDisabled) throw new WatchkeeperError('conflict', `${person.name} is enabled already.`);
      return planFor(person, [{ code: 'person_enabled', params: nameOf(person) }]);
    },
    async act(step, { details }) {
      await changePerson(step, details, { isDisabled: false });
      return { undo: { id: details.id } };
    },
    async undo(step, undo, by) {
      const person = await requirePerson(step, (undo as { readonly id: number }).id);
      if (person.isDisabled) throw new WatchkeeperError('conflict', `${person.name} is disabled already.`);
      await requireOthersLeft(step, person, person.roles);
      await changePerson(step, person, { isDisabled: true });
      await endSessionsOf(step, person.id, deps);
      await revokeTokensOf(step, person.id, by.atMs);
      return [{ code: 'person_disabled', params: nameOf(person) }];
    },
  });
}

/** Makes a new slip with a first password. */
export function makePersonSlip(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'make-slip',
    noUndo: 'The password before is gone; another slip makes it good.',
    input: Whom,
    async plan(db, { id }, by) {
      const person = await requireWorking(db, id);
      if (id === by.account.id) throw new WatchkeeperError('forbidden', 'Change your own password instead.');
      return planFor(person, [
        { code: 'slip_made', params: nameOf(person) },
        ...(await sessionEffects(db, person)),
      ]);
    },
    async act(step, { details }, { atMs }) {
      await endSessionsOf(step, details.id, deps);
      const slip = await makeSlip(step, details, { atMs, endsAtMs: atMs + deps.people().slipMs });
      return { result: { slip } };
    },
  });
}

/** Makes the code for the envelope; the one before is worth nothing any more. */
export function makeEmergencyCode(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'make-emergency-code',
    noUndo: 'Of the code before only its hash was known; another code makes it good.',
    input: Whom,
    async plan(db, { id }) {
      const person = await requireWorking(db, id);
      const before = await codesOf(db, id, 'emergency');
      const effects: Effect[] = [{ code: 'emergency_code_made', params: nameOf(person) }];
      if (before.length > 0) effects.push({ code: 'emergency_code_replaced', params: nameOf(person) });
      return planFor(person, effects);
    },
    async act(step, { details }) {
      const code = newPrintedCode(EMERGENCY_GROUPS);
      await replaceCodes(step, details.id, 'emergency', [{ codeHash: codeHashOf(code) }]);
      return { result: { code, ...nameOf(details) } };
    },
  });
}

/** For who has lost the phone and the codes on paper. */
export function resetSecondFactor(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'reset-second-factor',
    noUndo: 'A secret that somebody may have lost must not come back; the person sets up another.',
    input: Whom,
    async plan(db, { id }, by) {
      const person = await requireWorking(db, id);
      if (id === by.account.id) throw new WatchkeeperError('forbidden', 'Use the page of your own account.');
      if (!person.hasSecondFactor) {
        throw new WatchkeeperError('conflict', `${person.name} has no second factor.`);
      }
      return planFor(person, [
        { code: 'second_factor_removed', params: nameOf(person) },
        ...(await sessionEffects(db, person)),
      ]);
    },
    async act(step, { details }) {
      await setSecondFactor(step, details.id, undefined);
      await replaceCodes(step, details.id, 'recovery', []);
      await endSessionsOf(step, details.id, deps);
      return {};
    },
  });
}

const nameOf = ({ name, displayName }: PersonView) => ({ name, displayName });

const planFor = (person: PersonView, effects: readonly Effect[]): Plan<PersonView> => ({
  effects,
  target: person.name,
  basis: person,
  details: person,
});

/** A person, not a screen, who may sign in. */
async function requireWorking(db: Db, id: number): Promise<PersonView> {
  const person = await requirePerson(db, id);
  if (person.isDisplay || person.isDisabled) {
    throw new WatchkeeperError('conflict', `${person.name} does not sign in by a password.`);
  }
  return person;
}

async function sessionEffects(db: Db, { id, name }: PersonView): Promise<readonly Effect[]> {
  const n = (await sessionsOf(db, id)).length;
  return n === 0 ? [] : [{ code: 'sessions_ended', params: { name, n } }];
}

async function liveTokensOf(db: Db, accountId: number, atMs: number): Promise<readonly string[]> {
  const all = await accessTokens(db);
  return all
    .filter(
      ({ owner, revokedAtMs, endsAtMs }) =>
        owner.id === accountId && revokedAtMs === undefined && atMs < endsAtMs,
    )
    .map(({ tokenHash }) => tokenHash);
}
