import { expect, it } from 'vitest';
import { auditOf } from '../../../support/audit.ts';
import { apiSite, FROM_PAGE, PASSWORD, type ApiSite } from '../../../support/api-site.ts';

type Answer = Awaited<ReturnType<ApiSite['api']['inject']>>;

function signIn(site: ApiSite, name: string, password: string, headers = {}): Promise<Answer> {
  return site.api.inject({
    method: 'POST',
    url: '/api/session',
    headers: { ...FROM_PAGE, ...headers },
    payload: { name, password },
  });
}

function cookieOf(answer: Answer): string {
  const cookie = answer.cookies[0];
  return `${cookie?.name}=${cookie?.value}`;
}

function whoIs(site: ApiSite, cookie: string): Promise<Answer> {
  return site.api.inject({ url: '/api/session', headers: { ...FROM_PAGE, cookie } });
}

it('signs in who knows the password, with a cookie that no script and no other site can use', async () => {
  const site = await apiSite();
  await site.account('operator', 'li.lei');
  const answer = await signIn(site, 'Li.Lei', PASSWORD);
  expect(answer.statusCode).toBe(200);
  expect(answer.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  expect(answer.cookies[0]?.secure).toBeUndefined();
  const who = await whoIs(site, cookieOf(answer));
  expect(who.json()).toMatchObject({ account: { name: 'li.lei', roles: ['operator'] } });
  expect(who.headers['cache-control']).toBe('no-store');
  expect(JSON.stringify(who.json())).not.toContain('argon2');
});

it('binds the cookie to HTTPS when the page came by it', async () => {
  const site = await apiSite();
  await site.account('operator');
  const answer = await signIn(site, 'operator', PASSWORD, { origin: 'https://127.0.0.1:8480' });
  expect(answer.cookies[0]?.secure).toBe(true);
});

it('keeps neither the password nor the token of a session in the records', async () => {
  const site = await apiSite();
  await site.account('operator');
  const token = (await signIn(site, 'operator', PASSWORD)).cookies[0]?.value ?? '';
  const stored = JSON.stringify([
    await site.db.selectFrom('account').selectAll().execute(),
    await site.db.selectFrom('session').selectAll().execute(),
    await site.db.selectFrom('audit').selectAll().execute(),
  ]);
  expect(token).toHaveLength(43);
  expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  expect(stored).not.toContain(token);
  expect(stored).not.toContain(PASSWORD);
});

it('ends a session that was not used for a shift, and every session after a week', async () => {
  const site = await apiSite();
  const cookie = await site.cookieOf(await site.account('operator'));
  const touch = () =>
    site.api.inject({ method: 'PUT', url: '/api/session', headers: { ...FROM_PAGE, cookie } });
  const isIn = async (): Promise<boolean> => (await touch()).statusCode === 200;
  for (let hours = 0; hours < 7 * 24; hours += 7) {
    expect(await isIn()).toBe(true);
    await site.clock.advance(7 * 3_600_000);
  }
  expect(await isIn()).toBe(false);

  const idle = await site.cookieOf(await site.account('viewer'));
  await site.clock.advance(8 * 3_600_000);
  expect((await whoIs(site, idle)).json()).not.toHaveProperty('account');
});

it('signs out: the cookie is worth nothing afterwards', async () => {
  const site = await apiSite();
  const cookie = await site.cookieOf(await site.account('operator'));
  const answer = await site.api.inject({
    method: 'DELETE',
    url: '/api/session',
    headers: { ...FROM_PAGE, cookie },
  });
  expect(answer.statusCode).toBe(200);
  expect(answer.cookies[0]?.value).toBe('');
  expect((await whoIs(site, cookie)).json()).not.toHaveProperty('account');
});

it('gives a new session at each sign-in and ends the one that the browser brought along', async () => {
  const site = await apiSite();
  await site.account('operator');
  const planted = await site.cookieOf(await site.account('viewer'));
  const answer = await signIn(site, 'operator', PASSWORD, { cookie: planted });
  expect(cookieOf(answer)).not.toBe(planted);
  expect((await whoIs(site, planted)).json()).not.toHaveProperty('account');
  const invented = await signIn(site, 'operator', PASSWORD, {
    cookie: 'watchkeeper_session=chosen-by-thief',
  });
  expect(cookieOf(invented)).not.toContain('chosen-by-thief');
});

it('answers the same to a wrong name, a wrong password and a locked account', async () => {
  const site = await apiSite();
  await site.account('operator');
  const wrongPassword = await signIn(site, 'operator', 'wrong password');
  const wrongName = await signIn(site, 'nobody', 'wrong password');
  for (let attempt = 1; attempt < 5; attempt += 1) await signIn(site, 'operator', 'wrong password');
  const locked = await signIn(site, 'operator', PASSWORD);
  for (const answer of [wrongPassword, wrongName, locked]) {
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual(wrongPassword.json());
    expect(answer.cookies).toEqual([]);
  }
});

it('lets the right password in again when the lock has run out', async () => {
  const site = await apiSite();
  await site.account('operator');
  for (let attempt = 0; attempt < 5; attempt += 1) await signIn(site, 'operator', 'wrong password');
  await site.clock.advance(29_000);
  expect((await signIn(site, 'operator', PASSWORD)).statusCode).toBe(401);
  await site.clock.advance(1_000);
  expect((await signIn(site, 'operator', PASSWORD)).statusCode).toBe(200);
});

it('looks at no more than five guesses at a name, even if all come at once', async () => {
  const site = await apiSite();
  await site.account('operator');
  const guesses = Array.from({ length: 15 }, (_, index) => signIn(site, 'operator', `guess number ${index}`));
  const answers = await Promise.all([...guesses, signIn(site, 'operator', PASSWORD)]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 401));
  const row = await site.db.selectFrom('sign_in_failure').selectAll().executeTakeFirstOrThrow();
  expect(row.failures).toBe(5);
});

it('writes who signed in, who signed out and which name was locked into the audit', async () => {
  const site = await apiSite();
  await site.account('operator');
  const cookie = cookieOf(await signIn(site, 'operator', PASSWORD));
  await site.api.inject({ method: 'DELETE', url: '/api/session', headers: { ...FROM_PAGE, cookie } });
  for (let attempt = 0; attempt < 5; attempt += 1) await signIn(site, 'operator', 'wrong password');
  for (let attempt = 0; attempt < 5; attempt += 1) await signIn(site, 'my-secret-typed-here', 'x');
  const lines = await auditOf(site.db);
  expect(lines.map(({ who, action, target }) => ({ who, action, target }))).toEqual([
    { who: 'operator', action: 'signed_in', target: 'operator' },
    { who: 'operator', action: 'signed_out', target: 'operator' },
    { who: 'system', action: 'sign_in_locked', target: 'operator' },
    { who: 'system', action: 'sign_in_locked', target: 'no account' },
  ]);
});

it('turns an address away that tries many names', async () => {
  const site = await apiSite();
  const codes: number[] = [];
  for (let attempt = 0; attempt < 61; attempt += 1) {
    codes.push((await signIn(site, `name-${attempt}`, 'Summer2026!')).statusCode);
  }
  expect(codes.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 401));
  expect(codes[60]).toBe(429);
});
