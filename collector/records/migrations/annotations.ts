import type { Migration } from '../migrate.ts';
import { numbered } from './parts.ts';

/** What people wrote beside the curves; one that is taken away stays, with who could read it until when. */
export const annotationTables: Migration = {
  name: 'annotations',
  async up(step) {
    await numbered(step.schema.createTable('annotation'))
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('room', 'text', (column) => column.notNull())
      .addColumn('device', 'text')
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull())
      .addColumn('written_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('removed_at_ms', 'bigint')
      .execute();
    await step.schema.createIndex('annotation_at').on('annotation').columns(['at_ms']).execute();
  },
};
