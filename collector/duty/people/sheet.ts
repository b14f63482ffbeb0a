import { ACCOUNT_NAME, ROLES, type Role } from '../../../config/model/account.ts';
import { isLanguage, type Language } from '../../../config/model/localized.ts';
import {
  isDay,
  TRAININGS,
  type PersonDetails,
  type Qualification,
  type SheetFaultCode,
} from '../../../config/model/person.ts';

/** A cell of a sheet as it was read. */
export type Cell = string | number | boolean | Date | null;

/** The columns of a sheet of people, each with its title in both languages. */
export const COLUMNS = {
  name: ['账号', 'Account'],
  displayName: ['姓名', 'Name'],
  phone: ['电话', 'Phone'],
  mail: ['邮箱', 'Mail'],
  language: ['语言', 'Language'],
  department: ['部门', 'Department'],
  roles: ['岗位', 'Posts'],
  vettedOn: ['甄选日期', 'Vetted on'],
  businessPassedOn: ['业务培训考核日期', 'Business exam'],
  businessEndsOn: ['业务培训有效期至', 'Business until'],
  technicalPassedOn: ['技术培训考核日期', 'Technical exam'],
  technicalEndsOn: ['技术培训有效期至', 'Technical until'],
  securityPassedOn: ['安全保密培训考核日期', 'Security exam'],
  securityEndsOn: ['安全保密培训有效期至', 'Security until'],
} as const;
export type Column = keyof typeof COLUMNS;
const COLUMN_NAMES = Object.keys(COLUMNS) as readonly Column[];

/** What each post is called in a sheet. */
export const ROLE_NAMES: Readonly<Record<Role, readonly [string, string]>> = {
  viewer: ['访客', 'Viewer'],
  operator: ['值班员', 'Operator'],
  engineer: ['工程师', 'Engineer'],
  sysAdmin: ['系统管理员', 'System administrator'],
  secAdmin: ['安全管理员', 'Security administrator'],
  auditAdmin: ['审计管理员', 'Audit administrator'],
};

/** Something wrong with a cell, named as spreadsheets name it: row 1 holds the titles. */
export interface SheetFault {
  readonly row: number;
  /** `A`, `B` …; empty where it concerns the whole row. */
  readonly column: string;
  readonly fault: SheetFaultCode;
  /** What stands in the cell. */
  readonly text: string;
}

/** A person as a row tells. */
export interface SheetPerson {
  readonly row: number;
  readonly name: string;
  readonly details: PersonDetails;
  /** Absent where the sheet has no such column or the cell is empty: what the person holds stays. */
  readonly roles?: readonly Role[];
}

export interface PeopleSheet {
  readonly people: readonly SheetPerson[];
  readonly faults: readonly SheetFault[];
}

export const MAX_PEOPLE = 10_000;
const MAX_TEXT = 190;
const NAME = new RegExp(ACCOUNT_NAME, 'u');
const PHONE = /^[+0-9][0-9 ()-]{2,31}$/;
const MAIL = /^[^\s@<>"]{1,64}@[A-Za-z0-9.-]{1,190}$/;

/** Reads a sheet whose first row holds titles; what is wrong is told cell by cell, all of it. */
export function readPeopleSheet(rows: readonly (readonly Cell[])[]): PeopleSheet {
  const [titles = [], ...body] = rows;
  const { places, faults } = placesOf(titles);
  const filled = body
    .map((cells, index) => ({ cells, row: index + 2 }))
    .filter(({ cells }) => cells.some((cell) => textOf(cell) !== ''));
  if (filled.length === 0) faults.push({ row: 2, column: '', fault: 'no_people', text: '' });
  if (filled.length > MAX_PEOPLE) {
    return { people: [], faults: [{ row: MAX_PEOPLE + 2, column: '', fault: 'too_many_people', text: '' }] };
  }
  if (faults.some(({ fault }) => fault === 'column_missing')) return { people: [], faults };
  const people = filled.map(({ cells, row }) => readPerson({ cells, row, places }, faults));
  faults.push(...namesTwice(people, places.get('name') ?? 0));
  return { people, faults };
}

function placesOf(titles: readonly Cell[]): { places: Map<Column, number>; faults: SheetFault[] } {
  const places = new Map<Column, number>();
  const faults: SheetFault[] = [];
  for (const [index, cell] of titles.entries()) {
    const text = textOf(cell);
    if (text === '') continue;
    const title = text.toLowerCase();
    const column = COLUMN_NAMES.find((name) => COLUMNS[name].some((known) => known.toLowerCase() === title));
    const at = { row: 1, column: letterOf(index), text };
    if (column === undefined) faults.push({ ...at, fault: 'column_unknown' });
    else if (places.has(column)) faults.push({ ...at, fault: 'column_twice' });
    else places.set(column, index);
  }
  for (const column of ['name', 'displayName'] as const) {
    if (!places.has(column)) {
      faults.push({ row: 1, column: '', fault: 'column_missing', text: COLUMNS[column].join(' / ') });
    }
  }
  return { places, faults };
}

interface RowAt {
  readonly cells: readonly Cell[];
  readonly row: number;
  readonly places: ReadonlyMap<Column, number>;
}

function readPerson(at: RowAt, faults: SheetFault[]): SheetPerson {
  const { cells, row, places } = at;
  const text = (column: Column): string => textOf(cells[places.get(column) ?? -1] ?? null);
  const fail = (column: Column, fault: SheetFault['fault']): void => {
    faults.push({ row, column: letterOf(places.get(column) ?? 0), fault, text: text(column).slice(0, 80) });
  };
  const line = (column: Column, pattern: RegExp, fault: SheetFault['fault']): string => {
    const value = text(column);
    if (value.length > MAX_TEXT) fail(column, 'too_long');
    else if (value !== '' && !pattern.test(value)) fail(column, fault);
    return value;
  };
  const day = (column: Column): string | undefined => {
    const value = text(column)
      .replaceAll(/[/.]/g, '-')
      .replace(/^(\d{4})-(\d)-/, '$1-0$2-')
      .replace(/-(\d)$/, '-0$1');
    if (value === '') return undefined;
    if (!isDay(value)) fail(column, 'bad_day');
    return value;
  };
  const name = line('name', NAME, 'bad_name');
  const displayName = line('displayName', /^[^\p{C}]{1,100}$/u, 'bad_text');
  if (name === '') fail('name', 'missing');
  if (displayName === '') fail('displayName', 'missing');
  const vettedOn = day('vettedOn');
  const roles = rolesOf(text('roles'), () => fail('roles', 'bad_role'));
  const details: PersonDetails = {
    displayName,
    phone: line('phone', PHONE, 'bad_phone'),
    mail: line('mail', MAIL, 'bad_mail'),
    language: languageOf(text('language'), () => fail('language', 'bad_language')),
    department: line('department', /^[^\p{C}]{0,100}$/u, 'bad_text'),
    qualifications: TRAININGS.flatMap((training): Qualification[] => {
      const passedOn = day(`${training}PassedOn`);
      const endsOn = day(`${training}EndsOn`);
      if (passedOn === undefined && endsOn !== undefined) fail(`${training}EndsOn`, 'ends_without_exam');
      if (passedOn === undefined) return [];
      if (endsOn !== undefined && endsOn < passedOn) fail(`${training}EndsOn`, 'ends_before_exam');
      return [endsOn === undefined ? { training, passedOn } : { training, passedOn, endsOn }];
    }),
    ...(vettedOn === undefined ? {} : { vettedOn }),
  };
  return { row, name, details, ...(roles.length === 0 ? {} : { roles }) };
}

function languageOf(text: string, fail: () => void): Language {
  if (text === '' || /^(?:中文|chinese)$/i.test(text)) return 'zh-CN';
  if (/^(?:英文|english)$/i.test(text)) return 'en';
  if (isLanguage(text)) return text;
  fail();
  return 'zh-CN';
}

function rolesOf(text: string, fail: () => void): readonly Role[] {
  const words = text.split(/[、,，;；\n]/u).map((word) => word.trim().toLowerCase());
  const found = words.flatMap((word) => {
    if (word === '') return [];
    const role = ROLES.find(
      (known) =>
        known.toLowerCase() === word || ROLE_NAMES[known].some((called) => called.toLowerCase() === word),
    );
    if (role === undefined) fail();
    return role === undefined ? [] : [role];
  });
  return [...new Set(found)];
}

function namesTwice(people: readonly SheetPerson[], place: number): SheetFault[] {
  const seen = new Set<string>();
  return people.flatMap(({ row, name }): SheetFault[] => {
    const key = name.normalize('NFKC').toLowerCase();
    if (key !== '' && seen.has(key)) {
      return [{ row, column: letterOf(place), fault: 'name_twice', text: name }];
    }
    seen.add(key);
    return [];
  });
}

function textOf(cell: Cell): string {
  if (cell === null) return '';
  // Spreadsheets keep days as instants at midnight of no zone.
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '?' : cell.toISOString().slice(0, 10);
  return String(cell).normalize('NFC').trim();
}

/** The name that spreadsheets give to a column. */
function letterOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter;
}
