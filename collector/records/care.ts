import type { CareStore } from '../../alerting/ports.ts';
import type { Claim } from '../../config/model/claim.ts';
import type { Silence } from '../../config/model/silence.ts';
import { addHistory } from './alerts.ts';
import { audited } from './audit.ts';
import { fromJson, toJson } from './json.ts';
import { inTransaction } from './transaction.ts';
import type { Db } from './tables.ts';

/** How long what has ended is still at hand; the audit and the history keep it for good. */
const KEPT_AFTER_END_MS = 7 * 24 * 3_600_000;

/** Who sees to which alert, and what is silent. Each person's act is a line of the audit, in the same transaction. */
export function createCareStore(db: Db, nowMs: () => number): CareStore {
  return {
    async claims() {
      const rows = await db
        .selectFrom('claim')
        .select('claim')
        .where('ends_at_ms', '>', nowMs() - KEPT_AFTER_END_MS)
        .execute();
      return rows.map(({ claim }) => fromJson<Claim>(claim));
    },
    async silences() {
      const rows = await db
        .selectFrom('silence')
        .select('silence')
        .where('ends_at_ms', '>', nowMs() - KEPT_AFTER_END_MS)
        .execute();
      return rows.map(({ silence }) => fromJson<Silence>(silence));
    },
    save({ claims = [], silences = [], entries = [], act }) {
      const write = async (step: Db): Promise<void> => {
        for (const claim of claims) await saveClaim(step, claim);
        for (const silence of silences) await saveSilence(step, silence);
        await addHistory(step, entries);
      };
      return act === undefined ? inTransaction(db, write) : audited(db, act, write);
    },
  };
}

async function saveClaim(step: Db, claim: Claim): Promise<void> {
  const row = { id: claim.id, ends_at_ms: claim.endsAtMs, claim: toJson(claim) };
  await step
    .insertInto('claim')
    .values(row)
    .onConflict((known) => known.column('id').doUpdateSet(row))
    .execute();
}

async function saveSilence(step: Db, silence: Silence): Promise<void> {
  const row = { id: silence.id, ends_at_ms: silence.endsAtMs, silence: toJson(silence) };
  await step
    .insertInto('silence')
    .values(row)
    .onConflict((known) => known.column('id').doUpdateSet(row))
    .execute();
}
