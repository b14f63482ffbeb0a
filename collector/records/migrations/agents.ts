import type { Migration } from '../migrate.ts';

export const agentTables: Migration = {
  name: 'agents',
  async up(step) {
    await step.schema
      .createTable('agent_token')
      .addColumn('token_hash', 'text', (column) => column.primaryKey())
      .addColumn('zone', 'text', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .execute();
    await step.schema
      .createTable('agent')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('zone', 'text', (column) => column.notNull())
      .addColumn('credential_hash', 'text', (column) => column.notNull().unique())
      .addColumn('joined_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('revoked_at_ms', 'bigint')
      .execute();
  },
};
