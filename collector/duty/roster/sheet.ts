import type { PlannedShift } from '../../../config/model/roster.ts';
import { WATCH_POSTS, type WatchPost } from '../../../config/model/watch.ts';
import type { Cell } from '../people/sheet.ts';
import { POST_NAMES } from './ical.ts';

/** The columns of a sheet of shifts, each with its title in both languages; the posts follow. */
const COLUMNS = {
  day: ['日期', 'Day'],
  shift: ['班次', 'Shift'],
  from: ['开始', 'From'],
  until: ['结束', 'Until'],
} as const;

export const ROSTER_SHEET_FAULTS = ['column', 'day', 'shift', 'name', 'twice', 'empty', 'long'] as const;

/** Something wrong with a row, named as spreadsheets name it: row 1 holds the titles. */
export interface RosterSheetFault {
  readonly row: number;
  readonly fault: (typeof ROSTER_SHEET_FAULTS)[number];
  /** What stands there. */
  readonly text: string;
}

/** Who keeps a post of one shift, as a row tells. */
export interface SheetAssignment {
  readonly shift: string;
  readonly post: WatchPost;
  readonly names: readonly string[];
}

/** A year of three shifts a day. */
const MAX_ROWS = 1_200;
const SEPARATORS = /[、,，;；/\n]/u;

/** Titles and a row for each shift; a cell holds names of accounts with what the people are called behind them. */
export function rosterRows(
  shifts: readonly PlannedShift[],
  {
    people,
    timeOf,
    language,
  }: {
    readonly people: Readonly<Record<string, string>>;
    readonly timeOf: (atMs: number) => string;
    readonly language: 0 | 1;
  },
): readonly (readonly string[])[] {
  const titles = [...Object.values(COLUMNS), ...WATCH_POSTS.map((post) => POST_NAMES[post])];
  const cell = (names: readonly string[]): string =>
    names.map((name) => `${name} ${people[name] ?? ''}`.trim()).join('、');
  return [
    titles.map((title) => title[language]),
    ...shifts.map(({ day, name, startsAtMs, endsAtMs, posts }) => [
      day,
      name,
      timeOf(startsAtMs),
      timeOf(endsAtMs),
      ...WATCH_POSTS.map((post) => cell(posts[post])),
    ]),
  ];
}

/**
 * Reads a sheet of shifts: each row names a shift that is planned by its day and name, each cell below a post who keeps it.
 * Posts without a column stay as they are. What is wrong is told row by row, all of it.
 */
export function readRosterSheet(
  rows: readonly (readonly Cell[])[],
  {
    shifts,
    people,
  }: { readonly shifts: readonly PlannedShift[]; readonly people: Readonly<Record<string, string>> },
): { readonly assignments: readonly SheetAssignment[]; readonly faults: readonly RosterSheetFault[] } {
  const [titles = [], ...body] = rows;
  const columns = columnsOf(titles);
  const faults: RosterSheetFault[] = [];
  const fail = (row: number, fault: RosterSheetFault['fault'], text: string): void =>
    void faults.push({ row, fault, text: text.slice(0, 80) });
  if (columns.day < 0 || columns.shift < 0) fail(1, 'column', titles.map(textOf).join(' '));
  const filled = body
    .map((cells, index) => ({ cells, row: index + 2 }))
    .filter(({ cells }) => cells.some((cell) => textOf(cell) !== ''));
  if (filled.length === 0) fail(2, 'empty', '');
  if (filled.length > MAX_ROWS) fail(MAX_ROWS + 2, 'long', '');
  if (faults.length > 0) return { assignments: [], faults };
  const byName = new Map(shifts.map((shift) => [`${shift.day} ${shift.name}`, shift]));
  const known = namesByWord(people);
  const seen = new Set<string>();
  const assignments = filled.flatMap(({ cells, row }): SheetAssignment[] => {
    const day = dayText(textOf(cells[columns.day] ?? null));
    const shift = byName.get(`${day} ${textOf(cells[columns.shift] ?? null)}`);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) fail(row, 'day', day);
    else if (shift === undefined) fail(row, 'shift', `${day} ${textOf(cells[columns.shift] ?? null)}`);
    else if (seen.has(shift.id)) fail(row, 'twice', `${day} ${shift.name}`);
    if (shift === undefined || seen.has(shift.id)) return [];
    seen.add(shift.id);
    return columns.posts.map(({ post, index }) => ({
      shift: shift.id,
      post,
      names: namesIn(textOf(cells[index] ?? null), known, (word) => fail(row, 'name', word)),
    }));
  });
  return { assignments, faults };
}

function columnsOf(titles: readonly Cell[]) {
  const words = titles.map((title) => textOf(title).toLowerCase());
  const indexOf = (called: readonly string[]): number =>
    words.findIndex((word) => called.some((each) => each.toLowerCase() === word));
  return {
    day: indexOf(COLUMNS.day),
    shift: indexOf(COLUMNS.shift),
    posts: WATCH_POSTS.map((post) => ({ post, index: indexOf(POST_NAMES[post]) })).filter(
      ({ index }) => index >= 0,
    ),
  };
}

/** Account names, and what people are called where that is one person alone. */
function namesByWord(people: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const twice = new Set<string>();
  for (const [name, called] of Object.entries(people)) {
    if (found.has(called)) twice.add(called);
    found.set(called, name);
  }
  for (const called of twice) found.delete(called);
  for (const name of Object.keys(people)) found.set(name, name);
  return found;
}

function namesIn(
  text: string,
  known: ReadonlyMap<string, string>,
  fail: (word: string) => void,
): readonly string[] {
  const words = text
    .split(SEPARATORS)
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return [
    ...new Set(
      words.flatMap((word) => {
        const name = known.get(word) ?? known.get(word.split(' ')[0] ?? '');
        if (name === undefined) fail(word);
        return name === undefined ? [] : [name];
      }),
    ),
  ];
}

function textOf(cell: Cell): string {
  if (cell === null) return '';
  // Spreadsheets keep days as instants at midnight of no zone.
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '?' : cell.toISOString().slice(0, 10);
  return String(cell).normalize('NFC').trim();
}

/** `2026/3/5` as spreadsheets like to write it, too. */
function dayText(text: string): string {
  const [, year, month = '', day = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/u.exec(text) ?? [];
  return year === undefined ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
