import type { DueState, DueView } from '../../../config/model/round-api.ts';
import type { JudgedRound } from '../../../config/model/round-judge.ts';
import type { DueRound, RoundTemplate } from '../../../config/model/round.ts';
import { inBatches } from '../../records/page.ts';
import type { Db } from '../../records/tables.ts';
import { dueBetween } from './due.ts';
import { currentTemplates, type KeptTemplate } from './templates.ts';

/** What became of a due round; absent: nothing yet. */
export interface RoundDone {
  readonly round: string;
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

/** How far ahead the next quarterly round can be. */
const LONGEST_GAP_MS = 100 * 86_400_000;

/** The rounds that touch a time, with what became of each; none from before their template was there. */
export async function plannedRounds(
  db: Db,
  templates: readonly KeptTemplate[],
  range: { readonly fromMs: number; readonly toMs: number },
  { nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string },
): Promise<readonly DueView[]> {
  const due = templates.flatMap(({ template, sinceMs }) =>
    dueBetween(template, range, timeZone)
      .filter(({ byMs }) => byMs > sinceMs)
      .map((round) => ({ round, nextFromMs: beginOfNext(template, round, timeZone) })),
  );
  const ids = due.map(({ round }) => round.id);
  const done = await doneOf(db, ids);
  const assigned = await assigneesOf(db, ids);
  return due
    .map(({ round, nextFromMs: next }): DueView => {
      const found = done.get(round.id);
      const assignee = assigned.get(round.id);
      return {
        ...round,
        state: stateOf(round, { nextFromMs: next, done: found }, nowMs),
        ...(assignee === undefined ? {} : { assignee }),
        ...(found === undefined ? {} : { round: found.round, result: found.result }),
      };
    })
    .toSorted((a, b) => a.byMs - b.byMs || (a.id < b.id ? -1 : 1));
}

function beginOfNext(template: KeptTemplate['template'], round: DueRound, timeZone: string): number {
  const next = dueBetween(
    template,
    { fromMs: round.byMs, toMs: round.byMs + spanOf(template.kind) },
    timeZone,
  );
  return next.find(({ day }) => day > round.day)?.fromMs ?? Infinity;
}

function spanOf(kind: KeptTemplate['template']['kind']): number {
  if (kind === 'daily') return 2 * 86_400_000;
  return kind === 'weekly' ? 9 * 86_400_000 : LONGEST_GAP_MS;
}

async function doneOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, RoundDone>> {
  const done = new Map<string, RoundDone>();
  for (const batch of inBatches(ids)) {
    const rows = await db
      .selectFrom('round')
      .select(['id', 'due', 'result', 'is_late'])
      .where('due', 'in', batch)
      .execute();
    for (const { id, due, result, is_late: isLate } of rows)
      done.set(due ?? '', {
        round: id,
        result: result as JudgedRound['result'],
        isLate: isLate === 1,
      });
  }
  return done;
}

async function assigneesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const assigned = new Map<string, string>();
  for (const batch of inBatches(ids)) {
    const rows = await db
      .selectFrom('round_assignment')
      .select(['due', 'account'])
      .where('due', 'in', batch)
      .execute();
    for (const { due, account } of rows) assigned.set(due, account);
  }
  return assigned;
}

/** All templates and what is due of them at a time. */
export async function plannedNow(
  db: Db,
  range: { readonly fromMs: number; readonly toMs: number },
  at: { readonly nowMs: number; readonly timeZone: string },
): Promise<{ readonly templates: readonly RoundTemplate[]; readonly due: readonly DueView[] }> {
  const kept = await currentTemplates(db);
  return { templates: kept.map(({ template }) => template), due: await plannedRounds(db, kept, range, at) };
}

/** The instants between which all rounds of a year lie, whatever the zone. */
export function yearRange(year: number): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: Date.UTC(year, 0, 0), toMs: Date.UTC(year + 1, 0, 2) };
}
