import { randomBytes } from 'node:crypto';
import {
  hashOfLink,
  hashOfPersonal,
  walkChain,
  type AuditPersonal,
  type AuditVerdict,
} from './audit-chain.ts';
import { AUDIT_SCOPE, auditLines } from './audit-lines.ts';
import { indexNewText } from './search.ts';
import type { Db } from './tables.ts';
import { inTransaction } from './transaction.ts';

/** One accepted write: who did what to what, what that changed, and from where. Never a secret. */
export interface AuditEntry {
  readonly atMs: number;
  /** Name of the account, or `system`. */
  readonly who: string;
  /** Constant words with underscores, `account_added`: the only words that stay for ever, so nothing of a person. */
  readonly action: string;
  readonly target: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Address that the request came from, or `local`. */
  readonly origin: string;
}

const SALT_BYTES = 16;

/** Does a write and puts its line into the audit, both or neither. */
export async function audited<T>(db: Db, entry: AuditEntry, write: (step: Db) => Promise<T>): Promise<T> {
  return inTransaction(db, async (step) => {
    const result = await write(step);
    await appendAudit(step, entry);
    return result;
  });
}

/** Only inside the transaction of the write that it tells of, as its last act: whoever appends next waits for its end. */
async function appendAudit(step: Db, entry: AuditEntry): Promise<void> {
  const { seq, hash: previousHash } = await step
    .updateTable('audit_head')
    .set((head) => ({ seq: head('seq', '+', 1) }))
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow();
  const { atMs, action, who, target, origin, before, after } = entry;
  const change = JSON.stringify({ before, after });
  const salt = randomBytes(SALT_BYTES).toString('hex');
  const personal: AuditPersonal = { salt, who, target, change, origin };
  const personalHash = hashOfPersonal(personal);
  const hash = hashOfLink({ seq, atMs, action, personalHash, previousHash });
  await step
    .insertInto('audit')
    .values({ seq, at_ms: atMs, action, personal_hash: personalHash, previous_hash: previousHash, hash })
    .execute();
  await step
    .insertInto('audit_personal')
    .values({ seq, at_ms: atMs, ...personal })
    .execute();
  await step.updateTable('audit_head').set({ hash }).execute();
  await indexNewText(step, AUDIT_SCOPE, {
    id: seq,
    text: [who, target, origin, ...textsOf({ before, after })].join('\n'),
  });
}

/** What can be searched in a change: its texts and numbers, not the names of its fields. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
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
