import { appendLines, newLine, type AuditEntry } from './audit-append.ts';
import { walkChain, type AuditVerdict } from './audit-chain.ts';
import { auditLines } from './audit-lines.ts';
import type { Db } from './tables.ts';
import { gatherLine, inTransaction } from './transaction.ts';

export type { AuditEntry } from './audit-append.ts';

/** Does a write and puts its line into the audit, both or neither. */
export async function audited<T>(db: Db, entry: AuditEntry, write: (step: Db) => Promise<T>): Promise<T> {
  return inTransaction(db, async (step) => {
    const result = await write(step);
    const line = newLine(entry);
    if (!gatherLine(step, line)) await appendLines(step, [line]);
    return result;
  });
}

/** Where the chain ends: how many lines it has and the hash of the last, to be printed and kept elsewhere. */
export async function auditHead(db: Db): Promise<{ readonly seq: number; readonly hash: string }> {
  return db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow();
}

/**
 * Walks the whole chain. A line that was changed, removed or put in breaks it at that place.
 * @param anchor a head that was printed: some line must still have it.
 */
export async function verifyAudit(db: Db, anchor?: string): Promise<AuditVerdict> {
  const walk = walkChain(anchor);
  const expected = await auditHead(db);
  for await (const { personal, ...line } of auditLines(db)) {
    if (!walk.take(line, personal)) break;
    // What was appended since the walk began.
    if (line.seq === expected.seq) break;
  }
  return walk.end(expected);
}
