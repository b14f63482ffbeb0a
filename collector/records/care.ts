import type { CareChange, CareStore } from '../../alerting/ports.ts';
import type { Claim } from '../../config/model/claim.ts';
import type { Silence } from '../../config/model/silence.ts';
import { addHistory } from './alerts.ts';
import { audited } from './audit.ts';
import { fromJson, toJson } from './json.ts';
import { inBatches } from './page.ts';
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
    async swallowed() {
      const rows = await db
        .selectFrom('silence_swallowed')
        .innerJoin('silence', 'silence.id', 'silence_swallowed.silence')
        .select(['silence_swallowed.silence', 'fingerprint', 'fired_at_ms'])
        .where('ends_at_ms', '>', nowMs() - KEPT_AFTER_END_MS)
        .execute();
      return rows.map(({ silence, fingerprint, fired_at_ms: firedAtMs }) => ({
        silence,
        fingerprint,
        firedAtMs,
      }));
    },
    save(change) {
      const write = (step: Db): Promise<void> => saveCare(step, change);
      return change.act === undefined ? inTransaction(db, write) : audited(db, change.act, write);
    },
  };
}

/** Writes what an act changes, without its line of the audit: for those who write that themselves. */
export async function saveCare(
  step: Db,
  { claims = [], silences = [], entries = [], swallowed = [] }: CareChange,
): Promise<void> {
  for (const claim of claims) await saveClaim(step, claim);
  for (const silence of silences) await saveSilence(step, silence);
  for (const batch of inBatches(swallowed)) {
    await step
      .insertInto('silence_swallowed')
      .values(
        batch.map(({ silence, fingerprint, firedAtMs }) => ({
          silence,
          fingerprint,
          fired_at_ms: firedAtMs,
        })),
      )
      .onConflict((known) => known.doNothing())
      .execute();
  }
  await addHistory(step, entries);
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
