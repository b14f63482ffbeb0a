import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';
import { isPostgres } from '../store.ts';
import type { Step } from './parts.ts';

/** What lists of rounds ask for over years: doubts by their kind, what was done on a day, whose a due round was. */
export const roundListTables: Migration = {
  name: 'round-lists',
  async up(step) {
    await doubtTable(step);
    await assignmentDay(step);
    await swapTable(step);
    await step.schema.dropIndex('round_day').execute();
    await index(step, 'round_done', ['day', 'due', 'result', 'is_late', 'id']);
    await index(step, 'round_result', ['result', 'received_at_ms']);
    await index(step, 'round_walked_by', ['walked_by', 'received_at_ms']);
  },
};

async function index(step: Step, name: string, columns: readonly string[]): Promise<void> {
  await sql`create index ${sql.ref(name)} on round (${sql.join(columns.map((one) => sql.ref(one)))})`.execute(
    step,
  );
}

/** Of each round, each kind of doubt once. */
async function doubtTable(step: Step): Promise<void> {
  await step.schema
    .createTable('round_doubt')
    .addColumn('round', 'text', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('received_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('round_doubt_key', ['round', 'code'])
    .execute();
  const codes = isPostgres(step)
    ? sql`select distinct round.id, doubt ->> 'code', received_at_ms
        from round, json_array_elements(judged::json -> 'doubts') as doubt`
    : sql`select distinct round.id, doubt.value ->> 'code', received_at_ms
        from round, json_each(judged, '$.doubts') as doubt`;
  await sql`insert into round_doubt (round, code, received_at_ms) ${codes}`.execute(step);
  await step.schema
    .createIndex('round_doubt_code')
    .on('round_doubt')
    .columns(['code', 'received_at_ms', 'round'])
    .execute();
}

async function assignmentDay(step: Step): Promise<void> {
  await step.schema
    .alterTable('round_assignment')
    .addColumn('day', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  const day = isPostgres(step) ? sql`split_part(due, '@', 2)` : sql`substr(due, instr(due, '@') + 1)`;
  await sql`update round_assignment set day = ${day}`.execute(step);
  await step.schema.createIndex('round_assignment_day').on('round_assignment').column('day').execute();
}

/** Rounds that somebody offered to somebody else, maybe for another. */
async function swapTable(step: Step): Promise<void> {
  await step.schema
    .createTable('round_swap')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('offered_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('closed_at_ms', 'bigint')
    .addColumn('swap', 'text', (column) => column.notNull())
    .execute();
  await step.schema.createIndex('round_swap_open').on('round_swap').column('closed_at_ms').execute();
}
