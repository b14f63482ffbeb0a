import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { servePage } from '../../../../agents/page/server.ts';

const NOTHING = {
  metrics: () => [],
  device: () => undefined,
  traps: () => ({}),
};

async function page(): Promise<string> {
  const server = await servePage('127.0.0.1:0', {
    metrics: () => [Buffer.from('device_up{device='), Buffer.from('"ups-a"} 1\n')],
    device: (id) => (id === 'ups-a' ? { id } : undefined),
    traps: () => ({ sources: [] }),
  });
  onTestFinished(() => server.stop());
  return server.url;
}

describe("the agent's page", () => {
  it.each([
    ['/metrics', 200, 'text/plain; version=0.0.4; charset=utf-8', 'device_up{device="ups-a"} 1\n'],
    ['/metrics?x=1', 200, 'text/plain; version=0.0.4; charset=utf-8', 'device_up{device="ups-a"} 1\n'],
    ['/healthz', 200, 'text/plain', 'ok\n'],
    ['/devices/ups-a', 200, 'application/json', '{"id":"ups-a"}\n'],
    ['/traps', 200, 'application/json', '{"sources":[]}\n'],
    ['/devices/ups-z', 404, 'text/plain', 'not found\n'],
    ['/devices/..%2f..%2fetc', 404, 'text/plain', 'not found\n'],
    ['/', 404, 'text/plain', 'not found\n'],
  ])('%s answers %i', async (path, status, type, body) => {
    const response = await fetch(`${await page()}${path}`);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      status,
      type,
      body,
    ]);
  });

  it.each(['POST', 'PUT', 'DELETE'])('%s changes nothing', async (method) => {
    expect((await fetch(`${await page()}/metrics`, { method })).status).toBe(405);
  });

  it('is written at the pace of who reads it, and no further when the reader has gone', async () => {
    let written = 0;
    const ended = Promise.withResolvers<void>();
    function* endless(): Generator<Uint8Array> {
      try {
        for (const part = Buffer.alloc(128 * 1024, '#'); ; written += 1) yield part;
      } finally {
        ended.resolve();
      }
    }
    const server = await servePage('127.0.0.1:0', { ...NOTHING, metrics: endless });
    onTestFinished(() => server.stop());
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET /metrics HTTP/1.1\r\nHost: agent\r\n\r\n');
    await once(socket, 'readable');
    socket.destroy();
    await ended.promise;
    expect(written).toBeGreaterThan(0);
  });

  it('has no text for who asks for its head only', async () => {
    const url = await page();
    const response = await fetch(`${url}/metrics`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('says which address is taken', async () => {
    const url = await page();
    const listen = url.replace('http://', '');

    await expect(servePage(listen, NOTHING)).rejects.toMatchObject({
      code: 'port_in_use',
      message: `Another program listens on ${listen}.`,
    });
  });

  it.each([
    ['127.0.0.1', '127.0.0.1 is not an address to listen on (HOST:PORT).'],
    ['127.0.0.1:70000', '127.0.0.1:70000 is not an address to listen on (HOST:PORT).'],
    ['192.0.2.1:0', 'Listening on 192.0.2.1:0 failed: listen EADDRNOTAVAIL: address not available 192.0.2.1'],
  ])('does not take %s for an address that is in use', async (listen, message) => {
    const opening = servePage(listen, NOTHING);
    await expect(opening).rejects.toMatchObject({ code: 'config_invalid', message });
  });
});
