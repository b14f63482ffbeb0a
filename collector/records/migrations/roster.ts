import type { Migration } from '../migrate.ts';

/** How the watch is planned: patterns, what differs from them, swaps, leave, and links to one's own shifts. */
export const rosterTables: Migration = {
  name: 'roster',
  async up(step) {
    await step.schema
      .createTable('roster_pattern')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('from_day', 'text', (column) => column.notNull())
      .addColumn('to_day', 'text')
      .addColumn('pattern', 'text', (column) => column.notNull())
      .execute();
    await step.schema
      .createTable('roster_override')
      .addColumn('shift', 'text', (column) => column.notNull())
      .addColumn('post', 'text', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('names', 'text', (column) => column.notNull())
      .addColumn('swap', 'text')
      .addPrimaryKeyConstraint('roster_override_key', ['shift', 'post'])
      .execute();
    await step.schema.createIndex('roster_override_day').on('roster_override').column('day').execute();
    await step.schema
      .createTable('roster_absence')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('from_day', 'text', (column) => column.notNull())
      .addColumn('to_day', 'text', (column) => column.notNull())
      .addColumn('absence', 'text', (column) => column.notNull())
      .execute();
    await step.schema.createIndex('roster_absence_end').on('roster_absence').column('to_day').execute();
    await step.schema
      .createTable('roster_swap')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('is_open', 'integer', (column) => column.notNull())
      .addColumn('offered_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('swap', 'text', (column) => column.notNull())
      .execute();
    await step.schema
      .createIndex('roster_swap_open')
      .on('roster_swap')
      .columns(['is_open', 'offered_at_ms'])
      .execute();
    await step.schema
      .createTable('roster_feed')
      .addColumn('token_hash', 'text', (column) => column.primaryKey())
      .addColumn('account_id', 'bigint', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('used_at_ms', 'bigint')
      .addColumn('revoked_at_ms', 'bigint')
      .execute();
    await step.schema.createIndex('roster_feed_account').on('roster_feed').column('account_id').execute();
  },
};
