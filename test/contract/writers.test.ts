import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { audited, verifyAudit } from '../../collector/records/audit.ts';
import { auditPage } from '../../collector/records/audit-lines.ts';
import { openRecords } from '../../collector/records/open.ts';
import type { Db } from '../../collector/records/tables.ts';
import { afterCommit, inTransaction } from '../../collector/records/transaction.ts';
import { folderWith } from '../support/folder.ts';
import { stores } from '../support/stores.ts';

const entry = (target: string) => ({ atMs: 1, who: 'anna', action: 'wrote', target, origin: 'local' });

describe.each(await stores())('many who write at the same time in $name', ({ place }) => {
  let db: Db;
  beforeEach(async () => {
    const records = await openRecords(folderWith(), place());
    onTestFinished(() => records.close());
    db = records.db;
  });

  const put = async (step: Db, name: string): Promise<void> => {
    await step.insertInto('first_run_token').values({ token_hash: name, created_at_ms: 1 }).execute();
  };
  const kept = async (): Promise<readonly string[]> => {
    const rows = await db.selectFrom('first_run_token').select('token_hash').orderBy('token_hash').execute();
    return rows.map((row) => row.token_hash);
  };
  const outcomesOf = async (writes: readonly Promise<unknown>[]): Promise<readonly string[]> =>
    (await Promise.allSettled(writes)).map((one) =>
      one.status === 'fulfilled' ? 'kept' : String(one.reason),
    );

  it('share the transaction after the one that is being written, each answered with its own result', async () => {
    const gate = Promise.withResolvers<void>();
    const used = new Map<string, unknown>();
    const write = (name: string, wait?: Promise<void>): Promise<string> =>
      inTransaction(db, async (step) => {
        used.set(name, step.getExecutor());
        await wait;
        await put(step, name);
        return name;
      });
    const first = write('a', gate.promise);
    const others = ['b', 'c', 'd'].map((name) => write(name));
    gate.resolve();
    expect(await Promise.all([first, ...others])).toEqual(['a', 'b', 'c', 'd']);
    expect(new Set(used.values()).size).toBe(1);
    expect(await kept()).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([0, 2, 4])('undo what fails for that one alone, be it number %d of them', async (bad) => {
    const writes = ['a', 'b', 'c', 'd', 'e'].map((name, index) =>
      audited(db, entry(name), async (step) => {
        await put(step, name);
        if (index === bad) throw new Error('no');
      }),
    );
    expect(await outcomesOf(writes)).toEqual([0, 1, 2, 3, 4].map((n) => (n === bad ? 'Error: no' : 'kept')));
    expect(await kept()).toEqual(['a', 'b', 'c', 'd', 'e'].filter((_, n) => n !== bad));
    expect(await verifyAudit(db)).toMatchObject({ lines: 4, forgotten: 0 });
    const { lines } = await auditPage(db, { limit: 9 });
    expect(lines.map(({ personal }) => personal?.target).toReversed()).toEqual(await kept());
  });

  it('go on after one whose statement the store itself refuses', async () => {
    const twice = () => inTransaction(db, (step) => put(step, 'same'));
    const outcomes = await outcomesOf([twice(), twice(), inTransaction(db, (step) => put(step, 'other'))]);
    expect(outcomes).toEqual(['kept', expect.stringContaining('excludes'), 'kept']);
    expect(await kept()).toEqual(['other', 'same']);
  });

  it('are refused alone when the audit cannot hold what they say, and half a character breaks no chain', async () => {
    const outcomes = await outcomesOf(
      ['a', 'nul \u0000', 'half \ud83d'].map((target) => audited(db, entry(target), async () => undefined)),
    );
    expect(outcomes).toEqual(['kept', expect.stringContaining('U+0000'), 'kept']);
    expect(await verifyAudit(db)).toMatchObject({ lines: 2 });
    expect(await verifyAudit(db)).not.toHaveProperty('broken');
  });

  it('do what follows from a write only when it is kept, and before it is answered', async () => {
    const followed: string[] = [];
    const write = async (name: string): Promise<void> => {
      await inTransaction(db, async (step) => {
        afterCommit(step, () => followed.push(`after ${name}`));
        if (name === 'b') throw new Error('no');
      });
      followed.push(`answered ${name}`);
    };
    await outcomesOf(['a', 'b', 'c'].map(write));
    expect(followed.filter((one) => one.startsWith('after'))).toEqual(['after a', 'after c']);
    expect(followed.indexOf('after a')).toBeLessThan(followed.indexOf('answered a'));
  });
});
