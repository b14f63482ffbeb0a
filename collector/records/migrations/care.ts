import type { Migration } from '../migrate.ts';

/** Who sees to alerts, what is silent, whom escalations reached, and which alerts messages tell of. */
export const careTables: Migration = {
  name: 'care',
  async up(step) {
    for (const table of ['claim', 'silence'] as const) {
      await step.schema
        .createTable(table)
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('ends_at_ms', 'bigint', (column) => column.notNull())
        .addColumn(table, 'text', (column) => column.notNull())
        .execute();
    }
    await step.schema
      .createTable('silence_swallowed')
      .addColumn('silence', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('fired_at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('silence_swallowed_key', ['silence', 'fingerprint', 'fired_at_ms'])
      .execute();
    await step.schema
      .createTable('escalation')
      .addColumn('fingerprint', 'text', (column) => column.primaryKey())
      .addColumn('record', 'text', (column) => column.notNull())
      .execute();
    await step.schema
      .createTable('outbox_alert')
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('message_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('outbox_alert_key', ['fingerprint', 'message_id'])
      .execute();
    await step.schema
      .createIndex('outbox_alert_message')
      .on('outbox_alert')
      .columns(['message_id', 'fingerprint'])
      .execute();
  },
};
