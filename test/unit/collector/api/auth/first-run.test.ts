import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEntrance } from '../../../../../collector/api/auth/entrance.ts';
import { newFirstRunPath } from '../../../../../collector/api/auth/first-run.ts';
import { apiSite, FROM_PAGE, PASSWORD, type ApiSite } from '../../../../support/api-site.ts';
import { folderWith } from '../../../../support/folder.ts';

const HAN = {
  name: 'han.meimei',
  displayName: '韩梅梅 <b>',
  password: PASSWORD,
  language: 'zh-CN',
};

async function linkOf(site: ApiSite): Promise<string> {
  const path = (await newFirstRunPath(site)) ?? '';
  return path.slice(path.indexOf('#') + 1);
}

function redeem(site: ApiSite, token: string, fields: object = {}) {
  return site.api.inject({
    method: 'POST',
    url: '/api/first-run',
    headers: FROM_PAGE,
    payload: { token, ...HAN, ...fields },
  });
}

describe('the first run', () => {
  it('makes the administrator who holds the link, signs in, and ends with that', async () => {
    const site = await apiSite();
    const before = await site.api.inject({ url: '/api/session', headers: FROM_PAGE });
    expect(before.json()).toMatchObject({ isFirstRun: true });
    const token = await linkOf(site);
    const answer = await redeem(site, token);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      account: {
        name: 'han.meimei',
        displayName: '韩梅梅 <b>',
        roles: ['sysAdmin', 'secAdmin', 'auditAdmin'],
        language: 'zh-CN',
      },
      isFirstRun: false,
    });
    const cookie = `watchkeeper_session=${answer.cookies[0]?.value}`;
    const who = await site.api.inject({ url: '/api/session', headers: { ...FROM_PAGE, cookie } });
    expect(who.json()).toMatchObject({ account: { name: 'han.meimei' } });

    const second = await redeem(site, token, { name: 'eve' });
    expect(second.statusCode).toBe(403);
    expect(await newFirstRunPath(site)).toBeUndefined();
  });

  it('lets one of two in who use the link at the same time', async () => {
    const site = await apiSite();
    const token = await linkOf(site);
    const answers = await Promise.all([redeem(site, token), redeem(site, token, { name: 'eve' })]);
    expect(answers.map(({ statusCode }) => statusCode).sort((a, b) => a - b)).toEqual([200, 403]);
    expect(await site.db.selectFrom('account').selectAll().execute()).toHaveLength(1);
  });

  it.each(['', 'wrong', '0'.repeat(64)])('refuses the token %j', async (token) => {
    const site = await apiSite();
    await linkOf(site);
    expect((await redeem(site, token)).statusCode).toBe(token === '' ? 400 : 403);
    expect(await site.db.selectFrom('account').selectAll().execute()).toEqual([]);
  });

  it('ends a link after a day, and keeps the earlier one good when a restart prints another', async () => {
    const site = await apiSite();
    const old = await linkOf(site);
    await site.clock.advance(23 * 3_600_000);
    const newer = await linkOf(site);
    await site.clock.advance(3_600_000);
    expect((await redeem(site, old)).statusCode).toBe(403);
    expect((await redeem(site, newer)).statusCode).toBe(200);
  });

  it('stores nothing that would let a reader of the records in', async () => {
    const site = await apiSite();
    const token = await linkOf(site);
    const rows = await site.db.selectFrom('first_run_token').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows).toHaveLength(1);
  });

  it.each([
    ['password', { password: 'short' }],
    ['password', { password: 'han.meimei1' }],
    ['password', { password: 'password123' }],
    ['name', { name: '../admin' }],
    ['name', { name: 'a b' }],
    ['name', { name: 'a\u0000b' }],
    ['displayName', { displayName: ' ' }],
    ['displayName', { displayName: 'a\nb' }],
    ['language', { language: 'fr' }],
    ['roles', { roles: ['secAdmin'] }],
    ['__proto__.roles', JSON.parse('{"__proto__.roles": 1}') as object],
  ])('tells that %s is wrong in %j, and keeps the link', async (path, fields) => {
    const site = await apiSite();
    const token = await linkOf(site);
    const answer = await redeem(site, token, fields);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request', faults: [{ path }] });
    expect((await redeem(site, token)).statusCode).toBe(200);
  });

  it('tells every fault at once', async () => {
    const site = await apiSite();
    const answer = await redeem(site, 'x', { name: '', displayName: 7, language: 'fr', extra: 1 });
    const { faults } = answer.json<{ faults: { path: string }[] }>();
    expect(new Set(faults.map(({ path }) => path))).toEqual(
      new Set(['name', 'displayName', 'language', 'extra']),
    );
  });
});

describe('the account of a demonstration', () => {
  const entrance = (site: ApiSite, folder: string, isDemoLogin = true, isDemonstration = true) =>
    openEntrance({ ...site, folder, isDemonstration, isDemoLogin });

  it('is made when it is asked for, keeps its password over a restart, and opens the door', async () => {
    const site = await apiSite();
    const folder = folderWith();
    const first = await entrance(site, folder);
    const again = await entrance(site, folder);
    expect(again).toEqual(first);
    expect(first).toMatchObject({
      demoName: 'demo',
      demoPassword: expect.stringMatching(/^.{14}$/) as string,
    });
    expect(statSync(join(folder, 'demo-password')).mode & 0o777).toBe(0o600);
    const answer = await site.api.inject({
      method: 'POST',
      url: '/api/session',
      headers: FROM_PAGE,
      payload: { name: first.demoName, password: first.demoPassword },
    });
    expect(answer.json()).toMatchObject({
      account: { name: 'demo', roles: ['operator', 'engineer', 'sysAdmin', 'secAdmin', 'auditAdmin'] },
      isFirstRun: false,
    });
  });

  it('gets a new password where the old one is not at hand', async () => {
    const site = await apiSite();
    const first = await entrance(site, folderWith());
    const folder = folderWith();
    const second = await entrance(site, folder);
    expect(second.demoPassword).not.toBe(first.demoPassword);
    expect(readFileSync(join(folder, 'demo-password'), 'utf8')).toBe(second.demoPassword);
  });

  it('is gone, with its sessions, at the next start that does not ask for it', async () => {
    const site = await apiSite();
    const folder = folderWith();
    await entrance(site, folder);
    const { id } = await site.db.selectFrom('account').select('id').executeTakeFirstOrThrow();
    await site.sessions.begin(site.db, id, { origin: '127.0.0.1', browser: 'test' });
    const next = await entrance(site, folder, false);
    expect(next).toEqual({ firstRunPath: expect.stringMatching(/^\/first-run#.{43}$/) as string });
    expect(await site.db.selectFrom('session').selectAll().execute()).toEqual([]);
  });

  it('leaves a person alone who is named demo', async () => {
    const site = await apiSite();
    await site.account('sysAdmin', 'demo');
    expect(await entrance(site, folderWith(), false)).toEqual({});
    expect(await site.db.selectFrom('account').selectAll().execute()).toHaveLength(1);
  });

  it('is refused where the site is none', async () => {
    const site = await apiSite();
    await expect(entrance(site, folderWith(), true, false)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});
