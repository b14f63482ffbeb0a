import { sql, type Generated, type Kysely } from 'kysely';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { changedOnce } from '../../collector/records/changed-once.ts';
import { keepSealed, numbered } from '../../collector/records/migrations/parts.ts';
import { openRecords } from '../../collector/records/open.ts';
import { removeOld, removeUnsealed } from '../../collector/records/retention.ts';
import { indexText, searchIds } from '../../collector/records/search.ts';
import { isPostgres } from '../../collector/records/store.ts';
import type { Db, Tables } from '../../collector/records/tables.ts';
import { inTransaction } from '../../collector/records/transaction.ts';
import { folderWith } from '../support/folder.ts';
import { stores } from '../support/stores.ts';

/** A table as later parts of the product make them. */
interface Sheet {
  id: Generated<number>;
  at_ms: number;
  text: string;
  version: number;
  sealed_at_ms: number | null;
}

describe.each(await stores())('the ground in $name', ({ place }) => {
  let db: Db;
  let sheets: Kysely<Tables & { sheet: Sheet }>;
  beforeEach(async () => {
    const records = await openRecords(folderWith(), place());
    onTestFinished(() => records.close());
    db = records.db;
    sheets = db.withTables<{ sheet: Sheet }>();
    await db.transaction().execute(async (step) => {
      await numbered(step.schema.createTable('sheet'))
        .addColumn('at_ms', 'bigint', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('sealed_at_ms', 'bigint')
        .execute();
      await keepSealed(step, 'sheet');
    });
  });

  const add = async (
    text: string,
    fields: Partial<Pick<Sheet, 'at_ms' | 'sealed_at_ms'>> = {},
  ): Promise<number> => {
    const sheet = { at_ms: 1, text, version: 1, sealed_at_ms: null, ...fields };
    return (await sheets.insertInto('sheet').values(sheet).returning('id').executeTakeFirstOrThrow()).id;
  };
  const texts = async (): Promise<readonly string[]> =>
    (await sheets.selectFrom('sheet').select('text').orderBy('id').execute()).map(({ text }) => text);

  describe('two writers of one record', () => {
    const change = (id: number, version: number, text: string): Promise<void> =>
      inTransaction(db, (step) => {
        const own = step.withTables<{ sheet: Sheet }>();
        return changedOnce(
          own
            .updateTable('sheet')
            .set({ text, version: version + 1 })
            .where('id', '=', id)
            .where('version', '=', version),
          () => own.selectFrom('sheet').select(['text', 'version']).where('id', '=', id).executeTakeFirst(),
        );
      });

    it('take the first change, and tell the second writer what stands there now', async () => {
      const id = await add('empty');
      await change(id, 1, 'first');
      await expect(change(id, 1, 'second')).rejects.toMatchObject({
        code: 'conflict',
        present: { text: 'first', version: 2 },
      });
      await change(id, 2, 'second, who has looked');
      expect(await texts()).toEqual(['second, who has looked']);
    });

    it('let one of many win who write at the same time', async () => {
      const id = await add('empty');
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, (_, n) => change(id, 1, String(n))),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('say that a record is gone', async () => {
      await expect(change(77, 1, 'x')).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  it('keeps what is signed from every change and removal, and removes the rest when it is old', async () => {
    await add('old');
    await add('old and signed', { sealed_at_ms: 2 });
    await add('new', { at_ms: 100 });
    await removeUnsealed(db, { table: 'sheet', at: 'at_ms', beforeMs: 50 });
    expect(await texts()).toEqual(['old and signed', 'new']);
    const refused = { code: 'conflict', message: 'This has been signed; it stays as it is.' };
    const sealed = sheets.updateTable('sheet').where('sealed_at_ms', 'is not', null);
    await expect(sealed.set({ text: 'x' }).execute()).rejects.toMatchObject(refused);
    await expect(sealed.set({ sealed_at_ms: null }).execute()).rejects.toMatchObject(refused);
    await expect(sheets.deleteFrom('sheet').execute()).rejects.toMatchObject(refused);
    expect(await texts()).toEqual(['old and signed', 'new']);
  });

  it('removes thousands of old entries of the history, but for those that were signed', async () => {
    const entry = (at_ms: number) => ({
      at_ms,
      transition: 'fired',
      fingerprint: 'f',
      alert: '{}',
      sealed_at_ms: at_ms % 100 === 0 ? 5 : null,
    });
    for (let from = 0; from < 2_000; from += 200) {
      await db
        .insertInto('alert_history')
        .values(Array.from({ length: 200 }, (_, n) => entry(from + n)))
        .execute();
    }
    await removeOld(db, 1_500 + 10, { historyMs: 10, peopleMs: 0 });
    const left = await db.selectFrom('alert_history').select('at_ms').orderBy('at_ms').execute();
    expect(left.filter(({ at_ms }) => at_ms < 1_500).map(({ at_ms }) => at_ms / 100)).toEqual(
      Array.from({ length: 15 }, (_, n) => n),
    );
    expect(left).toHaveLength(15 + 500);
  });

  it('lets go of claims, silences, chases and escalations that ended long ago, and of what hung on what was removed', async () => {
    const escalation = (fingerprint: string, baseMs: number) => ({
      fingerprint,
      record: JSON.stringify({ fingerprint, firedAtMs: 1, baseMs, taken: 0, told: [] }),
    });
    await inTransaction(db, async (step) => {
      for (const [id, ends_at_ms] of [
        ['old', 5],
        ['new', 95],
      ] as const) {
        await step.insertInto('claim').values({ id, ends_at_ms, claim: '{}' }).execute();
        await step.insertInto('silence').values({ id, ends_at_ms, silence: '{}' }).execute();
        const swallowed = { silence: id, fingerprint: 'f', fired_at_ms: 1 };
        await step.insertInto('silence_swallowed').values(swallowed).execute();
        await step.insertInto('escalation').values(escalation(id, ends_at_ms)).execute();
        await step.insertInto('chase').values({ id, ended_at_ms: ends_at_ms, record: '{}' }).execute();
      }
      await step
        .insertInto('chase')
        .values({ id: 'still overdue', ended_at_ms: null, record: '{}' })
        .execute();
      await step.insertInto('escalation').values(escalation('fires', 5)).execute();
      await step.insertInto('alert_instance').values({ fingerprint: 'fires', instance: '{}' }).execute();
      await step.insertInto('outbox_alert').values({ message_id: 'gone', fingerprint: 'f' }).execute();
    });
    await removeOld(db, 100, { historyMs: 50, peopleMs: 0 });
    const ids = async (table: 'claim' | 'silence' | 'chase'): Promise<readonly string[]> =>
      (await db.selectFrom(table).select('id').orderBy('id').execute()).map(({ id }) => id);
    expect([await ids('claim'), await ids('silence')]).toEqual([['new'], ['new']]);
    expect(await ids('chase')).toEqual(['new', 'still overdue']);
    const swallowed = await db.selectFrom('silence_swallowed').select('silence').execute();
    expect(swallowed).toEqual([{ silence: 'new' }]);
    const escalations = await db
      .selectFrom('escalation')
      .select('fingerprint')
      .orderBy('fingerprint')
      .execute();
    expect(escalations.map(({ fingerprint }) => fingerprint)).toEqual(['fires', 'new']);
    expect(await db.selectFrom('outbox_alert').selectAll().execute()).toEqual([]);
  });

  it('has a key in every table, by which its rows are told apart', async () => {
    const { rows } = isPostgres(db)
      ? await sql<{ name: string }>`select relname as name from pg_class c
          where relkind = 'r' and relnamespace = current_schema()::regnamespace
          and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`.execute(db)
      : await sql<{
          name: string;
        }>`select name from sqlite_master m where type = 'table' and name not like 'sqlite_%'
          and not exists (select 1 from pragma_table_info(m.name) where pk > 0)`.execute(db);
    expect(rows).toEqual([]);
  });

  it('does nothing of what fails in its middle, also in a transaction within a transaction', async () => {
    const act = inTransaction(db, async (step) => {
      await inTransaction(step, (inner) => indexText(inner, 'watch', { id: 1, text: '漏水' }));
      throw new Error('in the middle');
    });
    await expect(act).rejects.toThrow('in the middle');
    expect(await searchIds(db, { scope: 'watch', text: '漏水', limit: 5 })).toEqual([]);
  });
});
