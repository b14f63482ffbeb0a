import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { auditRoutes } from '../../../../collector/api/audit.ts';
import { enterAttempt } from '../../../../collector/api/auth/attempts.ts';
import { LOCKS } from '../../../../collector/api/auth/lockout.ts';
import { stepOfCode } from '../../../../collector/api/auth/second-factor.ts';
import { peopleRoutes } from '../../../../collector/api/people.ts';
import { readWorkbook } from '../../../../collector/duty/people/workbook.ts';
import { accountByName } from '../../../../collector/records/accounts.ts';
import { verifyAudit } from '../../../../collector/records/audit.ts';
import { rememberPlace } from '../../../../collector/records/sign-in-secrets.ts';
import type { OwnAccountBody } from '../../../../config/model/api.ts';
import type { CommandPreview } from '../../../../config/model/command.ts';
import { generateSync } from 'otplib';
import { apiSite, FROM_PAGE, PASSWORD, type ApiSite } from '../../../support/api-site.ts';

const HOME = '10.0.0.1';
const ELSEWHERE = '6.6.6.6';
const YEAR_MS = 365 * 86_400_000;
const SCRIPT = '<img src=x onerror="alert(1)">';

const tokenIn = (setCookie: unknown): string =>
  /watchkeeper_session=([^;]*)/.exec([setCookie].flat().join())?.[1] ?? '';

async function withPeople(): Promise<ApiSite> {
  return apiSite({
    plugins: (deps) => [
      peopleRoutes({ ...deps, timeZone: () => 'Asia/Shanghai' }),
      auditRoutes({ db: deps.db, clock: deps.clock }),
    ],
  });
}

function get(site: ApiSite, url: string, cookie: string, remoteAddress = '127.0.0.1') {
  return site.api.inject({ url, remoteAddress, headers: { ...FROM_PAGE, cookie } });
}

describe('who sprays one password over many names', () => {
  it('is shut out by address, whichever name comes next; who has signed in from there before is not', async () => {
    const site = await apiSite();
    const known = await site.account('operator', 'known');
    await site.account('operator', 'other');
    await rememberPlace(site.db, known.id, ELSEWHERE, site.clock.nowMs());
    for (let name = 0; name < LOCKS.address.freeFailures; name += 1) {
      await enterAttempt(site, `guess-${name}`, ELSEWHERE, undefined);
    }
    const enter = async (name: string, address: string) =>
      (await enterAttempt(site, name, address, await accountByName(site.db, name))).failures;
    expect(await enter('other', ELSEWHERE)).toBeUndefined();
    expect(await enter('known', ELSEWHERE)).toBe(1);
    expect(await enter('other', HOME)).toBe(1);
  });

  it('learns nothing from the answers, and tries only so many a minute', async () => {
    const site = await apiSite();
    await site.account('operator', 'real');
    const answers: string[] = [];
    for (let attempt = 0; attempt < 61; attempt += 1) {
      const payload = { name: attempt === 7 ? 'real' : `no-${attempt}`, password: 'Autumn2026!' };
      const answer = await site.api.inject({
        method: 'POST',
        url: '/api/session',
        remoteAddress: ELSEWHERE,
        headers: FROM_PAGE,
        payload,
      });
      answers.push(`${answer.statusCode} ${answer.body}`);
    }
    expect(new Set(answers.slice(0, 60)).size).toBe(1);
    expect(answers[60]).toMatch(/^429 /);
  });
});

describe('a session', () => {
  it('cannot be fixed beforehand: signing in gives another token, and ends the one that was there', async () => {
    const site = await apiSite();
    await site.account('operator', 'victim');
    const planted = await site.cookieOf(await site.account('viewer', 'attacker'));
    const signIn = (cookie: string) =>
      site.api.inject({
        method: 'POST',
        url: '/api/session',
        headers: { ...FROM_PAGE, cookie },
        payload: { name: 'victim', password: PASSWORD },
      });
    const given = tokenIn((await signIn(planted)).headers['set-cookie']);
    expect(given).toMatch(/^[\w-]{43}$/);
    expect(planted).not.toContain(given);
    expect((await get(site, '/api/account', planted)).statusCode).toBe(401);
    const made = 'watchkeeper_session=chosen-by-the-attacker';
    expect(tokenIn((await signIn(made)).headers['set-cookie'])).not.toContain('chosen');
    expect((await get(site, '/api/account', made)).statusCode).toBe(401);
  });

  it('that turns up at another address is told in the audit and in the list of its owner, who ends it', async () => {
    const site = await withPeople();
    const owner = await site.account('operator', 'owner');
    const stolen = await site.cookieOf(owner);
    const own = await site.cookieOf(owner);
    for (let time = 0; time < 3; time += 1) await get(site, '/api/account', stolen, ELSEWHERE);
    const { sessions } = (await get(site, '/api/account', own)).json<OwnAccountBody>();
    expect(sessions.map(({ origin }) => origin).sort()).toEqual(['127.0.0.1', ELSEWHERE]);
    const lines = await site.db.selectFrom('audit').select('action').execute();
    expect(lines).toEqual([{ action: 'session_moved' }]);
    await site.api.inject({
      method: 'DELETE',
      url: '/api/account/sessions',
      headers: { ...FROM_PAGE, cookie: own },
    });
    expect((await get(site, '/api/account', stolen, ELSEWHERE)).statusCode).toBe(401);
    expect((await get(site, '/api/account', own)).statusCode).toBe(200);
  });

  it('is in a cookie that no script reads and no other site sends', async () => {
    const site = await apiSite({ publicUrl: 'https://watch.example' });
    await site.account('operator', 'victim');
    const answer = await site.api.inject({
      method: 'POST',
      url: '/api/session',
      headers: { host: 'watch.example', origin: 'https://watch.example' },
      payload: { name: 'victim', password: PASSWORD },
    });
    const cookie = String(answer.headers['set-cookie']);
    for (const word of ['HttpOnly', 'SameSite=Strict', 'Secure', 'Path=/']) expect(cookie).toContain(word);
    expect(cookie).not.toContain('Domain');
  });
});

describe('a script', () => {
  it('in every field of a person, a token and a screen is refused or comes back as text of JSON only', async () => {
    const site = await withPeople();
    const cookie = await site.cookieOf(await site.account(['sysAdmin', 'secAdmin', 'auditAdmin'], 'root'));
    const give = async (name: string, input: object): Promise<number> => {
      const ask = (payload: object) =>
        site.api.inject({
          method: 'POST',
          url: `/api/commands/${name}`,
          headers: { ...FROM_PAGE, cookie },
          payload,
        });
      const preview = await ask({ mode: 'preview', input });
      if (preview.statusCode !== 200) return preview.statusCode;
      const { version } = preview.json<CommandPreview>();
      return (await ask({ mode: 'do', input, version })).statusCode;
    };
    const details = { phone: '', mail: '', language: 'en', qualifications: [] };
    const person = (fields: object) => ({
      name: 'li.lei',
      roles: ['operator'],
      details: { ...details, displayName: 'x', department: '', ...fields },
    });
    for (const refused of [
      person({ phone: SCRIPT }),
      person({ mail: `${SCRIPT}@example.com` }),
      person({ language: SCRIPT }),
      person({ vettedOn: SCRIPT }),
      person({ displayName: 'a\u0000b' }),
      { ...person({}), name: SCRIPT },
      { ...person({}), roles: [SCRIPT] },
    ]) {
      expect(await give('add-person', refused)).toBe(400);
    }
    expect(await give('add-person', person({ displayName: SCRIPT, department: SCRIPT }))).toBe(200);
    expect(await give('add-token', { name: SCRIPT, scopes: ['metrics:read'], days: 1 })).toBe(200);
    const wall = { name: 'wall', displayName: SCRIPT, language: 'en', days: 1 };
    expect(await give('add-display', wall)).toBe(200);
    expect(await give('add-display', { ...wall, name: 'wall-2', language: SCRIPT })).toBe(400);
    for (const url of ['/api/people', '/api/tokens', '/api/audit']) {
      const { headers, body } = await get(site, url, cookie);
      expect(headers['content-type'], url).toMatch(/^application\/json/);
      expect(headers['x-content-type-options'], url).toBe('nosniff');
      expect(body, url).toContain(JSON.stringify(SCRIPT).slice(1, -1));
    }
  });
});

describe('SQL in a search', () => {
  it.each([
    "' or 1=1 --",
    "'; drop table account; --",
    '" union select password_hash from account --',
    '%_\\',
    "x' escape '",
    '$1; select pg_sleep(9)',
  ])('is looked for as it stands: %s', async (text) => {
    const site = await withPeople();
    const cookie = await site.cookieOf(await site.account(['sysAdmin', 'auditAdmin'], 'root'));
    const asked = encodeURIComponent(text);
    for (const url of [
      `/api/people?search=${asked}`,
      `/api/audit?text=${asked}`,
      `/api/audit?who=${asked}`,
    ]) {
      const answer = await get(site, url, cookie);
      expect(answer.statusCode, url).toBe(200);
      expect(answer.json(), url).toMatchObject(url.includes('people') ? { people: [] } : { lines: [] });
    }
    for (const url of [
      `/api/audit?action=${asked}`,
      `/api/people?role=${asked}`,
      `/api/people?limit=${asked}`,
    ]) {
      expect((await get(site, url, cookie)).statusCode, url).toBe(400);
    }
    expect((await get(site, '/api/people', cookie)).json()).toMatchObject({ total: 1 });
    expect(site.errors).toEqual([]);
  });
});

describe('a workbook that somebody sends', () => {
  /** A ZIP archive of one file, whose directory may tell another size than what it unpacks to (APPNOTE 4.3). */
  function zip(name: string, content: Buffer, toldBytes = content.length): Buffer {
    const packed = deflateRawSync(content);
    const common = (at: number, length: number): Buffer => {
      const header = Buffer.alloc(length);
      header.writeUInt16LE(20, at);
      header.writeUInt16LE(8, at + 4);
      header.writeUInt32LE(packed.length, at + 14);
      header.writeUInt32LE(toldBytes, at + 18);
      header.writeUInt16LE(Buffer.byteLength(name), at + 22);
      return header;
    };
    const local = common(4, 30);
    local.writeUInt32LE(0x04034b50, 0);
    const entry = common(6, 46);
    entry.writeUInt32LE(0x02014b50, 0);
    const before = Buffer.concat([local, Buffer.from(name), packed]);
    const directory = Buffer.concat([entry, Buffer.from(name)]);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(1, 8);
    end.writeUInt16LE(1, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(before.length, 16);
    return Buffer.concat([before, directory, end]);
  }

  it.each([
    ['leads out of its folder', zip('../../../../etc/cron.d/x', Buffer.from('x'))],
    ['names a file of the system', zip('/etc/passwd', Buffer.from('x'))],
    ['unpacks to more than a machine has', zip('xl/workbook.xml', Buffer.alloc(1000), 0x7fff_ffff)],
    ['lies about its size', zip('xl/workbook.xml', Buffer.alloc(64 * 1024 * 1024), 10)],
    ['is none', Buffer.from('PK\u0003\u0004 not really')],
    [
      'names an entity of its own',
      zip('xl/workbook.xml', Buffer.from('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')),
    ],
  ])('that %s is refused, and nothing else happens', async (_, file) => {
    await expect(readWorkbook(file)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/^This is no Excel workbook/) as string,
    });
  });

  it('that is larger than any list of people is refused before it is read', async () => {
    const site = await withPeople();
    const cookie = await site.cookieOf(await site.account('sysAdmin'));
    const answer = await site.api.inject({
      method: 'POST',
      url: '/api/commands/import-people',
      headers: { ...FROM_PAGE, cookie },
      payload: { mode: 'preview', input: { sheet: 'A'.repeat(5 * 1024 * 1024) } },
    });
    expect(answer.statusCode).toBe(413);
  });
});

describe('a clock that jumps', () => {
  it('back opens no lock early by more than its length, and closes none for a year', async () => {
    const site = await apiSite();
    await site.account('operator', 'li.lei');
    const found = await accountByName(site.db, 'li.lei');
    const enter = async () => (await enterAttempt(site, 'li.lei', HOME, found)).failures;
    for (let failure = 0; failure < 5; failure += 1) await enter();
    expect(await enter()).toBeUndefined();
    await site.clock.advance(-10_000);
    expect(await enter()).toBeUndefined();
    await site.clock.advance(-YEAR_MS);
    expect(await enter()).toBe(6);
    expect(await enter()).toBeUndefined();
  });

  it('back makes no code good again that was taken, and forward none good that is to come', () => {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const atMs = 1_800_000_000_000;
    const code = generateSync({ secret, epoch: atMs / 1000 });
    const step = stepOfCode({ secret, lastStep: 0 }, code, atMs) ?? 0;
    expect(step).toBe(atMs / 30_000);
    expect(stepOfCode({ secret, lastStep: step }, code, atMs - 20_000)).toBeUndefined();
    expect(stepOfCode({ secret, lastStep: step }, code, atMs)).toBeUndefined();
    expect(stepOfCode({ secret, lastStep: 0 }, code, atMs + 90_000)).toBeUndefined();
    expect(stepOfCode({ secret, lastStep: 0 }, code, atMs - 90_000)).toBeUndefined();
  });

  it('back lengthens no session without end, and keeps the audit in its order', async () => {
    const site = await apiSite();
    const cookie = await site.cookieOf(await site.account('operator', 'li.lei'));
    const touch = () =>
      site.api.inject({ method: 'PUT', url: '/api/session', headers: { ...FROM_PAGE, cookie } });
    await site.clock.advance(-3_600_000);
    expect((await touch()).statusCode).toBe(200);
    await site.clock.advance(8 * 3_600_000);
    expect((await touch()).statusCode).toBe(401);
    expect(await verifyAudit(site.db)).not.toHaveProperty('broken');
  });
});
