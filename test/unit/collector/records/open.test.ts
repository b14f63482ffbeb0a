import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { migrate, type Migration } from '../../../../collector/records/migrate.ts';
import { openRecords, type Records } from '../../../../collector/records/open.ts';
import { folderWith } from '../../../support/folder.ts';

async function opened(folder: string): Promise<Records> {
  const records = await openRecords(folder);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await records.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { ...records, close };
}

const AS_ANOTHER_PROCESS = `
  import { openRecords } from ${JSON.stringify(join(import.meta.dirname, '../../../../collector/records/open.ts'))};
  await openRecords(process.argv[1]).then(() => console.log('opened'), (error) => console.log(error.code));
`;

function openElsewhere(folder: string): string {
  const { stdout } = spawnSync(
    process.execPath,
    ['--input-type=module-typescript', '-e', AS_ANOTHER_PROCESS, folder],
    { encoding: 'utf8', timeout: 20_000 },
  );
  return stdout.trim();
}

it('makes the data folder and what is in it for its own account alone', async () => {
  const folder = join(folderWith(), 'new', 'data');
  await opened(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const names = readdirSync(folder);
  expect(names).toContain('records.sqlite-wal');
  for (const name of names) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
});

it('writes through a log that is flushed at every commit', async () => {
  const { db } = await opened(folderWith());
  const [journal, synchronous, keys] = await Promise.all([
    sql<{ journal_mode: string }>`pragma journal_mode`.execute(db),
    sql<{ synchronous: number }>`pragma synchronous`.execute(db),
    sql<{ foreign_keys: number }>`pragma foreign_keys`.execute(db),
  ]);
  expect(journal.rows).toEqual([{ journal_mode: 'wal' }]);
  expect(synchronous.rows).toEqual([{ synchronous: 2 }]);
  expect(keys.rows).toEqual([{ foreign_keys: 1 }]);
});

it('refuses a data folder that another process uses, and takes it when that one is gone', async () => {
  const folder = folderWith();
  const first = await opened(folder);
  expect(openElsewhere(folder)).toBe('already_running');
  await first.close();
  expect(openElsewhere(folder)).toBe('opened');
}, 60_000);

it('says that the data folder cannot be used where a file stands in its place', async () => {
  const folder = folderWith({ data: 'a file' });
  await expect(openRecords(join(folder, 'data'))).rejects.toMatchObject({
    code: 'data_folder_unusable',
    message: expect.stringContaining(join(folder, 'data')) as string,
  });
});

it('says so when the records are no database, and gives the folder back', async () => {
  const folder = folderWith({
    'records.sqlite': 'not a database, but long enough to be taken for a header '.repeat(9),
  });
  await expect(openRecords(folder)).rejects.toMatchObject({
    code: 'records_failed',
    message: 'The records failed: the file is not a database.',
  });
  writeFileSync(join(folder, 'records.sqlite'), '');
  await opened(folder);
});

it('refuses records that a newer version has written and changes nothing in them', async () => {
  const folder = folderWith();
  await (await opened(folder)).close();
  const file = new DatabaseSync(join(folder, 'records.sqlite'));
  file.exec("insert into schema_step values (900, 'from the future')");
  file.close();
  await expect(openRecords(folder)).rejects.toMatchObject({
    code: 'records_failed',
    message: expect.stringMatching(/newer Watchkeeper.*step 900, from the future/) as string,
  });
});

it('says that the disk is full, undoes the write and goes on when there is room', async () => {
  const records = await opened(folderWith());
  const { db } = records;
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db);
  const pages = rows[0]?.page_count ?? 0;
  await sql`pragma max_page_count = ${sql.lit(pages)}`.execute(db);
  const write = (text: string): Promise<unknown> =>
    db.transaction().execute(async (step) => {
      await step.insertInto('alert_instance').values({ fingerprint: 'a', instance: 'small' }).execute();
      await step.insertInto('alert_instance').values({ fingerprint: 'b', instance: text }).execute();
    });
  await expect(write('x'.repeat(1_000_000))).rejects.toMatchObject({
    code: 'records_failed',
    message: 'The records failed: the disk that holds the records is full.',
  });
  expect(await db.selectFrom('alert_instance').selectAll().execute()).toEqual([]);
  expect(records.faults()).toEqual(['The records failed: the disk that holds the records is full.']);
  await sql`pragma max_page_count = ${sql.lit(pages + 1000)}`.execute(db);
  await write('y');
  expect(await db.selectFrom('alert_instance').selectAll().execute()).toHaveLength(2);
  expect(records.faults()).toEqual([]);
});

const addTable = (name: string): Migration => ({
  name,
  async up(step) {
    await step.schema.createTable(name).addColumn('id', 'integer').execute();
  },
});

it('takes each step of the schema once, in order, and a failed one leaves nothing behind', async () => {
  const { db } = await opened(folderWith());
  const before = await sql<{ name: string }>`select name from schema_step`.execute(db);
  const known: Migration[] = before.rows.map(({ name }) => addTable(name));
  const broken: Migration = {
    name: 'broken',
    async up(step) {
      await step.schema.createTable('half').addColumn('id', 'integer').execute();
      await sql`insert into no_such_table values (1)`.execute(step);
    },
  };
  await expect(migrate(db, [...known, addTable('second'), broken])).rejects.toMatchObject({
    code: 'records_failed',
  });
  const tables = await db.introspection.getTables();
  expect(tables.map(({ name }) => name)).toContain('second');
  expect(tables.map(({ name }) => name)).not.toContain('half');
  await migrate(db, [...known, addTable('second'), addTable('third')]);
  const steps = await sql<{ name: string }>`select name from schema_step order by number`.execute(db);
  expect(steps.rows.map(({ name }) => name).slice(-2)).toEqual(['second', 'third']);
});

it('waits for the disk on a thread of its own: the program goes on meanwhile', async () => {
  const { db } = await opened(folderWith());
  const counting = sql<{ n: number }>`
    with recursive c(n) as (select 1 union all select n + 1 from c where n < 500000)
    select max(n) as n from c`.execute(db);
  const done = new AbortController();
  const counted = counting.finally(() => done.abort());
  let turns = 0;
  for (; !done.signal.aborted; turns += 1) await new Promise((next) => setImmediate(next));
  expect((await counted).rows).toEqual([{ n: 500_000 }]);
  expect(turns).toBeGreaterThan(20);
});

it('tells who writes after the end that the records are gone, instead of waiting for ever', async () => {
  const records = await openRecords(folderWith());
  await records.close();
  await expect(records.db.selectFrom('account').selectAll().execute()).rejects.toThrow('destroyed');
});

it('keeps no answer that it has given', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { db } = await opened(folderWith());
  const heldBytes = async (answers: number): Promise<number> => {
    for (let count = 0; count < answers; count += 1) {
      await sql`select printf('%.*c', 200000, 'x') as answer`.execute(db);
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await heldBytes(5);
  expect((await heldBytes(150)) - before).toBeLessThan(10_000_000);
});
