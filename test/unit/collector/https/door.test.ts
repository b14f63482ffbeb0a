import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../../../collector/api/server.ts';
import { rootRoutes } from '../../../../collector/api/root.ts';
import { createDoor } from '../../../../collector/https/door.ts';
import { plainVerdict } from '../../../../collector/https/plain.ts';
import { fingerprintOf } from '../../../../collector/https/root-files.ts';
import { systemClock } from '../../../../config/runtime/system-clock.ts';
import { defined } from '../../../../config/model/defined.ts';
import type { Certificate } from '../../../../collector/https/certificate.ts';
import { apiSite, PASSWORD } from '../../../support/api-site.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { eventually } from '../../../support/eventually.ts';
import { ask, shownAt, testCertificate } from '../../../support/https.ts';

const DAY_MS = 86_400_000;
const WEB = { 'index.html': '<!doctype html><title>Watchkeeper</title>' };

/** The pages as they are served on an address that others reach. */
async function secured(clock?: ManualClock) {
  const opened = await testCertificate(defined({ clock }));
  const { certificate } = opened;
  const { root } = certificate.authority;
  const live = {
    accept: (_request: unknown, socket: { end(text: string): void }) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  };
  const site = await apiSite({ web: WEB, live, plugins: () => [rootRoutes({ root: () => root })] });
  const server = await startServer({ ...site.deps, certificate, names: certificate.names });
  onTestFinished(() => server.stop());
  return { ...opened, site, page: server.page, push: server.push, ca: root };
}

/** One request in the clear. */
async function askPlainly(url: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const asked = request(url, { agent: false, ...options }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const parts = (await answer.toArray()) as Buffer[];
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) };
}

/** A door alone, with short deadlines; `peer` connects to it. */
async function door(certificate: Certificate, limits: { deadlineMs?: number; maxUndecided?: number }) {
  const server = createDoor((_request, response) => void response.end('secured'), {
    certificate,
    plain: (_request, response) => void response.end('plain'),
    ...limits,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const peers: Socket[] = [];
  onTestFinished(() => {
    for (const socket of peers) socket.destroy();
    server.close();
  });
  const peer = async (): Promise<Socket> => {
    const socket = connectPlain(port, '127.0.0.1').on('error', () => undefined);
    peers.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  return { url: `https://127.0.0.1:${port}`, peer };
}

describe('pages that speak HTTPS only', () => {
  it('are believed by whoever trusts the root alone, and by nobody else', async () => {
    const { page, ca } = await secured();
    expect(page).toMatch(/^https:/);
    expect((await ask(`${page}/`, { ca })).body).toBe(WEB['index.html']);
    await expect(ask(`${page}/`)).rejects.toThrow(/self-signed|unable to verify/);
  });

  it('send who comes in the clear to the secured address, and do nothing for who acts', async () => {
    const { page } = await secured();
    const plain = page.replace('https:', 'http:');
    const led = await askPlainly(`${plain}/rooms/main?at=1`);
    expect([led.status, led.headers.location]).toEqual([307, `${page}/rooms/main?at=1`]);
    const headers = { 'content-type': 'application/json', origin: plain };
    const refused = await askPlainly(`${plain}/api/session`, { method: 'POST', headers });
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body.toString())).toMatchObject({ code: 'https_required' });
    expect((await askPlainly(`${plain}/`, { headers: { host: 'evil.example' } })).status).toBe(403);
  });

  it('bring the root in the clear: its page, the certificate, the profile of phones', async () => {
    const { page, ca } = await secured();
    const plain = page.replace('https:', 'http:');
    const text = (await askPlainly(`${plain}/root`)).body.toString();
    for (const words of [
      '让本机信任',
      'Make this device trust',
      'Android',
      'iPhone',
      'Windows',
      'Firefox',
      'Linux',
    ])
      expect(text).toContain(words);
    expect(text.replaceAll(/<br>| /g, ':')).toContain(fingerprintOf(ca));
    expect(text).toMatch(/<img src="data:image\/png;base64,/);
    expect(text).not.toMatch(/<script|style=/);
    const { body: der, headers } = await askPlainly(`${plain}/root.crt`);
    expect(headers['content-type']).toBe('application/x-x509-ca-cert');
    expect(
      fingerprintOf(`-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----`),
    ).toBe(fingerprintOf(ca));
    const profile = await askPlainly(`${plain}/root.mobileconfig`);
    expect(profile.headers['content-type']).toBe('application/x-apple-aspen-config');
    expect(profile.body.toString()).toContain(`<data>${der.toString('base64')}</data>`);
    // And the same within.
    expect((await ask(`${page}/root`, { ca })).body).toBe(text);
  });

  it('keep the session in a cookie that is never sent in the clear, and bind no browser by an own authority', async () => {
    const { page, ca, site } = await secured();
    await site.account('operator', 'wang');
    const headers = { origin: page, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'wang', password: PASSWORD });
    const signedIn = await ask(`${page}/api/session`, { ca, method: 'POST', headers, body });
    expect(signedIn.status).toBe(200);
    expect(String(signedIn.headers['set-cookie'])).toMatch(/; Secure/);
    expect(signedIn.headers['strict-transport-security']).toBeUndefined();
    const origin = page.replace('https:', 'http:');
    const foreign = { ca, method: 'POST', headers: { ...headers, origin }, body };
    expect((await ask(`${page}/api/session`, foreign)).status).toBe(403);
  });

  it('open the live socket for a page of theirs', async () => {
    const { page, ca, site } = await secured();
    const cookie = await site.cookieOf(await site.account('viewer'));
    const upgrade = async (origin: string) => {
      const headers = { cookie, origin, connection: 'Upgrade', upgrade: 'websocket' };
      const asked = httpsRequest(`${page}/api/live`, { ca, agent: false, headers }).end();
      return Promise.race([
        once(asked, 'upgrade').then(() => 101),
        once(asked, 'response').then(([answer]: { statusCode: number }[]) => answer?.statusCode),
      ]);
    };
    expect(await upgrade(page)).toBe(101);
    expect(await upgrade(page.replace('https:', 'http:'))).toBe(403);
  });

  it('show another certificate 30 days before the end of the first, without a restart', async () => {
    const hours = manualClock(systemClock.nowMs());
    let sleptMs = 0;
    const clock = { ...hours, nowMs: () => hours.nowMs() + sleptMs };
    const { page, ca, certificate } = await secured(clock);
    const before = await shownAt(page, { ca });
    sleptMs = 366 * DAY_MS;
    await certificate.check();
    expect(await shownAt(page, { ca })).toBe(before);
    sleptMs += DAY_MS;
    await clock.advance(60_000);
    await eventually(async () => expect(await shownAt(page, { rejectUnauthorized: false })).not.toBe(before));
  });
});

describe('a server that speaks HTTPS only', () => {
  it('stops at once, though somebody is silent, in the clear or in the middle of a hello', async () => {
    const { certificate } = await testCertificate();
    const site = await apiSite();
    const server = await startServer({ ...site.deps, certificate });
    const { hostname, port } = new URL(server.page);
    const closed = ['', 'GET /', '\x16\x03\x01'].map(async (text) => {
      const socket = connectPlain(Number(port), hostname).resume();
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(text);
      return { closed: once(socket, 'close') };
    });
    const peers = await Promise.all(closed);
    await ask(`${server.page}/healthz`, { ca: certificate.authority.root });
    const startedMs = performance.now();
    await server.stop();
    await Promise.all(peers.map((peer) => peer.closed));
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

describe('a request in the clear', () => {
  const site = { listenHost: '0.0.0.0', names: () => ['watch-1'] };
  const at = (method: string, url: string, more: { host?: string; isLocal?: boolean } = {}) => {
    const asked = { method, url, host: 'watch-1:8480', isLocal: false, ...more };
    const verdict = plainVerdict(asked, { site, root: 'PEM' });
    if (verdict.kind === 'redirect') return verdict.to;
    return verdict.kind === 'refuse' ? verdict.error.code : verdict.kind;
  };

  it.each([
    ['GET', '/a/b?c=d', 'https://watch-1:8480/a/b?c=d'],
    ['HEAD', '/', 'https://watch-1:8480/'],
    ['GET', '//evil.example/x', 'https://watch-1:8480/x'],
    ['GET', 'http://evil.example/x', 'https://watch-1:8480/x'],
    ['GET', '/x\\@evil.example', 'https://watch-1:8480/x/@evil.example'],
    ['GET', '//[', 'bad_origin'],
    ['GET', '/root', 'root'],
    ['GET', '/root.crt?x', 'root'],
    ['POST', '/root', 'https_required'],
    ['OPTIONS', '/', 'https_required'],
    ['POST', '/api/v1/write', 'https_required'],
  ])('%s %s: %s', (method, url, verdict) => {
    expect(at(method, url)).toBe(verdict);
  });

  it('of the agent beside the collector passes, of other machines and to other places it does not', () => {
    expect(at('POST', '/api/v1/write', { isLocal: true })).toBe('pass');
    expect(at('POST', '/api/session', { isLocal: true })).toBe('https_required');
    expect(at('GET', '/', { host: 'evil.example' })).toBe('bad_origin');
  });
});

describe('the door', () => {
  it.each([
    ['garbage', Buffer.from('\0\x01\x02garbage')],
    ['an old SSL hello', Buffer.from([0x80, 0x2e, 0x01, 0x00, 0x02])],
    ['a record of TLS that is none', Buffer.from([0x16, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00])],
    ['half a request line and no more', Buffer.from('GET /')],
    ['half a hello of TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc])],
    ['nothing', Buffer.alloc(0)],
  ])('ends a connection that brings %s within the deadline, and goes on', async (_, bytes) => {
    const { certificate } = await testCertificate();
    const { url, peer } = await door(certificate, { deadlineMs: 150 });
    const socket = await peer();
    const closed = once(socket, 'close');
    socket.resume();
    socket.write(bytes);
    await closed;
    expect((await ask(url, { ca: certificate.authority.root })).body).toBe('secured');
  });

  it('ends who sends a hello byte by byte', async () => {
    const { certificate } = await testCertificate();
    const { peer } = await door(certificate, { deadlineMs: 200 });
    const socket = await peer();
    // A byte that meets the end is an error of the socket; its end comes all the same.
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => {
      socket.once('close', resolve);
    });
    socket.resume();
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    const drip = setInterval(() => socket.write(Buffer.from([0x01])), 20);
    onTestFinished(() => clearInterval(drip));
    await closed;
  });

  it('lets the oldest of too many silent connections go, so that people still get in', async () => {
    const { certificate } = await testCertificate();
    const { url, peer } = await door(certificate, { maxUndecided: 5 });
    const silent: Socket[] = [];
    for (let count = 0; count < 8; count += 1) silent.push((await peer()).resume());
    expect((await ask(url, { ca: certificate.authority.root })).body).toBe('secured');
    await eventually(() => {
      expect(silent.map(({ closed }) => closed)).toEqual([
        true,
        true,
        true,
        true,
        false,
        false,
        false,
        false,
      ]);
    });
  });

  it('asks for a certificate and takes who has none; one of another authority is nobody', async () => {
    const { certificate } = await testCertificate();
    const { root: ca } = certificate.authority;
    const stranger = await testCertificate();
    const { cert, key } = await stranger.certificate.authority.agent('inner', stranger.clock.nowMs());
    const { url } = await door(certificate, {});
    const { hostname: host, port } = new URL(url);
    for (const own of [{}, { cert, key }]) {
      const socket = connect({ host, port: Number(port), ca, ...own });
      await once(socket, 'secureConnect');
      socket.destroy();
    }
  });
});
