import { SCOPES } from '../../config/model/access.ts';
import { ROLES } from '../../config/model/account.ts';
import type { Effect } from '../../config/model/command.ts';
import { SHEET_FAULTS, TRAININGS } from '../../config/model/person.ts';
import { WAY_WORDS } from './receivers.ts';
import type { MessageKey, Words } from '../i18n/words.ts';

type Wording = Pick<Words, 't'>;

const LACKING = ['vetting', ...TRAININGS] as const;
const FIELDS = [
  'displayName',
  'phone',
  'mail',
  'language',
  'department',
  'vettedOn',
  'qualifications',
] as const;

/** What of a round is no place and no item. */
const ROUND_PARTS: readonly (readonly [string, MessageKey])[] = [
  ['name', 'edit.name'],
  ['kind', 'edit.kind'],
  ['room', 'edit.room'],
  ['schedule', 'edit.schedule'],
  ['isOrdered', 'edit.ordered'],
  ['needsReview', 'edit.review'],
  ['isRetired', 'edit.retired'],
];

/** Parameters that are codes, and the words of each code. */
const CODES: Readonly<Record<string, ReadonlyMap<string, MessageKey>>> = {
  roles: new Map(ROLES.map((role) => [role, `account.role.${role}`])),
  lacking: new Map(LACKING.map((training) => [training, `training.${training}`])),
  scopes: new Map(SCOPES.map((scope) => [scope, `scope.${scope}`])),
  fault: new Map(SHEET_FAULTS.map((fault) => [fault, `sheet_fault.${fault}`])),
  kind: WAY_WORDS,
  part: new Map(ROUND_PARTS),
  field: new Map(FIELDS.map((field) => [field, `field.${field}`])),
};

/**
 * An effect in words: the words of posts, trainings and faults, not their codes, and instants as people read them.
 * @param instant writes what stands under a name that ends in `Ms`
 */
export function effectText(
  { code, params = {} }: Effect,
  words: Wording,
  instant: (atMs: number) => string,
): string {
  const codesOf = (key: string): ReadonlyMap<string, MessageKey> | undefined =>
    code === 'roles_changed' && (key === 'before' || key === 'after') ? CODES['roles'] : CODES[key];
  const worded = Object.entries(params).map(([key, value]): [string, string | number] => {
    const codes = codesOf(key);
    if (codes !== undefined) return [key, wordsOfCodes(String(value), codes, words)];
    return [key, key.endsWith('Ms') ? instant(Number(value)) : value];
  });
  const told = Object.fromEntries(worded);
  return code === 'sheet_fault' ? sheetFault(told, words) : words.t(`effect.${code}`, told);
}

/** Of a cell, or of the whole row; what stands there is told where something does. */
function sheetFault(params: Readonly<Record<string, string | number>>, { t }: Wording): string {
  const { column, text } = params;
  const told = text === '' || text === undefined ? '' : t('people.sheet.told', { text });
  return t(column === '' ? 'people.sheet.row' : 'effect.sheet_fault', { ...params, told });
}

/** Codes stand with a space between them; a text that is more than codes stands as it is. */
function wordsOfCodes(text: string, codes: ReadonlyMap<string, MessageKey>, { t }: Wording): string {
  const keys = text.split(' ').map((word) => codes.get(word));
  if (keys.some((key) => key === undefined)) return text;
  return keys.flatMap((key) => (key === undefined ? [] : [t(key)])).join(t('list.separator'));
}
