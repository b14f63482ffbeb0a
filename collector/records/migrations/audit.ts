import type { Migration } from '../migrate.ts';
import { NO_HASH, PERSONAL_KEPT_MS } from '../audit-chain.ts';
import { forbid } from './parts.ts';

export const auditTables: Migration = {
  name: 'audit',
  async up(step) {
    await step.schema
      .createTable('audit')
      .addColumn('seq', 'bigint', (column) => column.primaryKey())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('personal_hash', 'text', (column) => column.notNull())
      .addColumn('previous_hash', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .execute();
    await step.schema.createIndex('audit_action').on('audit').columns(['action', 'seq']).execute();
    await step.schema
      .createTable('audit_personal')
      .addColumn('seq', 'bigint', (column) => column.primaryKey())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('salt', 'text', (column) => column.notNull())
      .addColumn('who', 'text', (column) => column.notNull())
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('change', 'text', (column) => column.notNull())
      .addColumn('origin', 'text', (column) => column.notNull())
      .execute();
    await step.schema
      .createIndex('audit_personal_who')
      .on('audit_personal')
      .columns(['who', 'seq'])
      .execute();
    await step.schema.createIndex('audit_personal_at').on('audit_personal').columns(['at_ms']).execute();
    await step.schema
      .createTable('audit_head')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .execute();
    await step.insertInto('audit_head').values({ id: 1, seq: 0, hash: NO_HASH }).execute();
    const says = 'The audit is never changed.';
    for (const forbids of ['update', 'delete'] as const)
      await forbid(step, { table: 'audit', forbids, says });
    await forbid(step, { table: 'audit_personal', forbids: 'update', says });
    await forbid(step, {
      table: 'audit_personal',
      forbids: 'delete',
      when: `old.at_ms > (select max(at_ms) from audit) - ${PERSONAL_KEPT_MS}`,
      says: 'What the audit says of people is kept for 400 days.',
    });
    await forbid(step, { table: 'audit_head', forbids: 'delete', says });
  },
};
