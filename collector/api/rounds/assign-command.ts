import { Type } from 'typebox';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { Closed } from '../../../config/schema/common.ts';
import { assign, assigneeOf, requireToWalk } from '../../duty/rounds/assign.ts';
import { currentTemplates } from '../../duty/rounds/templates.ts';
import { accountByName } from '../../records/accounts.ts';
import { personsCalled } from '../../records/roster-people.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute } from '../commands.ts';
import { AccountName } from '../session.ts';
import type { RoundDeps } from './round-deps.ts';

/** Hands a due round to somebody by name; until then whoever keeps the watch walks it. */
export function assignRound(deps: RoundDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'assign-round',
    input: Closed(
      { due: Type.String({ maxLength: 80 }), account: Type.Optional(AccountName) },
      'A due round, and who walks it; nobody in particular when absent.',
    ),
    async plan(db, { due, account: asked }) {
      await requireToWalk(db, due, deps.site().timeZone);
      const account = asked === undefined ? undefined : await requirePerson(db, asked);
      const before = await assigneeOf(db, due);
      const details = { due, account, before };
      return {
        effects: [await whoseRound(db, due, account)],
        target: due,
        basis: details,
        details,
        ...(before === undefined ? {} : { before: { account: before } }),
        after: { account },
      };
    },
    async act(step, { details: { due, account, before } }, by) {
      await assign(step, { due, account }, { by: by.account.name, atMs: by.atMs });
      return { undo: { due, account: before } };
    },
    async undo(step, undo, by) {
      const { due, account } = undo as { due: string; account?: string };
      await assign(step, { due, account }, { by: by.account.name, atMs: by.atMs });
      return [await whoseRound(step, due, account)];
    },
  });
}

/** @returns the name of the account as it is written. @throws {WatchkeeperError} `not_found`. */
export async function requirePerson(db: Db, name: string): Promise<string> {
  const found = await accountByName(db, name);
  if (found === undefined || found.isDisabled)
    throw new WatchkeeperError('not_found', `There is nobody of the name ${name}.`);
  return found.account.name;
}

/** Whose a due round will be, by the names of the round and of the person. */
export async function whoseRound(db: Db, due: string, person: string | undefined): Promise<Effect> {
  const [id = '', day = ''] = due.split('@');
  const name = (await currentTemplates(db)).find(({ template }) => template.id === id)?.template.name;
  const params = { day, nameZh: name?.['zh-CN'] ?? id, nameEn: name?.en ?? id };
  if (person === undefined) return { code: 'round_is_watchs', params };
  return { code: 'round_is_persons', params: { ...params, person: await called(db, person) } };
}

export async function called(db: Db, person: string): Promise<string> {
  return (await personsCalled(db, [person]))[person] ?? person;
}
