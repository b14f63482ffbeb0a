import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { isDay } from '../../../config/model/person.ts';
import type { PlannedShift } from '../../../config/model/roster.ts';
import { Closed } from '../../../config/schema/common.ts';
import type { Cell } from '../../duty/people/sheet.ts';
import { createWorkbookReader } from '../../duty/people/workbook.ts';
import { shiftsOf } from '../../duty/roster/plan.ts';
import { readRosterSheet, type SheetAssignment } from '../../duty/roster/sheet.ts';
import { callNames } from '../../records/roster-people.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute, type Plan } from '../commands.ts';
import { addDays, rangeOfDays, todayOf, type RosterApiDeps } from './roster-deps.ts';
import {
  actOnAssignments,
  planAssignments,
  restoreOverrides,
  type OverrideChange,
} from './shift-commands.ts';

/** In base64; three quarters of it are the workbook. */
const MAX_SHEET_CHARS = 2 * 1024 * 1024;
const TOLD_FAULTS = 200;
/** A sheet is read against so many days from its first. */
const MAX_DAYS = 62;

/** Takes who keeps which shifts out of a workbook: all of it, or nothing when there is one fault in it. */
export function importRoster(deps: RosterApiDeps): ApiPlugin {
  const read = createWorkbookReader((rows) => rows);
  return commandRoute(deps, {
    name: 'import-roster',
    input: Closed(
      { sheet: Type.String({ pattern: '^[A-Za-z0-9+/]+=*$', maxLength: MAX_SHEET_CHARS }) },
      'A workbook of Excel in base64.',
    ),
    maxBodyBytes: MAX_SHEET_CHARS + 4_096,
    async plan(
      db,
      { sheet },
      by,
    ): Promise<Plan<{ readonly changes: readonly OverrideChange[] | undefined }>> {
      const rows = await read(sheet);
      const from = firstDay(rows) ?? todayOf(deps, by.atMs);
      const range = rangeOfDays(deps, from, addDays(from, MAX_DAYS - 1));
      const shifts = shiftsOf(await deps.roster.plan(range, db), range);
      const open = shifts.filter(({ day, endsAtMs }) => day >= from && endsAtMs > by.atMs);
      const over = shifts.filter(({ endsAtMs }) => endsAtMs <= by.atMs);
      const { assignments, faults } = readRosterSheet(withoutOver(rows, over), {
        shifts: open,
        people: await callNames(db),
      });
      const target = createHash('sha256').update(sheet).digest('hex').slice(0, 16);
      if (faults.length > 0) {
        const effects = faults.slice(0, TOLD_FAULTS).map(({ row, fault, text }): Effect => {
          return { code: `roster_sheet_${fault}`, params: { row, text } };
        });
        return { effects, target, basis: target, details: { changes: undefined } };
      }
      const changed = assignments.filter((each) => differs(each, open));
      if (changed.length === 0) return { effects: [], target, basis: target, details: { changes: [] } };
      const { details, ...plan } = await planAssignments(deps, db, changed, by);
      return { ...plan, details: { changes: details } };
    },
    async act(step, { details: { changes }, ...plan }) {
      if (changes === undefined) {
        throw new WatchkeeperError('invalid_request', 'The workbook has faults; nothing of it was taken.');
      }
      return actOnAssignments(deps, step, { ...plan, details: changes });
    },
    undo: (step, undo) => restoreOverrides(deps, step, undo as readonly OverrideChange[]),
  });
}

/** The first day that the sheet speaks of. */
function firstDay(rows: readonly (readonly Cell[])[]): string | undefined {
  const days = rows
    .slice(1)
    .flatMap((cells) =>
      cells
        .slice(0, 1)
        .map((cell) => (cell instanceof Date ? cell.toISOString() : String(cell)).slice(0, 10)),
    );
  return days.filter(isDay).sort()[0];
}

/** What is over stays as it was, whatever a sheet that was taken out before says of it. */
function withoutOver(
  rows: readonly (readonly Cell[])[],
  over: readonly PlannedShift[],
): readonly (readonly Cell[])[] {
  const names = new Set(over.map(({ day, name }) => `${day} ${name}`));
  return rows.map((cells) => {
    const [first, second] = cells;
    const day = first instanceof Date ? first.toISOString().slice(0, 10) : String(first);
    return names.has(`${day} ${String(second).trim()}`) ? [] : cells;
  });
}

function differs({ shift, post, names }: SheetAssignment, shifts: readonly PlannedShift[]): boolean {
  const present = shifts.find(({ id }) => id === shift)?.posts[post] ?? [];
  return present.join(' ') !== names.join(' ');
}
