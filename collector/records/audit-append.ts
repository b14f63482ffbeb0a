import { randomBytes } from 'node:crypto';
import { hashOfLink, hashOfPersonal, type AuditPersonal } from './audit-chain.ts';
import { AUDIT_SCOPE } from './audit-lines.ts';
import { refuseUnkeepable } from './failures.ts';
import { insertRows } from './insert-rows.ts';
import { bodyOf } from './search.ts';
import { termsOf } from './search-terms.ts';
import type { Db } from './tables.ts';

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

/** A line that is ready to be chained. */
export interface NewLine {
  readonly atMs: number;
  readonly action: string;
  readonly personal: AuditPersonal;
  /** What it is found by. */
  readonly body: string;
}

const SALT_BYTES = 16;

/** @throws {WatchkeeperError} `invalid_request` for what the records cannot hold. */
export function newLine({ atMs, action, before, after, ...entry }: AuditEntry): NewLine {
  // A store would put something else in the place of half a character, and the hash would not fit what it keeps.
  const who = entry.who.toWellFormed();
  const target = entry.target.toWellFormed();
  const origin = entry.origin.toWellFormed();
  const change = JSON.stringify({ before, after });
  const text = [who, target, origin, ...textsOf({ before, after })].join('\n');
  refuseUnkeepable([action, text]);
  const salt = randomBytes(SALT_BYTES).toString('hex');
  return { atMs, action, personal: { salt, who, target, change, origin }, body: bodyOf(text.toWellFormed()) };
}

/**
 * Chains the lines of a transaction, as its last act: whoever appends next waits for its end. The statements are the
 * same and as many for one line as for many.
 */
export async function appendLines(step: Db, lines: readonly NewLine[]): Promise<void> {
  if (lines.length === 0) return;
  const head = await step
    .updateTable('audit_head')
    .set((row) => ({ seq: row('seq', '+', lines.length) }))
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow();
  let previousHash = head.hash;
  const links = lines.map(({ atMs, action, personal, body }, index) => {
    const seq = head.seq - lines.length + 1 + index;
    const personalHash = hashOfPersonal(personal);
    const hash = hashOfLink({ seq, atMs, action, personalHash, previousHash });
    const link = { seq, at_ms: atMs, action, personal_hash: personalHash, previous_hash: previousHash, hash };
    previousHash = hash;
    return { link, personal: { seq, at_ms: atMs, ...personal }, id: seq, body };
  });
  await insertRows(step, {
    audit: links.map(({ link }) => link),
    audit_personal: links.map(({ personal }) => personal),
    search_document: links.map(({ id, body }) => ({ scope: AUDIT_SCOPE, id, body })),
    search_term: links.flatMap(({ id, body }) =>
      [...new Set(termsOf(body))].map((term) => ({ scope: AUDIT_SCOPE, term, id })),
    ),
  });
  await step.updateTable('audit_head').set({ hash: previousHash }).execute();
}

/** What can be searched in a change: its texts and numbers, not the names of its fields. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
