import { Type } from 'typebox';
import { SCOPES } from '../../../config/model/access.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { LANGUAGES } from '../../../config/model/localized.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { accountByName, addAccount } from '../../records/accounts.ts';
import { changePerson } from '../../records/people.ts';
import {
  accessTokens,
  addAccessToken,
  revokeTokensOf,
  setTokenRevoked,
} from '../../records/sign-in-secrets.ts';
import type { ApiPlugin } from '../api.ts';
import { newToken, tokenHashOf } from '../auth/token.ts';
import { commandRoute } from '../commands.ts';
import { AccountName, DisplayName } from '../session.ts';
import { endSessionsOf, requirePerson, type PeopleDeps } from './people-deps.ts';

const DAY_MS = 24 * 3_600_000;
const Days = Type.Integer({ minimum: 1, maximum: 730, description: 'After so many days it ends.' });
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** Lets a screen on the wall in by a link of its own. Taken back, its account is disabled. */
export function addDisplay(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'add-display',
    input: Closed(
      {
        name: AccountName,
        displayName: DisplayName,
        language: OneOf(LANGUAGES, 'Language of the screen.'),
        days: Days,
      },
      'A screen on the wall.',
    ),
    async plan(db, input, by) {
      if ((await accountByName(db, input.name)) !== undefined) {
        throw new WatchkeeperError('conflict', `The name ${input.name} is taken.`);
      }
      const endsAtMs = by.atMs + input.days * DAY_MS;
      const { name, displayName, days } = input;
      return {
        effects: [{ code: 'display_added', params: { name, displayName, days } }],
        target: name,
        basis: { name },
        details: { ...input, endsAtMs },
        after: { displayName, days },
      };
    },
    async act(step, { details: { name, displayName, language, endsAtMs } }, { atMs }) {
      const account = await addAccount(step, {
        name,
        displayName,
        language,
        roles: ['viewer'],
        passwordHash: '',
        createdAtMs: atMs,
        isDemonstration: false,
        isDisplay: true,
      });
      const token = newToken();
      const tokenHash = tokenHashOf(token);
      const scopes = ['display'] as const;
      const ownerId = account.id;
      await addAccessToken(step, { tokenHash, ownerId, name, scopes, createdAtMs: atMs, endsAtMs });
      // After the hash it reaches no server's log.
      return { result: { path: `/display#${token}`, name, endsAtMs }, undo: { id: account.id } };
    },
    async undo(step, undo, { atMs }) {
      const person = await requirePerson(step, (undo as { readonly id: number }).id);
      await changePerson(step, person, { isDisabled: true });
      await revokeTokensOf(step, person.id, atMs);
      await endSessionsOf(step, person.id, deps);
      return [{ code: 'person_disabled', params: { name: person.name } }];
    },
  });
}

/** Makes a token for a program; it is shown once. */
export function addToken(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'add-token',
    input: Closed(
      {
        name: DisplayName,
        scopes: Type.Array(OneOf(SCOPES, 'What it is for.'), { minItems: 1, uniqueItems: true }),
        days: Days,
      },
      'A token for a program.',
    ),
    async plan(_db, input, by) {
      const { name, scopes, days } = input;
      return {
        effects: [{ code: 'token_added', params: { name, scopes: scopes.join(' '), days } }],
        target: name,
        basis: { name },
        details: { ...input, endsAtMs: by.atMs + days * DAY_MS },
        after: { scopes, days },
      };
    },
    async act(step, { details: { name, scopes, endsAtMs } }, { account, atMs }) {
      const token = newToken();
      const tokenHash = tokenHashOf(token);
      await addAccessToken(step, {
        tokenHash,
        ownerId: account.id,
        name,
        scopes,
        createdAtMs: atMs,
        endsAtMs,
      });
      return { result: { token, name, endsAtMs }, undo: { tokenHash } };
    },
    async undo(step, undo, { atMs }) {
      const { tokenHash } = undo as { readonly tokenHash: string };
      const [token] = await accessTokens(step, tokenHash);
      await setTokenRevoked(step, tokenHash, atMs);
      deps.tokens.forget();
      return [{ code: 'token_revoked', params: { name: token?.name ?? '' } }];
    },
  });
}

/** Ends a token at once. */
export function revokeToken(deps: PeopleDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'revoke-token',
    input: Closed({ id: Hash }, 'The token, by its hash.'),
    async plan(db, { id }) {
      const [token] = await accessTokens(db, id);
      if (token === undefined) throw new WatchkeeperError('not_found', 'There is no such token.');
      if (token.revokedAtMs !== undefined) throw new WatchkeeperError('conflict', 'It is revoked already.');
      const { name, owner } = token;
      return {
        effects: [{ code: 'token_revoked', params: { name, owner: owner.name } }],
        target: name,
        basis: { id, endsAtMs: token.endsAtMs },
        details: { id },
      };
    },
    async act(step, { details: { id } }, { atMs }) {
      await setTokenRevoked(step, id, atMs);
      deps.tokens.forget();
      return { undo: { tokenHash: id } };
    },
    async undo(step, undo) {
      const { tokenHash } = undo as { readonly tokenHash: string };
      await setTokenRevoked(step, tokenHash, undefined);
      deps.tokens.forget();
      const [token] = await accessTokens(step, tokenHash);
      return [{ code: 'token_restored', params: { name: token?.name ?? '' } }];
    },
  });
}
