import type { Transaction } from 'kysely';
import type { Migration } from '../migrate.ts';
import { numbered } from './parts.ts';
import type { Tables } from '../tables.ts';

type Step = Transaction<Tables>;

/** What belongs to signing in and to taking a command back. */
export const signInTables: Migration = {
  name: 'sign-in tables',
  async up(step) {
    await numbered(ofAccount(step, 'password_before'))
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .addColumn('set_at_ms', 'bigint', (column) => column.notNull())
      .execute();
    await ofAccount(step, 'known_place')
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('used_at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('known_place_key', ['account_id', 'address'])
      .execute();
    await ofAccount(step, 'second_factor')
      .addColumn('secret', 'text', (column) => column.notNull())
      .addColumn('is_confirmed', 'integer', (column) => column.notNull())
      .addColumn('last_step', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('second_factor_key', ['account_id'])
      .execute();
    await ofAccount(step, 'one_time_code')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('code_hash', 'text', (column) => column.notNull())
      .addColumn('ends_at_ms', 'bigint')
      .addPrimaryKeyConstraint('one_time_code_key', ['account_id', 'kind', 'code_hash'])
      .execute();
    await tokens(step);
    await undoing(step);
  },
};

const ofAccount = (step: Step, name: string) =>
  step.schema
    .createTable(name)
    .addColumn('account_id', 'integer', (column) =>
      column.notNull().references('account.id').onDelete('cascade'),
    );

async function tokens(step: Step): Promise<void> {
  await ofAccount(step, 'access_token')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('ends_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('used_at_ms', 'bigint')
    .addColumn('revoked_at_ms', 'bigint')
    .execute();
}

async function undoing(step: Step): Promise<void> {
  await ofAccount(step, 'undoable')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('command', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('undo', 'text', (column) => column.notNull())
    .addColumn('ends_at_ms', 'bigint', (column) => column.notNull())
    .execute();
}
