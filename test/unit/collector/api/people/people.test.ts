import { describe, expect, it } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { verifyAudit } from '../../../../../collector/records/audit.ts';
import type { CommandPreview } from '../../../../../config/model/command.ts';
import type { Slip } from '../../../../../config/model/api.ts';
import { FROM_PAGE, PASSWORD } from '../../../../support/api-site.ts';
import { actions, DETAILS, edit, idOf, list, office } from '../../../../support/office.ts';

describe('a command', () => {
  it('shows what it will do, does it once it is agreed to, and leaves one line in the audit', async () => {
    const { site, preview, give, signIn } = await office();
    const input = { name: 'li.lei', details: DETAILS, roles: ['operator', 'engineer'] };
    const { effects } = await preview('add-person', input);
    expect(effects.map(({ code }) => code)).toEqual([
      'person_added',
      'several_posts',
      'slip_made',
      'unqualified',
    ]);
    expect((await list(site)).total).toBe(3);
    const { result } = await give<{ slip: Slip }>('add-person', input);
    expect((await list(site)).people.map(({ name }) => name)).toContain('li.lei');
    expect(await signIn('li.lei', result?.slip.code.toUpperCase().replaceAll('-', ' ') ?? '')).toBe(200);
    expect(await actions(site)).toEqual(['add_person', 'signed_in']);
    expect(await verifyAudit(site.db)).toMatchObject({ lines: 2 });
    const line = await site.db.selectFrom('audit_personal').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(line)).not.toContain(result?.slip.code);
  });

  it('can be taken back by who gave it, once, until its end', async () => {
    const { site, give, undo, ask } = await office();
    const { id } = await site.account('operator', 'li.lei');
    const done = await give('edit-person', edit(id, DETAILS));
    const token = done.undo?.token;
    expect(done.undo?.endsAtMs).toBe(site.clock.nowMs() + 600_000);
    expect(await ask('edit-person', { mode: 'undo', token: 'guess' })).toMatchObject({ status: 404 });
    // Of another command, too.
    expect(await ask('add-person', { mode: 'undo', token })).toMatchObject({ status: 404 });
    expect((await undo('edit-person', done)).effects).toContainEqual({
      code: 'field_changed',
      params: { name: 'li.lei', field: 'displayName', before: '李雷', after: 'li.lei' },
    });
    expect(await ask('edit-person', { mode: 'undo', token })).toMatchObject({ status: 404 });
    const late = await give('edit-person', edit(id, DETAILS));
    await site.clock.advance(600_000);
    expect(await ask('edit-person', { mode: 'undo', token: late.undo?.token })).toMatchObject({
      status: 404,
    });
    expect(await actions(site)).toEqual(['edit_person', 'edit_person_undone', 'edit_person']);
  });

  it('tells each field that is wrong, and which modes there are', async () => {
    const { site, ask } = await office();
    const { id } = await site.account('operator', 'li.lei');
    const faultsOf = async (body: object) =>
      ((await ask('edit-person', body)).body as { faults: { path: string }[] }).faults.map(
        ({ path }) => path,
      );
    const input = edit(id, { ...DETAILS, mail: 'x', phone: 'y' });
    expect(await faultsOf({ mode: 'preview', input })).toEqual(['input.details.phone', 'input.details.mail']);
    expect((await ask('edit-person', { mode: 'look', input })).body).toMatchObject({
      faults: [{ path: 'mode', message: 'must be one of preview, do, undo' }],
    });
  });

  it('that somebody else has built upon is not taken back', async () => {
    const { site, give, ask } = await office();
    const { id } = await site.account('operator', 'li.lei');
    const done = await give('edit-person', edit(id, DETAILS));
    await give('edit-person', edit(id, { ...DETAILS, department: '办公室' }));
    expect(await ask('edit-person', { mode: 'undo', token: done.undo?.token })).toMatchObject({
      status: 409,
    });
  });

  it('is taken by two at once only once', async () => {
    const { site, preview, ask } = await office();
    const { id } = await site.account('operator', 'li.lei');
    const input = edit(id, DETAILS);
    const { version } = await preview('edit-person', input);
    const answers = await Promise.all([1, 2].map(() => ask('edit-person', { mode: 'do', input, version })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
  });
});

describe('the posts of people', () => {
  it.each([
    [false, 400],
    [true, 200],
  ])('of two administrators together, where a site says %s: %i', async (mayCombineAdministrators, status) => {
    const { site, ask } = await office({ mayCombineAdministrators });
    const { id } = await site.account('operator', 'li.lei');
    const input = { id, roles: ['sysAdmin', 'secAdmin'] };
    const answer = await ask('set-roles', { mode: 'preview', input }, 'secAdmin');
    expect(answer.status).toBe(status);
    if (status === 200) {
      expect(answer.body).toMatchObject({
        effects: expect.arrayContaining([
          { code: 'administrators_combined', params: { name: 'li.lei', roles: 'sysAdmin secAdmin' } },
        ]) as object[],
      });
    }
  });

  it('of an administrator are given by the administrator of security, and by nobody to themselves', async () => {
    const { site, ask } = await office();
    const input = { name: 'eve', details: DETAILS, roles: ['sysAdmin'] };
    expect((await ask('add-person', { mode: 'preview', input })).status).toBe(403);
    const own = { id: (await idOf(site, 'secAdmin')).id, roles: ['auditAdmin'] };
    expect((await ask('set-roles', { mode: 'preview', input: own }, 'secAdmin')).status).toBe(403);
    expect((await ask('set-roles', { mode: 'preview', input: own })).status).toBe(403);
  });

  it('that nobody else holds are not taken: there is always one who lets others in', async () => {
    const { site, ask } = await office();
    const { id } = await idOf(site, 'sysAdmin');
    const input = { id, roles: ['operator'] };
    expect((await ask('set-roles', { mode: 'preview', input }, 'secAdmin')).status).toBe(409);
    await site.account('sysAdmin', 'second');
    expect((await ask('set-roles', { mode: 'preview', input }, 'secAdmin')).status).toBe(200);
  });

  it('that change end the sessions that were begun with the others', async () => {
    const { site, give } = await office();
    const account = await site.account('operator', 'li.lei');
    const cookie = await site.cookieOf(account);
    const done = await give('set-roles', { id: account.id, roles: ['viewer'] }, 'secAdmin');
    expect(done.effects).toContainEqual({ code: 'sessions_ended', params: { name: 'li.lei', n: 1 } });
    const who = await site.api.inject({ url: '/api/session', headers: { ...FROM_PAGE, cookie } });
    expect(who.json()).not.toHaveProperty('account');
  });
});

describe('a person', () => {
  it('who is disabled is out at once and cannot come in, is kept, and can be enabled again', async () => {
    const { site, give, undo, signIn } = await office();
    const account = await site.account('operator', 'li.lei');
    const cookie = await site.cookieOf(account);
    const done = await give('disable-person', { id: account.id, reason: '调离' });
    const who = await site.api.inject({ url: '/api/session', headers: { ...FROM_PAGE, cookie } });
    expect(who.json()).not.toHaveProperty('account');
    expect(await signIn('li.lei', PASSWORD)).toBe(401);
    expect((await list(site)).people.find(({ id }) => id === account.id)).toMatchObject({ isDisabled: true });
    await undo('disable-person', done);
    expect(await signIn('li.lei', PASSWORD)).toBe(200);
  });

  it('who got a slip must choose a password before anything else, and the slip ends', async () => {
    const { site, give, signIn } = await office({ slipMs: 3_600_000 });
    const account = await site.account('operator', 'li.lei');
    const { result } = await give<{ slip: Slip }>('make-slip', { id: account.id });
    const code = result?.slip.code ?? '';
    expect(await signIn('li.lei', PASSWORD)).toBe(401);
    const answer = await site.api.inject({
      method: 'POST',
      url: '/api/session',
      headers: FROM_PAGE,
      payload: { name: 'li.lei', password: code },
    });
    expect(answer.json()).toMatchObject({ account: { setup: 'password' } });
    const headers = { ...FROM_PAGE, cookie: `watchkeeper_session=${answer.cookies[0]?.value}` };
    const set = (next: string) =>
      site.api.inject({ method: 'POST', url: '/api/account/password', headers, payload: { next } });
    expect((await set('short')).statusCode).toBe(400);
    expect((await set('a password of my own')).statusCode).toBe(200);
    expect(await signIn('li.lei', code)).toBe(401);
    expect(await signIn('li.lei', 'a password of my own')).toBe(200);
    const late = await give<{ slip: Slip }>('make-slip', { id: account.id });
    await site.clock.advance(3_600_000);
    expect(await signIn('li.lei', late.result?.slip.code ?? '')).toBe(401);
  });

  it.each([
    ['<script>alert(1)</script>', 200],
    ['\u0000', 400],
    ["'; drop table account; --", 200],
    ['x'.repeat(101), 400],
  ])('called %j is taken as text or refused, and nothing else happens', async (displayName, status) => {
    const { site, ask } = await office();
    const input = { name: 'eve', details: { ...DETAILS, displayName }, roles: ['viewer'] };
    const shown = await ask('add-person', { mode: 'preview', input });
    expect(shown.status).toBe(status);
    if (status === 400) return;
    const { version } = shown.body as CommandPreview;
    expect((await ask('add-person', { mode: 'do', input, version })).status).toBe(200);
    expect((await list(site, 'search=eve')).people).toMatchObject([{ name: 'eve', displayName }]);
  });

  it.each([
    ['雷', ['li.lei']],
    ['信息 li', ['li.lei']],
    ['1380', ['li.lei']],
    ['%', []],
    ['_', []],
    ["' or 1=1 --", []],
    ['\\', []],
  ])('is found by %j as it stands: %j', async (search, names) => {
    const { site, give } = await office();
    await give('add-person', { name: 'li.lei', details: DETAILS, roles: ['operator'] });
    const found = await list(site, `search=${encodeURIComponent(search)}`);
    expect(found.people.map(({ name }) => name)).toEqual(names);
  });
});

describe('a token', () => {
  it('lets a program do what it is for until it is revoked, and is kept as a hash only', async () => {
    const { site, give } = await office();
    const made = await give<{ token: string }>('add-token', {
      name: 'Grafana',
      scopes: ['metrics:read'],
      days: 30,
    });
    const token = made.result?.token ?? '';
    const stored = JSON.stringify(await site.db.selectFrom('access_token').selectAll().execute());
    expect(stored).not.toContain(token);
    const found = await site.deps.door.program(token);
    expect(found?.scopes).toEqual(['metrics:read']);
    const { token_hash: id } = await site.db.selectFrom('access_token').selectAll().executeTakeFirstOrThrow();
    await give('revoke-token', { id }, 'secAdmin');
    expect(await site.deps.door.program(token)).toBeUndefined();
  });

  it('ends with its day', async () => {
    const { site, give } = await office();
    const made = await give<{ token: string }>('add-token', { name: 'x', scopes: ['records:read'], days: 1 });
    const token = made.result?.token ?? '';
    await site.clock.advance(24 * 3_600_000 - 1);
    expect(await site.deps.door.program(token)).toBeDefined();
    await site.clock.advance(1);
    expect(await site.deps.door.program(token)).toBeUndefined();
  });

  it('of a screen on the wall signs it in for good, to look and nothing else', async () => {
    const { site, give } = await office({ idleLogOffMs: 60_000 });
    const input = { name: 'wall-1', displayName: '大屏', language: 'zh-CN', days: 365 };
    const { result } = await give<{ path: string }>('add-display', input);
    const token = result?.path.split('#')[1] ?? '';
    const answer = await site.api.inject({
      method: 'POST',
      url: '/api/session/display',
      headers: FROM_PAGE,
      payload: { token },
    });
    expect(answer.json()).toMatchObject({ account: { name: 'wall-1', roles: ['viewer'], isDisplay: true } });
    const headers = { ...FROM_PAGE, cookie: `watchkeeper_session=${answer.cookies[0]?.value}` };
    await site.clock.advance(30 * 24 * 3_600_000);
    const later = await site.api.inject({ url: '/api/session', headers });
    expect(later.json()).toMatchObject({ account: { isDisplay: true } });
    for (const url of ['/api/account', '/api/rules', '/api/v1/labels', '/api/alerts/history']) {
      expect((await site.api.inject({ url, headers })).statusCode).not.toBe(200);
    }
  });

  it('of a screen ends the sessions of the screen with it, and hides addresses as long as it lasts', async () => {
    const { site, give } = await office();
    const input = { name: 'wall-1', displayName: '10.1.2.3', language: 'zh-CN', days: 2 };
    await give('add-display', input);
    const { id } = await site.db
      .selectFrom('account')
      .select('id')
      .where('name', '=', 'wall-1')
      .executeTakeFirstOrThrow();
    const session = async (): Promise<string> => {
      const cookie = await site.cookieOf({ id });
      return (await site.api.inject({ url: '/api/session', headers: { ...FROM_PAGE, cookie } })).body;
    };
    expect(await session()).toContain('"displayName":"•••"');
    await site.clock.advance(2 * 24 * 3_600_000);
    expect(await session()).not.toContain('wall-1');
  });
});

describe('an import', () => {
  const sheetOf = async (rows: readonly (readonly string[])[]): Promise<string> => {
    const data = rows.map((row) => row.map((value) => ({ type: String, value })));
    return (await writeXlsxFile(data).toBuffer()).toString('base64');
  };
  const TITLES = ['账号', '姓名', '电话', '岗位', '甄选日期'];

  it('adds and changes people as the workbook says, with a slip for each who is new, and is taken back', async () => {
    const { site, give, undo, signIn } = await office();
    await site.account('operator', 'old');
    const sheet = await sheetOf([
      TITLES,
      ['han', '韩梅梅', '13900000000', '值班员、工程师', '2026/1/5'],
      ['OLD', '老王', '110', '', ''],
    ]);
    const done = await give<{ slips: Slip[] }>('import-people', { sheet });
    expect(done.effects.slice(0, 3)).toEqual([
      { code: 'people_added', params: { n: 1 } },
      { code: 'people_changed', params: { n: 1 } },
      { code: 'slips_made', params: { n: 1 } },
    ]);
    expect(done.result?.slips.map(({ name }) => name)).toEqual(['han']);
    expect(await signIn('han', done.result?.slips[0]?.code ?? '')).toBe(200);
    expect((await list(site, 'search=110')).people).toMatchObject([{ name: 'old', displayName: '老王' }]);
    await undo('import-people', done);
    expect((await list(site)).people).toMatchObject([
      {},
      { name: 'han', isDisabled: true },
      { name: 'old', displayName: 'old' },
      {},
      {},
    ]);
  });

  it('with one fault tells it by row and column and takes nobody', async () => {
    const { site, preview, ask } = await office();
    const sheet = await sheetOf([
      TITLES,
      ['han', '韩梅梅', '', '值班员', ''],
      ['b@d', '坏', 'phone!', '皇帝', '2026-02-30'],
    ]);
    const { effects, version } = await preview('import-people', { sheet });
    const faults = effects.filter(({ code }) => code === 'sheet_fault').map(({ params }) => params);
    expect(faults).toEqual([
      { row: 3, column: 'A', fault: 'bad_name', text: 'b@d' },
      { row: 3, column: 'E', fault: 'bad_day', text: '2026-02-30' },
      { row: 3, column: 'D', fault: 'bad_role', text: '皇帝' },
      { row: 3, column: 'C', fault: 'bad_phone', text: 'phone!' },
    ]);
    expect(await ask('import-people', { mode: 'do', input: { sheet }, version })).toMatchObject({
      status: 400,
    });
    expect((await list(site)).total).toBe(3);
    expect(await actions(site)).toEqual([]);
  });

  it.each([
    ['no workbook', Buffer.from('hello').toString('base64')],
    ['an archive that unpacks to gigabytes', bomb()],
  ])('of %s is refused', async (_, sheet) => {
    const { ask } = await office();
    const answer = await ask('import-people', { mode: 'preview', input: { sheet } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

/** An archive whose directory says that it holds much. */
function bomb(): string {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50);
  entry.writeUInt32LE(0xfffffff0, 24);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  return Buffer.concat([entry, end]).toString('base64');
}
