import type { Migration } from '../migrate.ts';

/** What was overdue, whom that was told, and what they answered. */
export const chaseTables: Migration = {
  name: 'chases',
  async up(step) {
    await step.schema
      .createTable('chase')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ended_at_ms', 'bigint')
      .addColumn('record', 'text', (column) => column.notNull())
      .execute();
  },
};
