import type { Selectable, Updateable } from 'kysely';
import type {
  Attempt,
  EscalationRecord,
  NewMessage,
  NotifyRecord,
  NotifyStore,
  OutboxMessage,
  OutboxStore,
} from '../../alerting/ports.ts';
import type { OutboxMessageView, OutboxState } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import type { Way } from '../../config/ways.ts';
import { giveAnswerLink } from './answer-links.ts';
import { fromJson, toJson } from './json.ts';
import { inBatches, isBefore, type Page } from './page.ts';
import { inTransaction } from './transaction.ts';
import type { Db, Tables } from './tables.ts';

type OutboxRow = Selectable<Tables['outbox']>;
type Change = Parameters<NotifyStore['commit']>[0];

/** What receivers were told. A decision and the messages that follow from it are written together. */
export function createNotifyStore(db: Db): NotifyStore {
  return {
    async records() {
      const rows = await db.selectFrom('notify_record').select('record').execute();
      return rows.map(({ record }) => fromJson<NotifyRecord>(record));
    },
    async escalations() {
      const rows = await db.selectFrom('escalation').select('record').execute();
      return rows.map(({ record }) => fromJson<EscalationRecord>(record));
    },
    commit: (change) => inTransaction(db, (step) => commit(step, change)),
  };
}

async function commit(step: Db, change: Change): Promise<void> {
  await commitRecords(step, change);
  await commitEscalations(step, change);
  await addMessages(step, change.messages);
}

async function commitEscalations(step: Db, { escalations = [], ended = [] }: Change): Promise<void> {
  for (const batch of inBatches(ended)) {
    await step.deleteFrom('escalation').where('fingerprint', 'in', batch).execute();
  }
  for (const batch of inBatches(escalations)) {
    await step
      .insertInto('escalation')
      .values(batch.map((record) => ({ fingerprint: record.fingerprint, record: toJson(record) })))
      .onConflict((row) =>
        row.column('fingerprint').doUpdateSet((set) => ({ record: set.ref('excluded.record') })),
      )
      .execute();
  }
}

async function commitRecords(step: Db, { records, removed }: Change): Promise<void> {
  for (const { group, receiver, way } of removed) {
    await step
      .deleteFrom('notify_record')
      .where('group_key', '=', group)
      .where('receiver', '=', receiver)
      .where('way', '=', way)
      .execute();
  }
  for (const batch of inBatches(records)) {
    await step
      .insertInto('notify_record')
      .values(
        batch.map((record) => ({
          group_key: record.group,
          receiver: record.receiver,
          way: record.way,
          record: toJson(record),
        })),
      )
      .onConflict((row) =>
        row
          .columns(['group_key', 'receiver', 'way'])
          .doUpdateSet((set) => ({ record: set.ref('excluded.record') })),
      )
      .execute();
  }
}

/** Adds messages of somebody who has decided otherwise than by the gates. */
export function addMessages(step: Db, messages: readonly NewMessage[]): Promise<void> {
  return commitMessages(step, { messages });
}

/** Takes back what has not left; answers how many that were. */
export async function withdrawWaiting(step: Db, messageIds: readonly string[]): Promise<number> {
  const { numDeletedRows } = await step
    .deleteFrom('outbox')
    .where('message_id', 'in', messageIds)
    .where('state', 'in', ['waiting', 'kept'])
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function commitMessages(step: Db, { messages }: Pick<Change, 'messages'>): Promise<void> {
  for (const batch of inBatches(messages)) {
    await step
      .insertInto('outbox')
      .values(
        batch.map((message) => ({
          message_id: message.messageId,
          created_at_ms: message.createdAtMs,
          receiver: message.receiver,
          way: message.way,
          channel: message.channel,
          recipient: message.to,
          subject: message.subject,
          body_text: message.text,
          body_html: message.html,
          body: message.body ?? null,
          follows: message.references ?? null,
          answerer: message.answerer ?? null,
          state: message.state,
          attempts: 0,
        })),
      )
      .execute();
    for (const told of inBatches(
      batch.flatMap(({ messageId, alerts }) => alerts.map((one) => [messageId, one] as const)),
    )) {
      await step
        .insertInto('outbox_alert')
        .values(told.map(([messageId, fingerprint]) => ({ message_id: messageId, fingerprint })))
        .execute();
    }
  }
  for (const message of messages) if (message.isEnd === true) await fold(step, message);
}

/**
 * What an end makes needless: who could not be told of the beginning until it was over is told both at once, by the
 * message that says since when and until when. None is folded that tells of an alert that the end does not.
 */
async function fold(
  step: Db,
  { messageId, channel, receiver, way, to, references }: NewMessage,
): Promise<void> {
  if (references === undefined) return;
  await step
    .updateTable('outbox')
    .set({ state: 'folded' })
    .where('follows', '=', references)
    .where('state', '=', 'waiting')
    .where('message_id', '!=', messageId)
    .where('channel', '=', channel)
    .where('receiver', '=', receiver)
    .where('way', '=', way)
    .where('recipient', '=', to)
    .where((row) =>
      row.not(
        row.exists((other) =>
          other
            .selectFrom('outbox_alert as told')
            .select('told.fingerprint')
            .whereRef('told.message_id', '=', 'outbox.message_id')
            .where('told.fingerprint', 'not in', (ended) =>
              ended.selectFrom('outbox_alert').select('fingerprint').where('message_id', '=', messageId),
            ),
        ),
      ),
    )
    .execute();
}

/** The messages that told of an alert, newest first: who was tried, how, and with what answer. */
export async function messagesAbout(
  db: Db,
  fingerprint: string,
  limit: number,
): Promise<readonly OutboxMessageView[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll('outbox')
    .innerJoin('outbox_alert', 'outbox_alert.message_id', 'outbox.message_id')
    .where('outbox_alert.fingerprint', '=', fingerprint)
    .orderBy('outbox.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(viewOf);
}

/** Messages on their way. */
export function createOutboxStore(db: Db): OutboxStore {
  return {
    async heads() {
      const rows = await db
        .selectFrom('outbox')
        .selectAll()
        .where('id', 'in', (oldest) =>
          oldest
            .selectFrom('outbox')
            .select(({ fn }) => fn.min('id').as('id'))
            .where('state', '=', 'waiting')
            .groupBy(['channel', 'receiver', 'way', 'recipient']),
        )
        .orderBy('id')
        .execute();
      return rows.map(messageOf);
    },
    async lastTold(number) {
      const last = await db
        .selectFrom('outbox')
        .select('message_id')
        .where('recipient', '=', number)
        .where('channel', 'in', ['sms', 'modem', 'ring'])
        .where('state', '=', 'sent')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (last === undefined) return [];
      const told = await db
        .selectFrom('outbox_alert')
        .select('fingerprint')
        .where('message_id', '=', last.message_id)
        .execute();
      return told.map(({ fingerprint }) => fingerprint);
    },
    giveLink: (link) => giveAnswerLink(db, link),
    async saveAttempt(id, attempt) {
      const tried = db
        .updateTable('outbox')
        .set((row) => ({ ...outcomeOf(attempt), attempts: row('attempts', '+', 1) }))
        .where('id', '=', id);
      // One that was folded while it was tried waits no more.
      await (attempt.state === 'sent' ? tried : tried.where('state', '=', 'waiting')).execute();
    },
  };
}

/** What was sent, to whom, what failed and why; newest first. */
export async function outboxMessages(db: Db, page: Page): Promise<readonly OutboxMessageView[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .where(isBefore('created_at_ms', page))
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map(viewOf);
}

/** One message, whatever its age. */
export async function outboxMessage(db: Db, id: number): Promise<OutboxMessageView | undefined> {
  const row = await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst();
  return row && viewOf(row);
}

function messageOf(row: OutboxRow): OutboxMessage {
  return defined({
    ...sharedOf(row),
    messageId: row.message_id,
    way: row.way,
    // Only who shows a message asks which alerts it tells of.
    alerts: [],
    to: row.recipient,
    body: row.body ?? undefined,
    references: row.follows ?? undefined,
    answerer: row.answerer ?? undefined,
  });
}

function viewOf(row: OutboxRow): OutboxMessageView {
  return defined({
    ...sharedOf(row),
    to: [row.recipient],
    sentAtMs: row.sent_at_ms ?? undefined,
    lastError: row.last_error ?? undefined,
  });
}

function sharedOf(row: OutboxRow) {
  return defined({
    id: row.id,
    createdAtMs: row.created_at_ms,
    receiver: row.receiver,
    channel: row.channel as Way['kind'],
    subject: row.subject,
    text: row.body_text,
    html: row.body_html,
    state: row.state as OutboxState,
    attempts: row.attempts,
    nextAttemptAtMs: row.next_attempt_at_ms ?? undefined,
  });
}

function outcomeOf(attempt: Attempt): Updateable<Tables['outbox']> {
  return {
    state: attempt.state,
    sent_at_ms: attempt.state === 'sent' ? attempt.atMs : null,
    next_attempt_at_ms: attempt.state === 'waiting' ? attempt.nextAttemptAtMs : null,
    last_error: attempt.state === 'sent' ? null : attempt.error,
  };
}
