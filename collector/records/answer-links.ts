import type { AnswerLink } from '../../alerting/ports.ts';
import type { Db } from './tables.ts';

/** How long who opens a link that has ended is still told so. */
const KEPT_AFTER_END_MS = 30 * 24 * 3_600_000;

/** What has become of a link. */
export type AnswerLinkState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'used'; readonly account: string; readonly usedAtMs: number }
  | { readonly kind: 'ended'; readonly account: string; readonly endedAtMs: number }
  | {
      readonly kind: 'open';
      readonly account: string;
      readonly endsAtMs: number;
      /** Fingerprints of the alerts that its message tells of. */
      readonly alerts: readonly string[];
    };

/** A link that a message is about to leave with; one that is known and was not used ends later now. */
export async function giveAnswerLink(
  db: Db,
  { tokenHash, messageId, account, endsAtMs }: AnswerLink,
): Promise<void> {
  await db
    .insertInto('answer_link')
    .values({ token_hash: tokenHash, message_id: messageId, account, ends_at_ms: endsAtMs })
    .onConflict((known) => known.column('token_hash').doUpdateSet({ ends_at_ms: endsAtMs }))
    .execute();
}

/** Only looks. */
export async function answerLinkState(db: Db, tokenHash: string, atMs: number): Promise<AnswerLinkState> {
  const link = await db
    .selectFrom('answer_link')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  if (link === undefined) return { kind: 'unknown' };
  const { account, used_at_ms: usedAtMs, ends_at_ms: endsAtMs } = link;
  const used = usedAtMs ?? (await usedBySibling(db, link.message_id));
  if (used !== null) return { kind: 'used', account, usedAtMs: used };
  if (endsAtMs <= atMs) return { kind: 'ended', account, endedAtMs: endsAtMs };
  const told = await db
    .selectFrom('outbox_alert')
    .select('fingerprint')
    .where('message_id', '=', link.message_id)
    .orderBy('fingerprint')
    .execute();
  return { kind: 'open', account, endsAtMs, alerts: told.map(({ fingerprint }) => fingerprint) };
}

/** A message that left twice, over a restart, has two tokens and one use. */
async function usedBySibling(db: Db, messageId: string): Promise<number | null> {
  const used = await db
    .selectFrom('answer_link')
    .select('used_at_ms')
    .where('message_id', '=', messageId)
    .where('used_at_ms', 'is not', null)
    .executeTakeFirst();
  return used?.used_at_ms ?? null;
}

/** Uses a link, once. Answers whether it could still be used. */
export async function useAnswerLink(step: Db, tokenHash: string, atMs: number): Promise<boolean> {
  const { numUpdatedRows } = await step
    .updateTable('answer_link')
    .set({ used_at_ms: atMs })
    .where('token_hash', '=', tokenHash)
    .where('used_at_ms', 'is', null)
    .where('ends_at_ms', '>', atMs)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function removeOldAnswerLinks(db: Db, nowMs: number): Promise<void> {
  await db
    .deleteFrom('answer_link')
    .where('ends_at_ms', '<', nowMs - KEPT_AFTER_END_MS)
    .execute();
}
