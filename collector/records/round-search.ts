import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { DoubtCode, JudgedRound } from '../../config/model/round-judge.ts';
import type { Db, Tables } from './tables.ts';

export interface RoundsQuery {
  /** Only what came before this round. */
  readonly before?: { readonly atMs: number; readonly id: string };
  readonly limit: number;
  readonly template?: string;
  readonly result?: JudgedRound['result'];
  /** Account of who walked. */
  readonly walkedBy?: string;
  readonly doubt?: DoubtCode;
  /** `YYYY-MM-DD`, both included. */
  readonly fromDay?: string;
  readonly toDay?: string;
}

/** What lists show of rounds, the newest first. */
export function foundRounds(db: Db, query: RoundsQuery) {
  const { limit, doubt } = query;
  const columns = [
    'round.id',
    'round.template',
    'round.day',
    'round.received_at_ms',
    'round.walked_by',
    'round.result',
    'round.doubts',
  ] as const;
  if (doubt === undefined)
    return db
      .selectFrom('round')
      .select(columns)
      .where((eb) => eb.and(wanted(eb, query)))
      .orderBy('round.received_at_ms', 'desc')
      .orderBy('round.id')
      .limit(limit);
  // In the order of the doubts, so that what is rare is found without looking at every round.
  return db
    .selectFrom('round_doubt')
    .innerJoin('round', 'round.id', 'round_doubt.round')
    .select(columns)
    .where('round_doubt.code', '=', doubt)
    .where((eb) => eb.and(wanted(eb, query)))
    .orderBy('round_doubt.received_at_ms', 'desc')
    .orderBy('round.id')
    .limit(limit);
}

function wanted(
  eb: ExpressionBuilder<Tables, 'round'>,
  { before, template, result, walkedBy, fromDay, toDay }: RoundsQuery,
): readonly Expression<SqlBool>[] {
  const conditions: Expression<SqlBool>[] = [];
  if (before !== undefined)
    conditions.push(
      // Said twice: the first alone is what an index is asked by.
      eb('round.received_at_ms', '<=', before.atMs),
      eb.or([eb('round.received_at_ms', '<', before.atMs), eb('round.id', '>', before.id)]),
    );
  if (template !== undefined) conditions.push(eb('round.template', '=', template));
  if (result !== undefined) conditions.push(eb('round.result', '=', result));
  if (walkedBy !== undefined) conditions.push(eb('round.walked_by', '=', walkedBy));
  if (fromDay !== undefined) conditions.push(eb('round.day', '>=', fromDay));
  if (toDay !== undefined) conditions.push(eb('round.day', '<=', toDay));
  return conditions;
}
