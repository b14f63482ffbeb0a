import { sql } from 'kysely';
import type { Retention } from '../../config/records.ts';
import { removeOldAnswerLinks } from './answer-links.ts';
import { PERSONAL_KEPT_MS } from './audit-chain.ts';
import { AUDIT_SCOPE } from './audit-lines.ts';
import { forgetTexts } from './search.ts';
import type { Db, Tables } from './tables.ts';
import { inTransaction } from './transaction.ts';

/** Only tables in which a row can be signed: what is signed is never removed, whatever its age. */
type RetainedTable = {
  [T in keyof Tables]: 'sealed_at_ms' extends keyof Tables[T] ? T : never;
}[keyof Tables];

/** What grows, and by which instant a row is old. */
const RETAINED: Readonly<Record<RetainedTable, string>> = {
  alert_history: 'at_ms',
  handover: 'started_at_ms',
  outbox: 'created_at_ms',
};

const REMOVED_AT_ONCE = 500;

/** Removes what is too old and not signed, some at a time so that nobody waits for long. */
export async function removeOld(db: Db, nowMs: number, { historyMs, peopleMs }: Retention): Promise<void> {
  for (const [table, at] of Object.entries(RETAINED)) {
    await removeUnsealed(db, { table, at, beforeMs: nowMs - historyMs });
  }
  await removeOldAnswerLinks(db, nowMs);
  await forgetPeople(db, nowMs - Math.max(peopleMs, PERSONAL_KEPT_MS));
}

/** Says twice what a rule of the table says as well (`keepSealed`): that one would stop the whole, this goes on with the rest. */
export async function removeUnsealed(
  db: Db,
  { table, at, beforeMs }: { readonly table: string; readonly at: string; readonly beforeMs: number },
): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)} where id in (
      select id from ${sql.table(table)}
      where ${sql.ref(at)} < ${beforeMs} and sealed_at_ms is null
      order by id limit ${REMOVED_AT_ONCE})`.execute(db);
    if (numAffectedRows === 0n) return;
  }
}

/** Forgets what the audit says of people before that instant, also in the search; the chain holds without it. */
export async function forgetPeople(db: Db, beforeMs: number): Promise<void> {
  for (let isMore = true; isMore; ) {
    isMore = await inTransaction(db, async (step) => {
      const rows = await step
        .selectFrom('audit_personal')
        .select('seq')
        .where('at_ms', '<', beforeMs)
        .limit(REMOVED_AT_ONCE)
        .execute();
      if (rows.length === 0) return false;
      const lines = rows.map(({ seq }) => seq);
      await forgetTexts(step, AUDIT_SCOPE, lines);
      await step.deleteFrom('audit_personal').where('seq', 'in', lines).execute();
      return true;
    });
  }
}
