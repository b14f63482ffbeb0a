import { sql, type RawBuilder } from 'kysely';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { auditHead } from './audit.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { inBatches } from './page.ts';
import { indexTerms } from './search.ts';
import { isPostgres } from './store.ts';
import type { Db } from './tables.ts';
import { factorOf, vaultOf } from './vault.ts';

/**
 * The records as rows that belong to neither store, so that what was taken out of one can be put into the other. All of
 * one instant, while others go on writing.
 */
export type DumpPart =
  | { readonly kind: 'steps'; readonly steps: readonly string[] }
  | {
      readonly kind: 'table';
      readonly table: string;
      readonly columns: readonly string[];
      readonly count: number;
    }
  | { readonly kind: 'rows'; readonly table: string; readonly rows: readonly Row[] }
  | { readonly kind: 'end'; readonly audit: { readonly seq: number; readonly hash: string } };

export type Value = string | number | null;
export type Row = readonly Value[];
type NamedRow = Readonly<Record<string, Value>>;

/** Whoever restores signs in anew; the steps go before the rows, and the terms of the search follow from its texts. */
const LEFT_OUT = new Set(['session', 'first_run_token', 'schema_step', 'search_term']);
const READ_AT_ONCE = 500;

export async function* dumpRecords(db: Db): AsyncGenerator<DumpPart> {
  const snapshot = await db
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute();
  try {
    yield { kind: 'steps', steps: await stepsTaken(snapshot) };
    for (const table of await tablesOf(snapshot)) yield* dumpTable(snapshot, table);
    yield { kind: 'end', audit: await auditHead(snapshot) };
  } finally {
    await snapshot.rollback().execute();
  }
}

async function stepsTaken(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from schema_step order by number`.execute(db);
  return rows.map(({ name }) => name);
}

/** In the order in which they were made: what refers to another comes after it. */
async function tablesOf(db: Db): Promise<readonly string[]> {
  const { rows } = isPostgres(db)
    ? await sql<{ name: string }>`select relname as name from pg_class
        where relkind = 'r' and relnamespace = current_schema()::regnamespace order by oid`.execute(db)
    : await sql<{ name: string }>`select name from sqlite_master
        where type = 'table' and name not like 'sqlite_%' order by rowid`.execute(db);
  return rows.map(({ name }) => name).filter((name) => !LEFT_OUT.has(name));
}

interface Shape {
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

async function shapeOf(db: Db, table: string): Promise<Shape> {
  const { rows } = isPostgres(db)
    ? await sql<{ name: string; key: number }>`select attname as name,
        coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1 as key
        from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
        where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`.execute(
        db,
      )
    : await sql<{
        name: string;
        key: number;
      }>`select name, pk as key from pragma_table_info(${table})`.execute(db);
  const key = rows.filter((row) => row.key > 0).sort((a, b) => a.key - b.key);
  return { columns: rows.map(({ name }) => name), key: key.map(({ name }) => name) };
}

async function* dumpTable(db: Db, table: string): AsyncGenerator<DumpPart> {
  const { columns, key } = await shapeOf(db, table);
  const counted = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(db);
  yield { kind: 'table', table, columns, count: counted.rows[0]?.count ?? 0 };
  const all = list(columns.map((name) => sql.ref(name)));
  const order = list(key.map((name) => sql.ref(name)));
  let after: RawBuilder<unknown> = sql`true`;
  for (;;) {
    const { rows } = await sql<NamedRow>`select ${all} from ${sql.table(table)}
      where ${after} order by ${order} limit ${READ_AT_ONCE}`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) return;
    const told = table === 'second_factor' ? rows.map((row) => openFactor(db, row)) : rows;
    yield { kind: 'rows', table, rows: told.map((row) => columns.map((name) => row[name] ?? null)) };
    if (rows.length < READ_AT_ONCE) return;
    after = sql`(${order}) > (${list(key.map((name) => sql`${last[name]}`))})`;
  }
}

/** A backup is sealed as a whole, and restored where another key lies beside the records. */
function openFactor(db: Db, row: NamedRow): NamedRow {
  const secret = vaultOf(db).open(String(row['secret']), factorOf(Number(row['account_id'])));
  return { ...row, secret };
}

function list(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return sql.join([...parts]);
}

/** How many of this version's steps a dump has behind it. @throws {WatchkeeperError} `backup_invalid` */
export function stepsOf(steps: readonly string[]): number {
  if (steps.every((name, index) => MIGRATIONS[index]?.name === name)) return steps.length;
  throw new WatchkeeperError(
    'backup_invalid',
    'The backup was made by a newer Watchkeeper; restore it with that version.',
  );
}

/** Puts rows into a table that has nothing but what its making put there. */
export async function putRows(
  step: Db,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  rows: readonly Row[],
): Promise<void> {
  const names = list(columns.map((name) => sql.ref(name)));
  // Made with its row, which nothing may remove.
  const isHead = table === 'audit_head';
  for (const batch of inBatches(rows)) {
    const values = list(batch.map((row) => sql`(${list(row.map((value) => sql`${value}`))})`));
    const instead = isHead
      ? sql`on conflict (id) do update set seq = excluded.seq, hash = excluded.hash`
      : sql``;
    await sql`insert into ${sql.table(table)} (${names}) values ${values} ${instead}`.execute(step);
    if (table === 'search_document')
      await indexTerms(
        step,
        batch.map((row) => documentOf(columns, row)),
      );
  }
}

function documentOf(columns: readonly string[], row: Row): { scope: string; id: number; body: string } {
  const value = (name: string): Value => row[columns.indexOf(name)] ?? null;
  return { scope: String(value('scope')), id: Number(value('id')), body: String(value('body')) };
}

/** Tables and columns that rows may be put into, as they are in this store. */
export async function shapes(db: Db): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const table of await tablesOf(db)) found.set(table, (await shapeOf(db, table)).columns);
  return found;
}

/** The store numbers on from the highest number that was put in. */
export async function goOnNumbering(step: Db): Promise<void> {
  if (!isPostgres(step)) return;
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = current_schema() and is_identity = 'YES'`.execute(step);
  for (const { table, column } of rows) {
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}),
      coalesce((select max(${sql.ref(column)}) from ${sql.table(table)}), 0) + 1, false)`.execute(step);
  }
}
