import { isReminder, type Chased, type ChaseRecord, type Overdue } from '../../config/model/chase.ts';
import type { ChaseSettings } from '../../config/notify-chase.ts';

/** Somebody is to be told of something overdue. */
export interface ChaseCall {
  readonly record: ChaseRecord;
  readonly as: Chased['as'];
}

export interface ChaseTurn {
  readonly calls: readonly ChaseCall[];
  /** As they are after it. */
  readonly changed: readonly ChaseRecord[];
  /** When the next is due. */
  readonly untilMs?: number;
}

type Waits = Pick<ChaseSettings, 'remindEachMs' | 'supervisorAfterMs'>;

/**
 * Decides who is told next of what is overdue: whose it is at once and each so often; from a while on, who answers for
 * him too. Who answered is given the time until then anew. What is overdue no more is over.
 */
export function chase(
  overdue: readonly Overdue[],
  records: ReadonlyMap<string, ChaseRecord>,
  waits: Waits,
  nowMs: number,
): ChaseTurn {
  const calls: ChaseCall[] = [];
  const changed: ChaseRecord[] = [];
  let untilMs = Number.POSITIVE_INFINITY;
  const now = new Map(overdue.map((one) => [one.id, one]));
  for (const one of now.values()) {
    if (one.dueAtMs > nowMs) {
      untilMs = Math.min(untilMs, one.dueAtMs);
      continue;
    }
    const before = reopened(records.get(one.id), one);
    const due = dueOf(before, waits, nowMs);
    const told = due.as.map((as) => ({ as, to: namesOf(before, as), atMs: nowMs }));
    const after = { ...before, chased: [...before.chased, ...told] };
    if (told.length > 0) changed.push(after);
    calls.push(...due.as.map((as) => ({ record: after, as })));
    untilMs = Math.min(untilMs, due.nextMs ?? untilMs);
  }
  for (const record of records.values())
    if (record.endedAtMs === undefined && !now.has(record.id)) changed.push({ ...record, endedAtMs: nowMs });
  const turn = { calls, changed };
  return Number.isFinite(untilMs) ? { ...turn, untilMs } : turn;
}

/** One that is overdue again begins anew. */
function reopened(known: ChaseRecord | undefined, overdue: Overdue): ChaseRecord {
  if (known === undefined || known.endedAtMs !== undefined) return { ...overdue, chased: [] };
  return { ...known, ...overdue };
}

function namesOf({ whose, supervisors }: ChaseRecord, as: Chased['as']): readonly string[] {
  return as === 'person' ? whose : (supervisors ?? []);
}

function dueOf(
  record: ChaseRecord,
  waits: Waits,
  nowMs: number,
): { readonly as: readonly Chased['as'][]; readonly nextMs?: number } {
  const { chased, answer, kind, dueAtMs } = record;
  if (isReminder(kind)) return { as: chased.length === 0 ? ['person'] : [] };
  const { remindEachMs, supervisorAfterMs } = waits;
  // A clock that was set back must not stop the chase: what lies ahead counts as now.
  const lastMs = chased.length === 0 ? undefined : Math.min(nowMs, chased.at(-1)?.atMs ?? nowMs);
  const answeredMs = answer === undefined ? Number.NEGATIVE_INFINITY : Math.min(nowMs, answer.atMs);
  const nextMs = Math.max(
    lastMs === undefined ? dueAtMs : lastMs + remindEachMs,
    answeredMs + supervisorAfterMs,
  );
  if (nextMs > nowMs) return { as: [], nextMs };
  const isForSupervisor = nowMs - Math.max(dueAtMs, answeredMs) >= supervisorAfterMs;
  const as = isForSupervisor ? (['person', 'supervisor'] as const) : (['person'] as const);
  return { as, nextMs: nowMs + remindEachMs };
}
