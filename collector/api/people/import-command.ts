import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import type { Role } from '../../../config/model/account.ts';
import type { Slip } from '../../../config/model/api.ts';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import {
  detailsOf,
  rolesFault,
  type PersonDetails,
  type PersonView,
  type SheetFaultCode,
} from '../../../config/model/person.ts';
import { Closed } from '../../../config/schema/common.ts';
import { readPeopleSheet, type SheetPerson } from '../../duty/people/sheet.ts';
import { createWorkbookReader } from '../../duty/people/workbook.ts';
import { addAccount, nameKeyOf } from '../../records/accounts.ts';
import { changePerson, peopleByName, personById } from '../../records/people.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { makeSlip, type SlipTimes } from '../auth/slips.ts';
import { commandRoute, type Actor } from '../commands.ts';
import { changedFields, requireMayGive } from './person-commands.ts';
import type { PeopleDeps } from './people-deps.ts';

/** In base64; three quarters of it are the workbook. */
const MAX_SHEET_CHARS = 4 * 1024 * 1024;
/** The preview names so many people one by one, and so many faults. */
const TOLD_ONE_BY_ONE = 100;
const TOLD_FAULTS = 500;

interface Step {
  readonly person: SheetPerson;
  readonly known?: PersonView;
}

interface Import {
  readonly added: readonly Step[];
  readonly changed: readonly (Step & { readonly known: PersonView })[];
  readonly faults: readonly Effect[];
}

interface Undo {
  readonly added: readonly number[];
  readonly changed: readonly {
    readonly id: number;
    readonly version: number;
    readonly details: PersonDetails;
  }[];
}

/**
 * Adds and changes people as a workbook says: all of them or, when there is one fault in it, nobody. Taken back, those
 * who were added are disabled, and those who were changed are what they were.
 */
export function importPeople(deps: PeopleDeps): ApiPlugin {
  const read = createWorkbookReader(readPeopleSheet);
  return commandRoute(deps, {
    name: 'import-people',
    input: Closed(
      { sheet: Type.String({ pattern: '^[A-Za-z0-9+/]+=*$', maxLength: MAX_SHEET_CHARS }) },
      'A workbook of Excel in base64.',
    ),
    maxBodyBytes: MAX_SHEET_CHARS + 4_096,
    async plan(db, { sheet }, by) {
      const { people, faults } = await read(sheet);
      const plan = await compare(db, people, { by, mayCombine: deps.people().mayCombineAdministrators });
      const all = [
        ...faults.map((fault): Effect => ({ code: 'sheet_fault', params: { ...fault } })),
        ...plan.faults,
      ];
      return {
        effects: [...all.slice(0, TOLD_FAULTS), ...effectsOf(people.length, plan)],
        target: `${plan.added.length} + ${plan.changed.length}`,
        basis: { sheet: hashOf(sheet), versions: plan.changed.map(({ known }) => known.version) },
        details: { ...plan, faults: all },
        after: {
          added: plan.added.map(({ person }) => person.name),
          changed: plan.changed.map(({ person }) => person.name),
        },
      };
    },
    async act(step, { details }, by) {
      if (details.faults.length > 0) {
        throw new WatchkeeperError('invalid_request', 'The workbook has faults; nothing of it was taken.');
      }
      return takeIn(step, details, { atMs: by.atMs, endsAtMs: by.atMs + deps.people().slipMs });
    },
    undo: (step, undo) => takeBack(step, undo as Undo),
  });
}

async function takeIn(
  step: Db,
  plan: Import,
  times: SlipTimes,
): Promise<{ result: { slips: readonly Slip[] }; undo: Undo }> {
  const slips: Slip[] = [];
  const added: number[] = [];
  for (const { person } of plan.added) {
    const account = await addAccount(step, {
      ...person.details,
      name: person.name,
      roles: person.roles ?? ['viewer'],
      passwordHash: '',
      createdAtMs: times.atMs,
      isDemonstration: false,
    });
    added.push(account.id);
    slips.push(await makeSlip(step, account, times));
  }
  for (const { person, known } of plan.changed) {
    await changePerson(step, known, { details: person.details });
  }
  const changed = plan.changed.map(({ known }) => ({
    id: known.id,
    version: known.version + 1,
    details: detailsOf(known),
  }));
  return { result: { slips }, undo: { added, changed } };
}

async function takeBack(step: Db, { added, changed }: Undo): Promise<readonly Effect[]> {
  for (const id of added) {
    const person = await personById(step, id);
    if (person !== undefined && !person.isDisabled) await changePerson(step, person, { isDisabled: true });
  }
  for (const { id, version, details } of changed) {
    const person = await personById(step, id);
    if (person?.version !== version) {
      const name = person?.name ?? String(id);
      throw new WatchkeeperError('conflict', `${name} was changed since; the import cannot be taken back.`);
    }
    await changePerson(step, person, { details });
  }
  return [
    { code: 'people_disabled', params: { n: added.length } },
    { code: 'people_restored', params: { n: changed.length } },
  ];
}

interface CompareOptions {
  readonly by: Actor;
  readonly mayCombine: boolean;
}

/** Who is new, who is different, and whose posts cannot be given like this. */
async function compare(
  db: Db,
  people: readonly SheetPerson[],
  { by, mayCombine }: CompareOptions,
): Promise<Import> {
  const names = people.map(({ name }) => name).filter((name) => name !== '');
  const known = new Map((await peopleByName(db, names)).map((person) => [nameKeyOf(person.name), person]));
  const added: Step[] = [];
  const changed: (Step & { readonly known: PersonView })[] = [];
  const faults: Effect[] = [];
  for (const person of people) {
    const before = known.get(nameKeyOf(person.name));
    const fault = postFault(person, before, { by, mayCombine });
    if (fault !== undefined) {
      const text = (person.roles ?? []).join(' ');
      faults.push({ code: 'sheet_fault', params: { row: person.row, column: '', fault, text } });
    }
    if (before === undefined) added.push({ person });
    else if (changedFields(before, person.details).length > 0) changed.push({ person, known: before });
  }
  return { added, changed, faults };
}

/** An import adds posts to new people only, and none that the one who imports may not give. */
function postFault(
  { roles }: SheetPerson,
  before: PersonView | undefined,
  { by, mayCombine }: CompareOptions,
): SheetFaultCode | undefined {
  if (before !== undefined) {
    if (before.isDisplay) return 'is_display';
    return roles === undefined || isSame(roles, before.roles) ? undefined : 'roles_stay';
  }
  if (roles === undefined) return undefined;
  if (rolesFault(roles, { mayCombine }) !== undefined) return 'combined_administrators';
  try {
    requireMayGive(roles, [], by);
    return undefined;
  } catch {
    return 'not_yours_to_give';
  }
}

const isSame = (one: readonly Role[], other: readonly Role[]): boolean =>
  one.length === other.length && one.every((role) => other.includes(role));

function effectsOf(total: number, { added, changed }: Import): readonly Effect[] {
  const one = (code: 'person_added' | 'person_changed', { person }: Step): Effect => ({
    code,
    params: {
      name: person.name,
      displayName: person.details.displayName,
      roles: (person.roles ?? ['viewer']).join(' '),
    },
  });
  const unchanged = total - added.length - changed.length;
  const counts: readonly (readonly [Effect['code'], number])[] = [
    ['people_added', added.length],
    ['people_changed', changed.length],
    ['people_unchanged', unchanged],
    ['slips_made', added.length],
  ];
  return [
    ...counts.filter(([, n]) => n > 0).map(([code, n]): Effect => ({ code, params: { n } })),
    ...added.slice(0, TOLD_ONE_BY_ONE).map((step) => one('person_added', step)),
    ...changed.slice(0, TOLD_ONE_BY_ONE).map((step) => one('person_changed', step)),
  ];
}

const hashOf = (sheet: string): string => createHash('sha256').update(sheet).digest('hex');
