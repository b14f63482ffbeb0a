import { sql } from 'kysely';
import type { EscalationRecord } from '../../alerting/ports.ts';
import type { Retention } from '../../config/records.ts';
import { removeOldAnswerLinks } from './answer-links.ts';
import { PERSONAL_KEPT_MS } from './audit-chain.ts';
import { AUDIT_SCOPE } from './audit-lines.ts';
import { fromJson } from './json.ts';
import { inBatches } from './page.ts';
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
  await removeEndedCare(db, nowMs - historyMs);
  await removeLeftOvers(db);
  await forgetPeople(db, nowMs - Math.max(peopleMs, PERSONAL_KEPT_MS));
}

/** What ended before that instant: claims, silences, chases, and how far the escalation of an alert came that is no more. */
async function removeEndedCare(db: Db, beforeMs: number): Promise<void> {
  for (const table of ['claim', 'silence'] as const) {
    await inTransaction(db, (step) => step.deleteFrom(table).where('ends_at_ms', '<', beforeMs).execute());
  }
  // What is still overdue has no end, and stays.
  await inTransaction(db, (step) => step.deleteFrom('chase').where('ended_at_ms', '<', beforeMs).execute());
  const rows = await db
    .selectFrom('escalation')
    .select(['fingerprint', 'record'])
    .where('fingerprint', 'not in', (alive) => alive.selectFrom('alert_instance').select('fingerprint'))
    .execute();
  const ended = rows.filter(({ record }) => lastStepAtMs(fromJson<EscalationRecord>(record)) < beforeMs);
  for (const batch of inBatches(ended.map(({ fingerprint }) => fingerprint))) {
    await inTransaction(db, (step) =>
      step.deleteFrom('escalation').where('fingerprint', 'in', batch).execute(),
    );
  }
}

function lastStepAtMs({ firedAtMs, baseMs, told }: EscalationRecord): number {
  return Math.max(firedAtMs, baseMs, ...told.map(({ atMs }) => atMs));
}

/** What belonged to a silence or a message that was removed. */
async function removeLeftOvers(db: Db): Promise<void> {
  await inTransaction(db, async (step) => {
    await step
      .deleteFrom('silence_swallowed')
      .where('silence', 'not in', (kept) => kept.selectFrom('silence').select('id'))
      .execute();
    await step
      .deleteFrom('outbox_alert')
      .where('message_id', 'not in', (kept) => kept.selectFrom('outbox').select('message_id'))
      .execute();
  });
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
