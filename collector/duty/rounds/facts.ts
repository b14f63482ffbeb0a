import type { JudgedRound } from '../../../config/model/round-judge.ts';
import type { DueRound } from '../../../config/model/round.ts';
import { fromJson } from '../../records/json.ts';
import type { Db } from '../../records/tables.ts';
import type { DutyFact, DutyFactSource } from '../facts.ts';
import { plannedRounds } from './plan.ts';
import { currentTemplates, type KeptTemplate, type TemplateHead } from './templates.ts';

/** So far back a missed round is told of; it stays in the list for ever. */
const TOLD_BACK_MS = 3 * 86_400_000;
const AHEAD_MS = 86_400_000;
/** A quantity that nobody read for so long is not told any more: quarterly ones, and some more. */
const OLDEST_READING_MS = 200 * 86_400_000;

export interface RoundFactsDeps {
  readonly db: Db;
  readonly timeZone: () => string;
}

/** What rounds are due, overdue, missed and doubtful, the tasks that came of them, and what people read on them. */
export function roundFacts({ db, timeZone }: RoundFactsDeps): DutyFactSource {
  return async (atMs) => {
    const kept = (await currentTemplates(db)).filter(({ template }) => !template.isRetired);
    return [
      ...(await dueFacts(db, kept, atMs, timeZone())),
      ...(await taskFacts(db, atMs)),
      ...(await handedInFacts(db, kept, atMs)),
    ];
  };
}

async function dueFacts(
  db: Db,
  kept: readonly KeptTemplate[],
  nowMs: number,
  timeZone: string,
): Promise<readonly DutyFact[]> {
  const range = { fromMs: nowMs - TOLD_BACK_MS, toMs: nowMs + AHEAD_MS };
  const due = await plannedRounds(db, kept, range, { nowMs, timeZone });
  return kept.flatMap(({ template, sinceMs }) => {
    // One that had begun before its template was there is nobody's fault.
    const own = due.filter((round) => round.template === template.id && round.fromMs >= sinceMs);
    const labels = labelsOf(template);
    const overdue = own.find(({ state }) => state === 'overdue');
    const open = own.find(({ state }) => state === 'open');
    const missed = own.filter(({ state }) => state === 'missed').length;
    return [
      fact(
        'watchkeeper_round_overdue_seconds',
        labels,
        overdue === undefined ? 0 : secondsSince(overdue, nowMs),
      ),
      ...(open === undefined
        ? []
        : [fact('watchkeeper_round_due_in_seconds', labels, -secondsSince(open, nowMs))]),
      fact('watchkeeper_rounds_missed', labels, missed),
    ];
  });
}

function secondsSince({ byMs }: DueRound, nowMs: number): number {
  return (nowMs - byMs) / 1_000;
}

async function taskFacts(db: Db, nowMs: number): Promise<readonly DutyFact[]> {
  const rows = await db
    .selectFrom('round_task')
    .innerJoin('round', 'round.id', 'round_task.round')
    .select(({ fn }) => [
      'round.template',
      fn.countAll<number | string>().as('open'),
      fn.min('opened_at_ms').as('oldest'),
    ])
    .where('closed_at_ms', 'is', null)
    .groupBy('round.template')
    .execute();
  return rows.flatMap(({ template, open, oldest }) => [
    fact('watchkeeper_round_tasks_open', { template }, Number(open)),
    fact('watchkeeper_round_task_age_seconds', { template }, (nowMs - oldest) / 1_000),
  ]);
}

/** Of the last round of each template: what speaks against it, and what was read where no sensor measures. */
async function handedInFacts(
  db: Db,
  kept: readonly KeptTemplate[],
  nowMs: number,
): Promise<readonly DutyFact[]> {
  const facts: DutyFact[] = [];
  for (const one of kept) {
    const { template } = one;
    const row = await db
      .selectFrom('round')
      .select(['received_at_ms', 'clock_difference_ms', 'judged'])
      .where('template', '=', template.id)
      .where('received_at_ms', '>', nowMs - OLDEST_READING_MS)
      .orderBy('received_at_ms', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) continue;
    const judged = fromJson<JudgedRound>(row.judged);
    const labels = labelsOf(template);
    const age = (nowMs - row.received_at_ms) / 1_000;
    facts.push(
      fact('watchkeeper_round_age_seconds', labels, age),
      fact('watchkeeper_round_doubts', labels, judged.doubts.length),
      ...readingsOf(one, judged, { nowMs, clockDifferenceMs: row.clock_difference_ms }),
    );
  }
  return facts;
}

function readingsOf(
  { template, gauges }: KeptTemplate,
  judged: JudgedRound,
  { nowMs, clockDifferenceMs }: { readonly nowMs: number; readonly clockDifferenceMs: number },
): readonly DutyFact[] {
  return gauges.flatMap(({ checkpoint, item, unit }) => {
    const answer = judged.items.find((one) => one.item === item)?.answer;
    if (typeof answer?.value !== 'number') return [];
    const labels = { ...labelsOf(template), checkpoint, item, unit };
    const age = (nowMs - answer.atMs - clockDifferenceMs) / 1_000;
    return [
      fact('watchkeeper_round_reading', labels, answer.value),
      fact('watchkeeper_round_reading_age_seconds', labels, age),
    ];
  });
}

function labelsOf({ id, kind, room }: TemplateHead): DutyFact['labels'] {
  return { template: id, kind, ...(room === undefined ? {} : { room }) };
}

function fact(metric: DutyFact['metric'], labels: DutyFact['labels'], value: number): DutyFact {
  return { metric, labels, value };
}
