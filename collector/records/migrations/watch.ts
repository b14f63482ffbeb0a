import type { Transaction } from 'kysely';
import type { Migration } from '../migrate.ts';
import type { Tables } from '../tables.ts';
import { forbid, keepSealed, numbered } from './parts.ts';

/** The watch ledger, handovers with their sheets, attendance, and the watch log. */
export const watchTables: Migration = {
  name: 'watch',
  async up(step) {
    await numbered(step.schema.createTable('watch_ledger'))
      .addColumn('post', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('recorded_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('person', 'text')
      .addColumn('cause', 'text', (column) => column.notNull())
      .addColumn('handover', 'integer')
      .execute();
    await step.schema
      .createIndex('watch_ledger_at')
      .on('watch_ledger')
      .columns(['post', 'at_ms', 'id'])
      .execute();
    await numbered(step.schema.createTable('handover'))
      .addColumn('post', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('sheet', 'text', (column) => column.notNull())
      .addColumn('handover', 'text', (column) => column.notNull())
      .addColumn('sealed_at_ms', 'bigint')
      .execute();
    await step.schema.createIndex('handover_state').on('handover').columns(['state', 'post']).execute();
    await step.schema.createIndex('handover_sealed').on('handover').columns(['sealed_at_ms']).execute();
    await keepSealed(step, 'handover');
    await numbered(step.schema.createTable('handover_addendum'))
      .addColumn('handover', 'integer', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .execute();
    await step.schema
      .createIndex('addendum_of')
      .on('handover_addendum')
      .columns(['handover', 'id'])
      .execute();
    await dutyTables(step);
    // A signed sheet shows the stretch of the audit that tells of it.
    await step.schema.createIndex('audit_at').on('audit').columns(['at_ms']).execute();
    for (const table of ['watch_ledger', 'handover_addendum', 'watch_log', 'attachment']) {
      for (const forbids of ['update', 'delete'] as const) {
        await forbid(step, {
          table,
          forbids,
          says: 'What was written here stays; it is corrected by an addition.',
        });
      }
    }
  },
};

async function dutyTables(step: Transaction<Tables>): Promise<void> {
  await numbered(step.schema.createTable('duty_record'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('is_open', 'integer', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .execute();
  await step.schema.createIndex('duty_record_open').on('duty_record').columns(['is_open', 'id']).execute();
  await step.schema.createIndex('duty_record_at').on('duty_record').columns(['kind', 'at_ms']).execute();
  await numbered(step.schema.createTable('watch_log'))
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('author', 'text')
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('entry', 'text', (column) => column.notNull())
    .execute();
  await step.schema.createIndex('watch_log_at').on('watch_log').columns(['at_ms', 'id']).execute();
  await numbered(step.schema.createTable('attachment'))
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .execute();
  await step.schema
    .createTable('watch_figure')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('figure', 'text', (column) => column.notNull())
    .execute();
}
