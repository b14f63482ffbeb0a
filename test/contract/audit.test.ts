import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { audited, auditHead, verifyAudit, type AuditEntry } from '../../collector/records/audit.ts';
import { PERSONAL_KEPT_MS } from '../../collector/records/audit-chain.ts';
import { AUDIT_SCOPE, auditPage } from '../../collector/records/audit-lines.ts';
import { openRecords } from '../../collector/records/open.ts';
import { forgetPeople } from '../../collector/records/retention.ts';
import { forgetTexts } from '../../collector/records/search.ts';
import type { Db } from '../../collector/records/tables.ts';
import { auditOf, withoutRules } from '../support/audit.ts';
import { folderWith } from '../support/folder.ts';
import { stores } from '../support/stores.ts';

const DAY_MS = 86_400_000;

describe.each(await stores())('the audit in $name', ({ place }) => {
  let db: Db;
  beforeEach(async () => {
    const records = await openRecords(folderWith(), place());
    onTestFinished(() => records.close());
    db = records.db;
  });

  const write = (fields: Partial<AuditEntry> = {}): Promise<void> =>
    audited(
      db,
      { atMs: 1, who: 'li', action: 'account_added', target: 'wang', origin: '10.0.0.7', ...fields },
      () => Promise.resolve(),
    );
  const writeFive = async (): Promise<void> => {
    for (let atMs = 1; atMs <= 5; atMs += 1) await write({ atMs, before: 1, after: 2 });
  };
  const seqs = async (query: Partial<Parameters<typeof auditPage>[1]>): Promise<readonly number[]> =>
    (await auditPage(db, { limit: 50, ...query })).lines.map(({ seq }) => seq);

  it('do a write and its audit line together or not at all', async () => {
    const writing = audited(
      db,
      { atMs: 1, who: 'a', action: 'b', target: 'c', origin: 'local' },
      async (step) => {
        await step.insertInto('first_run_token').values({ token_hash: 't', created_at_ms: 1 }).execute();
        throw new Error('in the middle');
      },
    );
    await expect(writing).rejects.toThrow('in the middle');
    expect(await verifyAudit(db)).toMatchObject({ lines: 0 });
    expect(await db.selectFrom('first_run_token').selectAll().execute()).toEqual([]);
  });

  it('chain audit lines that are written at the same time', async () => {
    const writes = Array.from({ length: 30 }, (_, index) =>
      audited(
        db,
        { atMs: index, who: 'a', action: 'b', target: String(index), origin: 'local' },
        async () => index,
      ),
    );
    expect(await Promise.all(writes)).toEqual(writes.map((_, index) => index));
    expect(await verifyAudit(db)).toMatchObject({
      lines: 30,
      head: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(await verifyAudit(db)).not.toHaveProperty('broken');
  });

  it.each([
    [
      'line_changed',
      3,
      'audit',
      (at: Db) => at.updateTable('audit').set({ action: 'x' }).where('seq', '=', 3).execute(),
    ],
    ['line_missing', 3, 'audit', (at: Db) => at.deleteFrom('audit').where('seq', '=', 3).execute()],
    [
      'line_missing',
      2,
      'audit',
      (at: Db) =>
        at
          .updateTable('audit')
          .set({ seq: 2 ** 52 })
          .where('seq', '=', 2)
          .execute(),
    ],
    [
      'line_changed',
      4,
      'audit',
      (at: Db) =>
        at
          .updateTable('audit')
          .set({ hash: 'f'.repeat(64) })
          .where('seq', '=', 4)
          .execute(),
    ],
    ['end_missing', 4, 'audit', (at: Db) => at.deleteFrom('audit').where('seq', '>', 3).execute()],
    [
      'personal_changed',
      2,
      'audit_personal',
      (at: Db) => at.updateTable('audit_personal').set({ who: 'eve' }).where('seq', '=', 2).execute(),
    ],
    [
      'personal_changed',
      2,
      'audit_personal',
      (at: Db) => at.updateTable('audit_personal').set({ change: '{}' }).where('seq', '=', 2).execute(),
    ],
    [
      'personal_missing',
      2,
      'audit_personal',
      (at: Db) => at.deleteFrom('audit_personal').where('seq', '=', 2).execute(),
    ],
  ] as const)(
    'find %s at line %i by whoever has the whole database in hand',
    async (why, at, table, tamper) => {
      await writeFive();
      await withoutRules(db, table);
      await tamper(db);
      expect((await verifyAudit(db)).broken).toEqual({ at, why });
    },
  );

  it('refuses every change and removal of a line, whoever asks', async () => {
    await writeFive();
    const refused = { code: 'conflict', message: 'The audit is never changed.' };
    await expect(db.updateTable('audit').set({ action: 'x' }).execute()).rejects.toMatchObject(refused);
    await expect(db.deleteFrom('audit').execute()).rejects.toMatchObject(refused);
    await expect(db.deleteFrom('audit_head').execute()).rejects.toMatchObject(refused);
    await expect(db.updateTable('audit_personal').set({ who: 'x' }).execute()).rejects.toMatchObject(refused);
    await expect(db.deleteFrom('audit_personal').execute()).rejects.toMatchObject({ code: 'conflict' });
    expect(await verifyAudit(db)).toMatchObject({ lines: 5, forgotten: 0 });
  });

  it('knows a head that was printed, also when the chain has been written anew from an earlier line on', async () => {
    await writeFive();
    const { hash: anchor, seq } = await auditHead(db);
    await write();
    expect(await verifyAudit(db, anchor)).toMatchObject({ lines: 6, anchorAt: seq });
    await withoutRules(db, 'audit');
    await db.deleteFrom('audit').where('seq', '>=', 5).execute();
    await withoutRules(db, 'audit_personal');
    await db.deleteFrom('audit_personal').where('seq', '>=', 5).execute();
    await forgetTexts(db, AUDIT_SCOPE, [5, 6]);
    const last = await db.selectFrom('audit').select('hash').where('seq', '=', 4).executeTakeFirstOrThrow();
    await db.updateTable('audit_head').set({ seq: 4, hash: last.hash }).execute();
    await write({ who: 'eve' });
    expect(await verifyAudit(db)).not.toHaveProperty('broken');
    expect(await verifyAudit(db, anchor)).not.toHaveProperty('anchorAt');
  });

  it('forgets people after 400 days and not a day before, and the chain still holds', async () => {
    await write({ atMs: 0, who: '张三' });
    await write({ atMs: DAY_MS, who: '李四' });
    await write({ atMs: PERSONAL_KEPT_MS + DAY_MS / 2, who: '王五' });
    await forgetPeople(db, DAY_MS / 2);
    expect((await auditOf(db)).map(({ who }) => who)).toEqual([undefined, '李四', '王五']);
    expect(await seqs({ text: '张三' })).toEqual([]);
    expect(await verifyAudit(db)).toMatchObject({ lines: 3, forgotten: 1 });
    expect(await verifyAudit(db)).not.toHaveProperty('broken');
    await expect(forgetPeople(db, 2 * DAY_MS)).rejects.toMatchObject({ code: 'conflict' });
    expect(await seqs({ text: '李四' })).toEqual([2]);
  });

  it('keeps its order when the clock is set back', async () => {
    await write({ atMs: 1_000_000 });
    await write({ atMs: 5 });
    expect(await seqs({})).toEqual([2, 1]);
    expect(await verifyAudit(db)).toMatchObject({ lines: 2 });
    expect(await verifyAudit(db)).not.toHaveProperty('broken');
  });

  it('is found by words, person, action and time, newest first, page by page', async () => {
    await write({ atMs: 10, who: '张三', action: 'signed_in', target: '张三' });
    await write({ atMs: 20, who: '李四', after: { reason: '更换漏水传感器' } });
    await write({ atMs: 30, who: '张三', after: { reason: 'Leak sensor replaced' } });
    await write({ atMs: 40, who: 'li', target: "x'; drop table audit; --" });
    expect(await seqs({ text: '漏水' })).toEqual([2]);
    expect(await seqs({ text: 'leak repl' })).toEqual([3]);
    expect(await seqs({ text: '10.0.0.7', who: '张三' })).toEqual([3, 1]);
    expect(await seqs({ action: 'signed_in' })).toEqual([1]);
    expect(await seqs({ who: '张三', action: 'account_added' })).toEqual([3]);
    expect(await seqs({ fromMs: 20, untilMs: 30 })).toEqual([3, 2]);
    expect(await seqs({ text: "'; drop table" })).toEqual([4]);
    expect(await seqs({ text: '%' })).toEqual([]);
    expect(await seqs({ who: "' or 1=1 --" })).toEqual([]);
    const first = await auditPage(db, { limit: 2, text: '10.0.0.7' });
    expect(first.lines.map(({ seq }) => seq)).toEqual([4, 3]);
    const second = await auditPage(db, { limit: 2, text: '10.0.0.7', beforeSeq: first.beforeSeq ?? 0 });
    expect(second.lines.map(({ seq }) => seq)).toEqual([2, 1]);
    expect(second).not.toHaveProperty('beforeSeq');
  });
});
