import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { codeHashOf } from '../../../../../collector/api/auth/codes.ts';
import { replaceCodes } from '../../../../../collector/records/sign-in-secrets.ts';
import { newFirstRunPath } from '../../../../../collector/api/auth/first-run.ts';
import { createProofs } from '../../../../../collector/api/auth/proofs.ts';
import type { FactorBody, OwnAccountBody, RecoveryCodesBody } from '../../../../../config/model/api.ts';
import { apiSite, FROM_PAGE, PASSWORD, type ApiSite } from '../../../../support/api-site.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

function ask(site: ApiSite, line: string, payload: object | undefined, from: object = {}) {
  const [method = '', url = ''] = line.split(' ');
  const { cookie = '', remoteAddress = '10.0.0.1' } = from as { cookie?: string; remoteAddress?: string };
  return site.api.inject({
    method: method as Method,
    url,
    remoteAddress,
    headers: { ...FROM_PAGE, ...(cookie === '' ? {} : { cookie }) },
    ...(payload === undefined ? {} : { payload }),
  });
}

const signIn = async (site: ApiSite, body: object, remoteAddress = '10.0.0.1') =>
  ask(site, 'POST /api/session', body, { remoteAddress });

const WRONG = { name: 'li.lei', password: 'wrong password' };
const RIGHT = { name: 'li.lei', password: PASSWORD };

describe('a lock', () => {
  it('that a stranger closes keeps the owner out at the address of the stranger only', async () => {
    const site = await apiSite();
    await site.account('operator', 'li.lei');
    for (let attempt = 0; attempt < 5; attempt += 1) await signIn(site, WRONG, '6.6.6.6');
    expect((await signIn(site, RIGHT, '6.6.6.6')).statusCode).toBe(401);
    expect((await signIn(site, RIGHT, '10.0.0.1')).statusCode).toBe(200);
  });

  it('that many strangers close does not keep the owner out where the owner has signed in before', async () => {
    const site = await apiSite();
    await site.account('operator', 'li.lei');
    expect((await signIn(site, RIGHT, '10.0.0.1')).statusCode).toBe(200);
    for (let attempt = 0; attempt < 51; attempt += 1) await signIn(site, WRONG, `6.6.6.${attempt}`);
    expect((await signIn(site, RIGHT, '10.0.0.2')).statusCode).toBe(401);
    expect((await signIn(site, RIGHT, '10.0.0.1')).statusCode).toBe(200);
    await site.clock.advance(15 * 60_000);
    expect((await signIn(site, RIGHT, '10.0.0.2')).statusCode).toBe(200);
  });

  it('is opened by the sealed code, once, loudly, and another code takes its place', async () => {
    const site = await apiSite();
    const { id } = await site.account('operator', 'li.lei');
    await replaceCodes(site.db, id, 'emergency', [{ codeHash: codeHashOf('seal-ed23') }]);
    for (let attempt = 0; attempt < 5; attempt += 1) await signIn(site, WRONG);
    const rescue = (code: string) => ask(site, 'POST /api/session/emergency', { name: 'li.lei', code });
    expect((await rescue('guess')).statusCode).toBe(401);
    const answer = await rescue('SEAL ED23');
    const { nextCode } = answer.json<{ nextCode: string }>();
    expect(answer.json()).toMatchObject({ account: { name: 'li.lei', setup: 'password' } });
    expect((await rescue('seal-ed23')).statusCode).toBe(401);
    expect((await rescue(nextCode)).statusCode).toBe(200);
    expect(site.warnings).toHaveLength(2);
    const lines = await site.db.selectFrom('audit').select('action').execute();
    expect(lines.filter(({ action }) => action === 'emergency_code_used')).toHaveLength(2);
  });
});

describe('a second factor', () => {
  async function withFactor() {
    const site = await apiSite();
    const account = await site.account('operator', 'li.lei');
    const cookie = await site.cookieOf(account);
    const proved = await ask(
      site,
      'POST /api/account/proof',
      { purpose: 'second_factor', password: PASSWORD },
      { cookie },
    );
    const { proof } = proved.json<{ proof: string }>();
    const begun = await ask(site, 'POST /api/account/second-factor', { proof }, { cookie });
    const { secret, uri } = begun.json<FactorBody>();
    const code = () => generateSync({ secret, epoch: Math.floor(site.clock.nowMs() / 1000) });
    const confirmed = await ask(site, 'PUT /api/account/second-factor', { code: code() }, { cookie });
    const { codes } = confirmed.json<RecoveryCodesBody>();
    return { site, cookie, code, codes, uri };
  }

  it('is asked for after the right password only, and each of its codes works once', async () => {
    const { site, code, uri } = await withFactor();
    expect(uri).toContain('otpauth://totp/');
    expect((await signIn(site, WRONG)).json()).toMatchObject({ code: 'wrong_credentials' });
    expect((await signIn(site, RIGHT)).json()).toMatchObject({ code: 'second_factor_required' });
    // The code that confirmed it was taken already.
    expect((await signIn(site, { ...RIGHT, code: code() })).statusCode).toBe(401);
    await site.clock.advance(60_000);
    const used = code();
    expect((await signIn(site, { ...RIGHT, code: '000000' })).statusCode).toBe(401);
    expect((await signIn(site, { ...RIGHT, code: used })).statusCode).toBe(200);
    expect((await signIn(site, { ...RIGHT, code: used })).statusCode).toBe(401);
  });

  it('can be shown by one of ten spare codes, once', async () => {
    const { site, codes } = await withFactor();
    expect(codes).toHaveLength(10);
    const spare = codes[3] ?? '';
    expect((await signIn(site, { ...RIGHT, code: spare.toUpperCase() })).statusCode).toBe(200);
    expect((await signIn(site, { ...RIGHT, code: spare })).statusCode).toBe(401);
  });

  it('cannot be guessed: its wrong codes lock as wrong passwords do', async () => {
    const { site, code } = await withFactor();
    await site.clock.advance(60_000);
    for (let attempt = 0; attempt < 5; attempt += 1)
      await signIn(site, { ...RIGHT, code: `00000${attempt}` });
    expect((await signIn(site, { ...RIGHT, code: code() })).statusCode).toBe(401);
  });

  it('that a post demands is set up before anything else', async () => {
    const site = await apiSite({ settings: { secondFactorFor: ['operator'] } });
    const cookie = await site.cookieOf(await site.account('operator', 'li.lei'));
    expect((await ask(site, 'GET /api/session', undefined, { cookie })).json()).toMatchObject({
      account: { setup: 'second_factor' },
    });
    expect((await ask(site, 'POST /api/account/second-factor', {}, { cookie })).statusCode).toBe(200);
  });
});

describe('the own account', () => {
  it('takes no password that was used before, and ends the other sessions with a new one', async () => {
    const site = await apiSite();
    const account = await site.account('operator', 'li.lei');
    const [cookie, other] = [await site.cookieOf(account), await site.cookieOf(account)];
    const set = (password: string, next: string) =>
      ask(site, 'POST /api/account/password', { password, next }, { cookie });
    expect((await set(PASSWORD, PASSWORD)).statusCode).toBe(400);
    expect((await set('wrong password', 'a new one at last')).statusCode).toBe(401);
    expect((await set(PASSWORD, 'a new one at last')).statusCode).toBe(200);
    expect((await set('a new one at last', PASSWORD)).statusCode).toBe(400);
    expect((await ask(site, 'GET /api/account', undefined, { cookie: other })).statusCode).toBe(401);
  });

  it('lists its sessions and ends one of them, but none of somebody else', async () => {
    const site = await apiSite();
    const account = await site.account('operator', 'li.lei');
    const cookie = await site.cookieOf(account);
    await site.cookieOf(account);
    const foreign = await site.cookieOf(await site.account('viewer'));
    const { sessions } = (await ask(site, 'GET /api/account', undefined, { cookie })).json<OwnAccountBody>();
    expect(sessions.filter(({ isThis }) => isThis)).toHaveLength(1);
    expect(sessions).toHaveLength(2);
    const id = sessions.find(({ isThis }) => !isThis)?.id ?? '';
    expect(
      (await ask(site, `DELETE /api/account/sessions/${id}`, undefined, { cookie: foreign })).statusCode,
    ).toBe(404);
    const left = await ask(site, `DELETE /api/account/sessions/${id}`, undefined, { cookie });
    expect(left.json<OwnAccountBody>().sessions).toHaveLength(1);
  });

  it('proves who signs for one purpose, one session, once, for two minutes', async () => {
    const site = await apiSite();
    const account = await site.account('operator', 'li.lei');
    const proofs = createProofs(site);
    const own = { account, session: 'one' };
    const give = () => proofs.give(own, { purpose: 'handover', password: PASSWORD }, '10.0.0.1');
    const refused = { code: 'proof_required' };
    const first = await give();
    expect(() => proofs.take({ ...own, session: 'two' }, 'handover', first)).toThrow(
      expect.objectContaining(refused) as Error,
    );
    const second = await give();
    expect(() => proofs.take(own, 'release', second)).toThrow(expect.objectContaining(refused) as Error);
    const third = await give();
    proofs.take(own, 'handover', third);
    expect(() => proofs.take(own, 'handover', third)).toThrow(expect.objectContaining(refused) as Error);
    const late = await give();
    await site.clock.advance(120_000);
    expect(() => proofs.take(own, 'handover', late)).toThrow(expect.objectContaining(refused) as Error);
    await expect(proofs.give(own, { purpose: 'handover', password: 'x' }, '10.0.0.1')).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
  });
});

describe('the first run of a site whose administrators exclude each other', () => {
  it('names three people, and hands slips for two of them', async () => {
    const site = await apiSite({ settings: { mayCombineAdministrators: false } });
    const token = (await newFirstRunPath(site))?.split('#')[1] ?? '';
    const body = { token, name: 'sys', displayName: 'S', password: PASSWORD, language: 'en' };
    expect((await ask(site, 'POST /api/first-run', body)).statusCode).toBe(400);
    const other = (name: string) => ({ name, displayName: name });
    const same = { secAdmin: other('SYS'), auditAdmin: other('aud') };
    expect((await ask(site, 'POST /api/first-run', { ...body, others: same })).statusCode).toBe(400);
    const others = { secAdmin: other('sec'), auditAdmin: other('aud') };
    const answer = await ask(site, 'POST /api/first-run', { ...body, others });
    expect(answer.json()).toMatchObject({
      account: { roles: ['sysAdmin'] },
      slips: [{ name: 'sec' }, { name: 'aud' }],
    });
    const [slip] = answer.json<{ slips: { code: string }[] }>().slips;
    const first = await signIn(site, { name: 'sec', password: slip?.code });
    expect(first.json()).toMatchObject({ account: { roles: ['secAdmin'], setup: 'password' } });
  });
});
