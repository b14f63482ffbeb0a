import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';
import { isPostgres } from '../store.ts';

export const searchTables: Migration = {
  name: 'search',
  async up(step) {
    const document = step.schema
      .createTable('search_document')
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('id', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('search_document_key', ['scope', 'id']);
    const term = step.schema
      .createTable('search_term')
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('term', 'text', (column) => column.notNull())
      .addColumn('id', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('search_term_key', ['scope', 'term', 'id']);
    // The key is the whole row: SQLite need not write it twice.
    for (const table of [document, term]) {
      await (isPostgres(step) ? table : table.modifyEnd(sql`without rowid`)).execute();
    }
  },
};
