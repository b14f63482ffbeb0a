import { SHOWN_AFTER_MS } from '../../alerting/chase/chaser.ts';
import type { ChaseStore } from '../../alerting/ports.ts';
import type { ChaseRecord } from '../../config/model/chase.ts';
import { fromJson, toJson } from './json.ts';
import { addMessages } from './messages.ts';
import type { Db } from './tables.ts';
import { inTransaction } from './transaction.ts';

/** What is overdue and was lately. What was told of it and the messages that tell it are written together. */
export function createChaseStore(db: Db, nowMs: () => number): ChaseStore {
  return {
    async records() {
      const rows = await db
        .selectFrom('chase')
        .select('record')
        .where((row) =>
          row.or([row('ended_at_ms', 'is', null), row('ended_at_ms', '>', nowMs() - SHOWN_AFTER_MS)]),
        )
        .execute();
      return rows.map(({ record }) => fromJson<ChaseRecord>(record));
    },
    commit: ({ records, messages }) =>
      inTransaction(db, async (step) => {
        for (const record of records) await saveChase(step, record);
        await addMessages(step, messages);
      }),
  };
}

export async function saveChase(step: Db, record: ChaseRecord): Promise<void> {
  const row = { id: record.id, ended_at_ms: record.endedAtMs ?? null, record: toJson(record) };
  await step
    .insertInto('chase')
    .values(row)
    .onConflict((known) => known.column('id').doUpdateSet(row))
    .execute();
}
