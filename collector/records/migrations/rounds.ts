import type { Migration } from '../migrate.ts';
import { forbid, type Step } from './parts.ts';

/** Inspection rounds: what is looked at, who walked, what they found, and what came of it. */
export const roundTables: Migration = {
  name: 'rounds',
  async up(step) {
    await templateTable(step);
    await handedInTable(step);
    await otherTables(step);
  },
};

async function templateTable(step: Step): Promise<void> {
  await step.schema
    .createTable('round_template')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('is_current', 'integer', (column) => column.notNull())
    .addColumn('template', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('round_template_key', ['id', 'version'])
    .execute();
}

async function handedInTable(step: Step): Promise<void> {
  await step.schema
    .createTable('round')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('template', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('due', 'text', (column) => column.unique())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('received_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('walked_by', 'text', (column) => column.notNull())
    .addColumn('sent_by', 'text', (column) => column.notNull())
    .addColumn('result', 'text', (column) => column.notNull())
    .addColumn('doubts', 'integer', (column) => column.notNull())
    .addColumn('is_late', 'integer', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('clock_difference_ms', 'bigint', (column) => column.notNull())
    .addColumn('submission', 'text', (column) => column.notNull())
    .addColumn('judged', 'text', (column) => column.notNull())
    .execute();
  await step.schema.createIndex('round_received').on('round').column('received_at_ms').execute();
  await step.schema.createIndex('round_day').on('round').columns(['day', 'template']).execute();
  await step.schema
    .createIndex('round_of_template')
    .on('round')
    .columns(['template', 'received_at_ms'])
    .execute();
  for (const forbids of ['update', 'delete'] as const) {
    const says = 'A round stays as it was handed in; what is to be corrected is added to it.';
    await forbid(step, { table: 'round', forbids, says });
  }
}

async function otherTables(step: Step): Promise<void> {
  await step.schema
    .createTable('round_addition')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('round', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('addition', 'text', (column) => column.notNull())
    .execute();
  await step.schema.createIndex('round_addition_round').on('round_addition').column('round').execute();
  await step.schema
    .createTable('round_photo')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('bytes', 'text', (column) => column.notNull())
    .execute();
  await step.schema
    .createTable('round_place')
    .addColumn('place', 'text', (column) => column.primaryKey())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('earlier', 'text', (column) => column.notNull())
    .addColumn('made_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await step.schema
    .createTable('round_assignment')
    .addColumn('due', 'text', (column) => column.primaryKey())
    .addColumn('account', 'text', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await step.schema
    .createTable('round_task')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('round', 'text', (column) => column.notNull())
    .addColumn('opened_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('closed_at_ms', 'bigint')
    .addColumn('owner', 'text')
    .addColumn('task', 'text', (column) => column.notNull())
    .execute();
  await step.schema.createIndex('round_task_round').on('round_task').column('round').execute();
  await step.schema
    .createIndex('round_task_open')
    .on('round_task')
    .columns(['closed_at_ms', 'opened_at_ms'])
    .execute();
}
