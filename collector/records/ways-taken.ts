import type { BouncedView, ReceiverWayView } from '../../config/model/receivers-api.ts';
import { defined } from '../../config/model/defined.ts';
import type { Db } from './tables.ts';

/** How far back it is looked: what was longer ago says nothing of now. */
const LOOK_BACK_MS = 30 * 24 * 3_600_000;
const MAX_BOUNCED = 100;

/** How messages by one way of a receiver fared lately. */
export interface WayTaken extends Pick<ReceiverWayView, 'waiting' | 'lastSentAtMs' | 'lastFailure'> {
  readonly receiver: string;
  readonly way: string;
}

export async function waysTaken(db: Db, nowMs: number): Promise<readonly WayTaken[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(({ fn, eb }) => [
      'receiver',
      'way',
      fn.sum<number | string>(eb.case().when('state', '=', 'waiting').then(1).else(0).end()).as('waiting'),
      fn.max('sent_at_ms').as('sent_at_ms'),
      fn.max(eb.case().when('last_error', 'is not', null).then(eb.ref('id')).end()).as('failed_id'),
    ])
    .where('created_at_ms', '>', nowMs - LOOK_BACK_MS)
    .groupBy(['receiver', 'way'])
    .execute();
  const ids = rows.flatMap(({ failed_id: id }) => (id === null ? [] : [id]));
  const failures = new Map((await messagesOf(db, ids)).map((row) => [row.id, row]));
  return rows.map((row) => {
    const failed = row.failed_id === null ? undefined : failures.get(row.failed_id);
    return defined({
      receiver: row.receiver,
      way: row.way,
      waiting: Number(row.waiting),
      lastSentAtMs: row.sent_at_ms ?? undefined,
      lastFailure: failed && { createdAtMs: failed.created_at_ms, error: failed.last_error ?? '' },
    });
  });
}

/** Addresses whose last message that is done with was refused for good. */
export async function bouncedAddresses(db: Db, nowMs: number): Promise<readonly BouncedView[]> {
  const last = await db
    .selectFrom('outbox')
    .select(({ fn }) => fn.max('id').as('id'))
    .where('created_at_ms', '>', nowMs - LOOK_BACK_MS)
    .where('state', 'in', ['sent', 'failed'])
    .groupBy(['channel', 'recipient'])
    .execute();
  const rows = await messagesOf(
    db,
    last.map(({ id }) => id),
  );
  return rows
    .filter(({ state }) => state === 'failed')
    .slice(0, MAX_BOUNCED)
    .map(({ channel, recipient, receiver, created_at_ms: createdAtMs, last_error: error }) => ({
      kind: channel,
      to: recipient,
      receiver,
      createdAtMs,
      error: error ?? '',
    }));
}

async function messagesOf(db: Db, ids: readonly number[]) {
  if (ids.length === 0) return [];
  return db
    .selectFrom('outbox')
    .select(['id', 'channel', 'recipient', 'receiver', 'created_at_ms', 'state', 'last_error'])
    .where('id', 'in', ids)
    .orderBy('id', 'desc')
    .execute();
}
