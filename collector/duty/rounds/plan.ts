import type { DueBody, DueState, DueView } from '../../../config/model/round-api.ts';
import type { JudgedRound } from '../../../config/model/round-judge.ts';
import type { DueRound } from '../../../config/model/round.ts';
import type { Db } from '../../records/tables.ts';
import { dueBetween, instantsOf } from './due.ts';
import { currentTemplates, type KeptTemplate } from './templates.ts';

/** What became of a due round; absent: nothing yet. */
export interface RoundDone {
  readonly round: string;
  readonly walkedBy: string;
  readonly result: JudgedRound['result'];
  readonly isLate: boolean;
}

/** A round that was not done is overdue until the next of its kind begins; then it has been missed for good. */
export function stateOf(
  due: DueRound,
  { nextFromMs, done }: { readonly nextFromMs: number; readonly done?: RoundDone | undefined },
  nowMs: number,
): DueState {
  if (done !== undefined) return done.isLate ? 'late' : 'done';
  if (nowMs < due.fromMs) return 'upcoming';
  if (nowMs < due.byMs) return 'open';
  return nowMs < Math.max(nextFromMs, due.byMs) ? 'overdue' : 'missed';
}

/** The rounds that touch a time, with what became of each; none from before their template was there. */
export async function plannedRounds(
  db: Db,
  templates: readonly KeptTemplate[],
  range: { readonly fromMs: number; readonly toMs: number },
  { nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string },
): Promise<readonly DueView[]> {
  const instants = instantsOf(timeZone);
  const due = templates.flatMap(({ template, sinceMs }) =>
    dueBetween(template, range, timeZone, instants).filter(({ round }) => round.byMs > sinceMs),
  );
  const days = due.map(({ round }) => round.day).toSorted();
  const span = { fromDay: days[0] ?? '', toDay: days.at(-1) ?? '' };
  const done = await doneOf(db, span);
  const assigned = await assigneesOf(db, span);
  return due
    .map(({ round, nextFromMs }): DueView => {
      const found = done.get(round.id);
      const assignee = assigned.get(round.id);
      return {
        ...round,
        state: stateOf(round, { nextFromMs, done: found }, nowMs),
        ...(assignee === undefined ? {} : { assignee }),
        ...(found === undefined
          ? {}
          : { round: found.round, walkedBy: found.walkedBy, result: found.result }),
      };
    })
    .toSorted((a, b) => a.byMs - b.byMs || (a.id < b.id ? -1 : 1));
}

interface Days {
  /** `YYYY-MM-DD`, both included. */
  readonly fromDay: string;
  readonly toDay: string;
}

async function doneOf(db: Db, { fromDay, toDay }: Days): Promise<ReadonlyMap<string, RoundDone>> {
  const rows = await db
    .selectFrom('round')
    .select(['id', 'due', 'walked_by', 'result', 'is_late'])
    .where('day', '>=', fromDay)
    .where('day', '<=', toDay)
    .where('due', 'is not', null)
    .execute();
  return new Map(
    rows.map(({ id, due, walked_by: walkedBy, result, is_late: isLate }) => [
      due ?? '',
      { round: id, walkedBy, result: result as JudgedRound['result'], isLate: isLate === 1 },
    ]),
  );
}

async function assigneesOf(db: Db, { fromDay, toDay }: Days): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('round_assignment')
    .select(['due', 'account'])
    .where('day', '>=', fromDay)
    .where('day', '<=', toDay)
    .execute();
  return new Map(rows.map(({ due, account }) => [due, account]));
}

/** All templates and what is due of them at a time. */
export async function plannedNow(
  db: Db,
  range: { readonly fromMs: number; readonly toMs: number },
  at: { readonly nowMs: number; readonly timeZone: string },
): Promise<{ readonly kept: readonly KeptTemplate[] } & Pick<DueBody, 'due'>> {
  const kept = await currentTemplates(db);
  return { kept, due: await plannedRounds(db, kept, range, at) };
}

/** The instants between which all rounds of a year lie, whatever the zone. */
export function yearRange(year: number): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: Date.UTC(year, 0, 0), toMs: Date.UTC(year + 1, 0, 2) };
}
