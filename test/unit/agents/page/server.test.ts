import { describe, expect, it, onTestFinished } from 'vitest';
import { servePage } from '../../../../agents/page/server.ts';

const NOTHING = {
  metrics: () => ({ pieces: [], release: () => undefined }),
  device: () => undefined,
  traps: () => ({}),
};

async function page(): Promise<string> {
  const server = await servePage('127.0.0.1:0', {
    metrics: () => ({ pieces: [Buffer.from('device_up{device="ups-a"} 1\n')], release: () => undefined }),
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
