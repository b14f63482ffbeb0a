import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Type } from 'typebox';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../../../collector/api/server.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';

const WEB = {
  'index.html': '<!doctype html><title>room</title>',
  'assets/index-4f2a.js': 'export {};',
  '.env': 'secret',
  'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
};

/** Sends a request as it stands: `fetch` would tidy its path and set its host. */
async function send(
  page: string,
  path: string,
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: object; body?: string } = {},
) {
  const { hostname, port, host } = new URL(page);
  const sent = request({ hostname, port, path, method, headers: { host, ...headers } });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

describe('the pages', () => {
  it('come with a policy that lets nothing in from elsewhere', async () => {
    const page = await (await apiSite({ web: WEB })).listen();
    const { status, headers, body } = await send(page, '/');
    expect([status, body]).toEqual([200, WEB['index.html']]);
    const policy = String(headers['content-security-policy']).split(';');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.join(' ')).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('bind browsers to HTTPS only where the site always speaks it', async () => {
    const page = await (await apiSite({ web: WEB, publicUrl: 'https://room.example' })).listen();
    expect((await send(page, '/')).headers).toHaveProperty('strict-transport-security');
  });

  it('keep what its name identifies for ever, and the rest not at all', async () => {
    const page = await (await apiSite({ web: WEB })).listen();
    const asset = await send(page, '/assets/index-4f2a.js');
    expect(asset.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('javascript') as string,
    });
    expect((await send(page, '/favicon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it.each(['/', '/rooms/main', '/devices/ups-a?x=1', '/first-run', '/apiary'])(
    'answer %s with the one page, which finds out what it is',
    async (path) => {
      const page = await (await apiSite({ web: WEB })).listen();
      expect(await send(page, path)).toMatchObject({ status: 200, body: WEB['index.html'] });
    },
  );

  it.each(['/assets/gone-1234.js', '/index.html.bak', '/api/nothing', '/api/', '/devices/ups.a'])(
    'say that there is nothing at %s',
    async (path) => {
      const page = await (await apiSite({ web: WEB })).listen();
      const { status, body } = await send(page, path);
      expect(status).toBe(404);
      expect(JSON.parse(body)).toMatchObject({ code: 'not_found' });
    },
  );

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/assets/..%2f..%2fpackage.json',
    '/..%5cpackage.json',
    '/%252e%252e/package.json',
    '//etc/passwd',
    '//',
    '//[/',
    '//x:99999',
    '/\\',
    '/etc/passwd%00.js',
    '/assets/%00',
    '/.env',
    '/%2eenv',
    '/assets/../.env',
    '/%',
    '/%c0%ae%c0%ae/package.json',
    '/file:///etc/passwd',
  ])('give nothing away for %s', async (path) => {
    const site = await apiSite({ web: WEB });
    const { status, body } = await send(await site.listen(), path);
    expect([200, 400, 403, 404]).toContain(status);
    if (status === 200) expect(body).toBe(WEB['index.html']);
    expect(body).not.toMatch(/secret|root:|devDependencies|watchkeeper-/);
    expect(site.errors).toEqual([]);
  });

  it('say what to do when they have not been built', async () => {
    const page = await (await apiSite()).listen();
    const { status, body } = await send(page, '/');
    expect(status).toBe(503);
    expect(body).toContain('npm run build');
  });
});

describe('a request', () => {
  it('is refused under a name that is not ours, whatever it asks for', async () => {
    const page = await (await apiSite({ web: WEB })).listen();
    for (const path of ['/', '/healthz', '/api/session', '/assets/index-4f2a.js']) {
      const { status, body } = await send(page, path, { headers: { host: 'evil.example' } });
      expect(status, path).toBe(403);
      expect(JSON.parse(body)).toMatchObject({ code: 'bad_origin' });
    }
  });

  it('that acts is refused from another site, before anybody looks at its body or its session', async () => {
    const site = await apiSite();
    const cookie = await site.cookieOf(await site.account('sysAdmin'));
    const page = await site.listen();
    const foreign = [
      {},
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: page, 'sec-fetch-site': 'cross-site' },
      { origin: page.replace('127.0.0.1', 'localhost') },
    ];
    for (const headers of foreign) {
      const answer = await send(page, '/api/session', { method: 'DELETE', headers: { cookie, ...headers } });
      expect(answer.status, JSON.stringify(headers)).toBe(403);
    }
    const own = await send(page, '/api/session', { method: 'DELETE', headers: { cookie, origin: page } });
    expect(own.status).toBe(200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
  ])('with a body of %s, which a form of another site could send, is refused', async (type) => {
    const page = await (await apiSite()).listen();
    const headers = { origin: page, 'content-type': type };
    const body = '{"name":"a","password":"b"}';
    const answer = await send(page, '/api/session', { method: 'POST', headers, body });
    expect(answer.status).toBe(415);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid_request' });
  });

  it.each([
    ['too large', JSON.stringify({ name: 'a', password: 'x'.repeat(70_000) }), 413],
    ['no JSON', '{"name":', 400],
    ['empty', '', 400],
    ['an array', '[]', 400],
    ['null', 'null', 400],
    ['made to change prototypes', '{"name":"a","password":"b","__proto__":{"x":1}}', 400],
  ])('whose body is %s is refused with a body that a page can read', async (_, body, status) => {
    const site = await apiSite();
    const page = await site.listen();
    const headers = { origin: page, 'content-type': 'application/json' };
    const answer = await send(page, '/api/session', { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'invalid_request' });
    expect(site.errors).toEqual([]);
  });

  it('of thousands of unknown fields is told fifty of them', async () => {
    const site = await apiSite();
    const fields = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, 1]));
    const answer = await site.api.inject({
      method: 'POST',
      url: '/api/session',
      headers: FROM_PAGE,
      payload: fields,
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ faults: object[] }>().faults).toHaveLength(50);
  });

  it('that fails inside is told nothing of the inside; the log is', async () => {
    const site = await apiSite({
      plugins: () => [
        (api) => {
          api.get('/api/site', () => {
            throw new Error('secret path /var/lib/records');
          });
        },
      ],
    });
    const cookie = await site.cookieOf(await site.account('viewer'));
    const answer = await site.api.inject({ url: '/api/site', headers: { ...FROM_PAGE, cookie } });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({ code: 'internal', message: 'The product failed; its log says why.' });
    expect(site.errors).toHaveLength(1);
  });

  it('is counted by address, and too many are turned away', async () => {
    const site = await apiSite();
    const ask = (remoteAddress: string) =>
      site.api.inject({ url: '/healthz', headers: FROM_PAGE, remoteAddress });
    for (let count = 0; count < 1_200; count += 1) await ask('10.0.0.1');
    const refused = await ask('10.0.0.1');
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'too_many_requests' });
    expect((await ask('10.0.0.2')).statusCode).toBe(200);
  });

  it('with a wrong query is told each fault of it', async () => {
    const site = await apiSite({
      plugins: () => [
        (api) => {
          const querystring = Type.Object({ limit: Type.Integer() }, { additionalProperties: false });
          api.get('/api/outbox', { schema: { querystring } }, ({ query }) => query);
        },
      ],
    });
    const cookie = await site.cookieOf(await site.account('operator'));
    const ask = (query: string) =>
      site.api.inject({ url: `/api/outbox?${query}`, headers: { ...FROM_PAGE, cookie } });
    expect((await ask('limit=7')).json()).toEqual({ limit: 7 });
    expect((await ask('limit=x&more=1')).json()).toMatchObject({
      code: 'invalid_request',
      faults: expect.arrayContaining([
        expect.objectContaining({ path: 'limit' }),
        expect.objectContaining({ path: 'more' }),
      ]) as object[],
    });
  });
});

describe('the server', () => {
  it('says whether it works, to anybody', async () => {
    const site = await apiSite();
    const faults: string[] = [];
    const server = await startServer({ ...site.deps, faults: () => faults });
    onTestFinished(() => server.stop());
    expect(await send(server.page, '/healthz')).toMatchObject({
      status: 200,
      body: '{"isWorking":true,"faults":[]}',
    });
    faults.push('no agent answers');
    expect(await send(server.page, '/healthz')).toMatchObject({ status: 503 });
  });

  it('does not start with a route that forgot to say who may call it', async () => {
    const forgotten = apiSite({ plugins: () => [(api) => void api.get('/api/forgotten', () => 'open')] });
    await expect(forgotten).rejects.toThrow('does not say who may call GET /api/forgotten');
  });

  it('names the port that is taken, and the address that is none', async () => {
    const site = await apiSite();
    const { host } = new URL(await site.listen());
    await expect(startServer({ ...site.deps, listen: host })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(host) as string,
    });
    await expect(startServer({ ...site.deps, listen: 'nowhere' })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });

  it('stops at once, though browsers keep their connections', async () => {
    const site = await apiSite({ web: WEB });
    const server = await startServer(site.deps);
    const { hostname, port } = new URL(server.page);
    const kept = connect(Number(port), hostname);
    kept.write(`GET /healthz HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    await once(kept, 'data');
    const closed = once(kept, 'close');
    await server.stop();
    await closed;
  });
});

describe('the live socket', () => {
  const upgrade = (page: string, headers: Readonly<Record<string, string>>, path = '/api/live') =>
    new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port, host } = new URL(page);
      const asked = request({
        hostname,
        port,
        path,
        headers: { host, connection: 'Upgrade', upgrade: 'websocket', ...headers },
      });
      asked.on('response', (answer) => resolve(answer.resume().statusCode));
      asked.on('upgrade', (answer, socket) => {
        socket.destroy();
        resolve(answer.statusCode);
      });
      asked.on('error', reject);
      asked.end();
    });
  const live = {
    accept: (_request: unknown, socket: Duplex) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    },
  };

  it('opens for a page of ours with somebody signed in behind it, and for nobody else', async () => {
    const site = await apiSite({ live });
    const page = await site.listen();
    const cookie = await site.cookieOf(await site.account('viewer'));
    const origin = page;
    expect(await upgrade(page, { origin, cookie })).toBe(101);
    expect(await upgrade(page, { origin })).toBe(401);
    expect(await upgrade(page, { origin, cookie: 'watchkeeper_session=guess' })).toBe(401);
    expect(await upgrade(page, { cookie })).toBe(403);
    expect(await upgrade(page, { cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await upgrade(page, { cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(403);
    expect(await upgrade(page, { origin, cookie }, '/api/other')).toBe(404);
    await site.clock.advance(9 * 3_600_000);
    expect(await upgrade(page, { origin, cookie })).toBe(401);
    expect(site.errors).toEqual([]);
  });
});
