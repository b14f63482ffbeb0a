import { createHash } from 'node:crypto';
import type { Db } from './tables.ts';

/** One accepted write: who did what to what, what that changed, and from where. Never a secret. */
export interface AuditEntry {
  readonly atMs: number;
  /** Name of the account, or `system`. */
  readonly who: string;
  /** Constant words with underscores, `account_added`. */
  readonly action: string;
  readonly target: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Address that the request came from, or `local`. */
  readonly origin: string;
}

interface AuditLine {
  readonly seq: number;
  readonly at_ms: number;
  readonly who: string;
  readonly action: string;
  readonly target: string;
  readonly change: string;
  readonly origin: string;
  readonly previous_hash: string;
}

/** What the first line names as its predecessor. */
const NO_HASH = '0'.repeat(64);
const VERIFIED_AT_ONCE = 1_000;

/** Does a write and puts its line into the audit, both or neither. */
export async function audited<T>(db: Db, entry: AuditEntry, write: (step: Db) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (step) => {
    const result = await write(step);
    await appendAudit(step, entry);
    return result;
  });
}

/** Only inside the transaction of the write that it tells of. */
async function appendAudit(step: Db, entry: AuditEntry): Promise<void> {
  const last = await step
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const line: AuditLine = {
    seq: (last?.seq ?? 0) + 1,
    at_ms: entry.atMs,
    who: entry.who,
    action: entry.action,
    target: entry.target,
    change: JSON.stringify({ before: entry.before, after: entry.after }),
    origin: entry.origin,
    previous_hash: last?.hash ?? NO_HASH,
  };
  await step
    .insertInto('audit')
    .values({ ...line, hash: hashOf(line) })
    .execute();
}

function hashOf(line: AuditLine): string {
  const { seq, at_ms: atMs, who, action, target, change, origin, previous_hash: previousHash } = line;
  const text = JSON.stringify([seq, atMs, who, action, target, change, origin, previousHash]);
  return createHash('sha256').update(text).digest('hex');
}

/** What a walk along the chain found: how many lines, the last hash, and the first line that does not fit if there is one. */
export interface AuditVerdict {
  readonly lines: number;
  readonly head: string;
  readonly brokenAt?: number;
}

/** Walks the whole chain. A line that was changed, removed or put in breaks it at that place. */
export async function verifyAudit(db: Db): Promise<AuditVerdict> {
  let lines = 0;
  let head = NO_HASH;
  for (;;) {
    const batch = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', lines)
      .orderBy('seq')
      .limit(VERIFIED_AT_ONCE)
      .execute();
    for (const line of batch) {
      if (line.seq !== lines + 1 || line.previous_hash !== head || line.hash !== hashOf(line)) {
        return { lines, head, brokenAt: lines + 1 };
      }
      lines = line.seq;
      head = line.hash;
    }
    if (batch.length < VERIFIED_AT_ONCE) return { lines, head };
  }
}
