import { sql, type Transaction } from 'kysely';
import type { Migration } from '../migrate.ts';
import type { Tables } from '../tables.ts';
import { keepSealed, numbered } from './parts.ts';

type Step = Transaction<Tables>;

export const firstTables: Migration = {
  name: 'first tables',
  async up(step) {
    await people(step);
    await alerts(step);
    await messages(step);
  },
};

async function people(step: Step): Promise<void> {
  await numbered(step.schema.createTable('account'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull().unique())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('roles', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('is_demonstration', 'integer', (column) => column.notNull())
    .addColumn('is_display', 'integer', (column) => column.notNull())
    .addColumn('is_disabled', 'integer', (column) => column.notNull())
    .addColumn('must_change_password', 'integer', (column) => column.notNull())
    .addColumn('phone', 'text', (column) => column.notNull())
    .addColumn('mail', 'text', (column) => column.notNull())
    .addColumn('department', 'text', (column) => column.notNull())
    .addColumn('vetted_on', 'text')
    .addColumn('qualifications', 'text', (column) => column.notNull())
    .addColumn('search_text', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();
  await step.schema
    .createTable('session')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'integer', (column) =>
      column.notNull().references('account.id').onDelete('cascade'),
    )
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('used_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('browser', 'text', (column) => column.notNull())
    .execute();
  await step.schema
    .createTable('first_run_token')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await step.schema
    .createTable('sign_in_failure')
    .addColumn('subject', 'text', (column) => column.primaryKey())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('last_at_ms', 'bigint', (column) => column.notNull())
    .execute();
}

async function alerts(step: Step): Promise<void> {
  await step.schema
    .createTable('alert_instance')
    .addColumn('fingerprint', 'text', (column) => column.primaryKey())
    .addColumn('instance', 'text', (column) => column.notNull())
    .execute();
  await numbered(step.schema.createTable('alert_history'))
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('transition', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('alert', 'text', (column) => column.notNull())
    .addColumn('person', 'text')
    .addColumn('reason', 'text')
    .addColumn('sealed_at_ms', 'bigint')
    .execute();
  await keepSealed(step, 'alert_history');
  await step.schema
    .createIndex('alert_history_of')
    .on('alert_history')
    .columns(['fingerprint', 'at_ms', 'id'])
    .execute();
  await step.schema.createIndex('alert_history_at').on('alert_history').columns(['at_ms', 'id']).execute();
}

async function messages(step: Step): Promise<void> {
  await step.schema
    .createTable('notify_record')
    .addColumn('group_key', 'text', (column) => column.notNull())
    .addColumn('receiver', 'text', (column) => column.notNull())
    .addColumn('way', 'text', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('notify_record_key', ['group_key', 'receiver', 'way'])
    .execute();
  await numbered(step.schema.createTable('outbox'))
    .addColumn('message_id', 'text', (column) => column.notNull().unique())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('receiver', 'text', (column) => column.notNull())
    .addColumn('way', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('recipient', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('body_text', 'text', (column) => column.notNull())
    .addColumn('body_html', 'text', (column) => column.notNull())
    .addColumn('body', 'text')
    .addColumn('follows', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_attempt_at_ms', 'bigint')
    .addColumn('sent_at_ms', 'bigint')
    .addColumn('last_error', 'text')
    .addColumn('sealed_at_ms', 'bigint')
    .execute();
  await keepSealed(step, 'outbox');
  await step.schema
    .createIndex('outbox_waiting')
    .on('outbox')
    .columns(['state', 'channel', 'receiver', 'way', 'recipient', 'id'])
    .execute();
  await step.schema
    .createIndex('outbox_waiting_thread')
    .on('outbox')
    .column('follows')
    .where(sql<boolean>`state = 'waiting'`)
    .execute();
}
