import type { Migration } from '../migrate.ts';

/** Links in messages by which one person acknowledges. */
export const answerLinkTables: Migration = {
  name: 'answer links',
  async up(step) {
    await step.schema.alterTable('outbox').addColumn('answerer', 'text').execute();
    await step.schema
      .createTable('answer_link')
      .addColumn('token_hash', 'text', (column) => column.primaryKey())
      .addColumn('message_id', 'text', (column) => column.notNull())
      .addColumn('account', 'text', (column) => column.notNull())
      .addColumn('ends_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('used_at_ms', 'bigint')
      .execute();
  },
};
