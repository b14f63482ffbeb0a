import { expect, it } from 'vitest';
import { auditRoutes } from '../../../../collector/api/audit.ts';
import { audited } from '../../../../collector/records/audit.ts';
import { verifyExport } from '../../../../collector/records/audit-export.ts';
import type { AuditBody } from '../../../../config/model/audit.ts';
import { auditOf } from '../../../support/audit.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';

async function site() {
  const own = await apiSite({ plugins: (deps) => [auditRoutes(deps)] });
  const cookie = await own.cookieOf(await own.account('auditAdmin'));
  const write = (target: string): Promise<void> =>
    audited(
      own.db,
      {
        atMs: own.clock.nowMs(),
        who: '李雷',
        action: 'account_changed',
        target,
        before: { phone: '1' },
        after: { phone: '<b>2</b>' },
        origin: '::1',
      },
      async () => undefined,
    );
  return { ...own, write, get: (url: string) => own.api.inject({ url, headers: { ...FROM_PAGE, cookie } }) };
}

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split('\n').filter((line) => line !== '');
}

it('shows who changed what from what to what, newest first, with the head of the chain', async () => {
  const { write, get, clock } = await site();
  await write('王五');
  await write('张三');
  const body = (await get('/api/audit?limit=1')).json<AuditBody>();
  expect(body).toEqual({
    lines: [
      {
        seq: 2,
        atMs: clock.nowMs(),
        action: 'account_changed',
        people: {
          who: '李雷',
          target: '张三',
          origin: '::1',
          before: { phone: '1' },
          after: { phone: '<b>2</b>' },
        },
      },
    ],
    beforeSeq: 2,
    head: { seq: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    atMs: clock.nowMs(),
  });
  const older = (
    await get(`/api/audit?text=${encodeURIComponent('王五')}&who=${encodeURIComponent('李雷')}`)
  ).json<AuditBody>();
  expect(older.lines.map(({ seq }) => seq)).toEqual([1]);
});

it('is taken away whole, with its proof, and that it was is in the audit', async () => {
  const { write, get, db } = await site();
  for (let n = 0; n < 3; n += 1) await write(String(n));
  const answer = await get('/api/audit/export');
  expect(answer.headers['content-disposition']).toMatch(
    /^attachment; filename="watchkeeper-audit-\d{4}-\d\d-\d\d\.jsonl"$/,
  );
  const verdict = await verifyExport(linesOf(answer.body));
  expect(verdict).toMatchObject({ lines: 4 });
  expect(verdict).not.toHaveProperty('broken');
  expect((await auditOf(db)).at(-1)).toMatchObject({ who: 'auditAdmin', action: 'audit_exported' });
  const forged = answer.body.replace('<b>2</b>', '<b>3</b>');
  expect((await verifyExport(linesOf(forged))).broken).toEqual({ at: 1, why: 'personal_changed' });
  const shortened = answer.body.split('\n').slice(0, 4).join('\n');
  expect((await verifyExport(linesOf(shortened))).broken).toEqual({ at: 4, why: 'end_missing' });
});

it.each([
  '',
  '{}\n',
  'nonsense\n',
  '{"format":"watchkeeper-audit/1","head":{"seq":1,"hash":"x"}}\n{"seq":"1"}\n',
  '{"format":"watchkeeper-audit/1","head":{"seq":1,"hash":"x"}}\nnull\n',
])('takes %j for no export', async (text) => {
  await expect(verifyExport(linesOf(text))).rejects.toMatchObject({ code: 'invalid_request' });
});

it.each(['limit=0', 'beforeSeq=x', "action=a'--", 'text=', 'offset=1', `text=${'x'.repeat(201)}`])(
  'refuses %s',
  async (query) => {
    const { get } = await site();
    expect((await get(`/api/audit?${query}`)).statusCode).toBe(400);
  },
);
