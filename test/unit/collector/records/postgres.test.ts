import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { audited, verifyAudit } from '../../../../collector/records/audit.ts';
import { MIGRATIONS } from '../../../../collector/records/migrations/index.ts';
import { openRecords, type Records } from '../../../../collector/records/open.ts';
import type { Db } from '../../../../collector/records/tables.ts';
import { inTransaction } from '../../../../collector/records/transaction.ts';
import type { PostgresSettings } from '../../../../config/records.ts';
import { Secret } from '../../../../config/runtime/secret.ts';
import { eventually } from '../../../support/eventually.ts';
import { folderWith } from '../../../support/folder.ts';
import { hasPostgres, makePostgresSchema } from '../../../support/postgres.ts';
import { postgresProxy, type PostgresProxy } from '../../../support/postgres-proxy.ts';

function place(): PostgresSettings {
  const { settings, drop } = makePostgresSchema();
  onTestFinished(drop);
  return settings;
}

async function opened(postgres: PostgresSettings): Promise<Records> {
  const records = await openRecords(folderWith(), { postgres });
  onTestFinished(() => records.close());
  return records;
}

async function behindProxy(): Promise<{ proxy: PostgresProxy; records: Records; db: Db }> {
  const settings = place();
  const proxy = await postgresProxy(settings);
  onTestFinished(() => proxy.stop());
  const records = await opened({ ...settings, port: proxy.port });
  return { proxy, records, db: records.db };
}

const token = (name: string) => ({ token_hash: name, created_at_ms: 1 });

describe.skipIf(!(await hasPostgres()))('records in PostgreSQL', () => {
  const writing = async (db: Db): Promise<{ attempts: number; kept: number }> => {
    let attempts = 0;
    await inTransaction(db, async (step) => {
      attempts += 1;
      await step.insertInto('first_run_token').values(token('one')).execute();
    });
    const kept = await db.selectFrom('first_run_token').selectAll().execute();
    return { attempts, kept: kept.length };
  };

  it('do a transaction again whose connection broke before its commit', async () => {
    const { proxy, db } = await behindProxy();
    proxy.breakAt('first_run_token', 'before');
    expect(await writing(db)).toEqual({ attempts: 2, kept: 1 });
  });

  it('do a transaction again whose commit never arrived', async () => {
    const { proxy, db } = await behindProxy();
    proxy.breakAt('commit', 'before');
    expect(await writing(db)).toEqual({ attempts: 2, kept: 1 });
  });

  it('ask what became of a commit whose answer was lost, and do not write twice', async () => {
    const { proxy, db } = await behindProxy();
    proxy.breakAt('commit', 'after');
    expect(await writing(db)).toEqual({ attempts: 1, kept: 1 });
  });

  it('read again what broke while it was read', async () => {
    const { proxy, db } = await behindProxy();
    proxy.breakAt('first_run_token', 'after');
    expect(await db.selectFrom('first_run_token').selectAll().execute()).toEqual([]);
  });

  it('say that nobody knows whether a single write was kept, and do not repeat it', async () => {
    const { proxy, db } = await behindProxy();
    proxy.breakAt('first_run_token', 'after');
    const write = db.insertInto('first_run_token').values(token('one')).execute();
    await expect(write).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(await db.selectFrom('first_run_token').selectAll().execute()).toHaveLength(1);
  });

  it('wait while PostgreSQL restarts, tell the fault meanwhile, and go on by themselves', async () => {
    const { proxy, records, db } = await behindProxy();
    proxy.goAway();
    const read = db.selectFrom('first_run_token').selectAll().execute();
    const write = writing(db);
    await eventually(() =>
      expect(records.faults()).toEqual([
        expect.stringMatching(/^The records failed: PostgreSQL does not answer/),
      ]),
    );
    proxy.comeBack();
    await read;
    expect(await write).toEqual({ attempts: 1, kept: 1 });
    expect(records.faults()).toEqual([]);
  });

  it('find their connections anew when an administrator ended them all', async () => {
    const settings = place();
    const { db } = await opened(settings);
    const other = await opened(settings);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = ${`watchkeeper ${settings.schema}`} and pid <> pg_backend_pid()`.execute(
      other.db,
    );
    expect(await writing(db)).toMatchObject({ kept: 1 });
  });

  it('are brought to their schema by one of several collectors that start at once, while the others wait', async () => {
    const settings = place();
    const [first] = await Promise.all([opened(settings), opened(settings), opened(settings)]);
    const steps = await sql<{ name: string }>`select name from schema_step order by number`.execute(first.db);
    expect(steps.rows.map(({ name }) => name)).toEqual(MIGRATIONS.map(({ name }) => name));
  });

  it('chain what two collectors write at the same time, undoing and repeating what met', async () => {
    const settings = place();
    const [one, two] = await Promise.all([opened(settings), opened(settings)]);
    const write = ({ db }: Records, n: number): Promise<void> =>
      audited(
        db,
        { atMs: n, who: 'a', action: 'wrote', target: String(n), origin: 'local' },
        async () => undefined,
      );
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => [write(one, n), write(two, n)]).flat(),
    );
    const kept = outcomes.filter(({ status }) => status === 'fulfilled').length;
    const verdict = await verifyAudit(one.db);
    expect(verdict.lines).toBe(kept);
    expect(verdict).not.toHaveProperty('broken');
    expect(kept).toBe(20);
  });

  it('are refused when a newer version has written them', async () => {
    const settings = place();
    const { db } = await opened(settings);
    await sql`insert into schema_step values (900, 'from the future')`.execute(db);
    await expect(openRecords(folderWith(), { postgres: settings })).rejects.toMatchObject({
      code: 'records_failed',
      message: expect.stringMatching(/newer Watchkeeper.*step 900, from the future/) as string,
    });
  });

  it('are on the disk before they are answered, whatever the server is set to', async () => {
    const { db } = await opened(place());
    const { rows } = await sql<{ synchronous_commit: string }>`show synchronous_commit`.execute(db);
    expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  });

  it.each([
    [{ database: 'no_such_database' }, 'PostgreSQL has no database of that name'],
    [{ user: 'nobody_of_that_name', password: new Secret('hunter2') }, 'PostgreSQL does not accept the user'],
  ])('say why they cannot be opened, and no password: %j', async (wrong, why) => {
    const failed = openRecords(folderWith(), { postgres: { ...place(), ...wrong } });
    await expect(failed).rejects.toMatchObject({
      code: 'records_failed',
      message: expect.stringContaining(why) as string,
    });
    await expect(failed).rejects.not.toThrow('hunter2');
  });
});
