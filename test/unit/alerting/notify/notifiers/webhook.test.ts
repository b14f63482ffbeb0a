import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { webhookNotifier } from '../../../../../alerting/notify/notifiers/webhook.ts';
import { Secret } from '../../../../../config/runtime/secret.ts';
import { newMessage } from '../../../../support/alert-stores.ts';

async function listen(
  answer: (request: IncomingMessage, server: Server) => number | undefined,
): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const status = answer(request, server);
      if (status !== undefined) response.writeHead(status).end(`because\n${'of it '.repeat(100)}`);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/secret-token`;
}

const notifier = (url: string, more: { bearer?: Secret } = {}) =>
  webhookNotifier({
    kind: 'webhook',
    id: 'webhook[0]',
    sendResolved: 'each',
    url: new Secret(url),
    timeoutMs: 300,
    ...more,
  });
const message = {
  ...newMessage({ channel: 'webhook', body: '{"version":"4"}' }),
  id: 1,
  attempts: 0,
  state: 'waiting' as const,
};
const never = new AbortController().signal;

describe('a webhook', () => {
  it('gets the body, the token, and the same key for a repeat', async () => {
    const heads: IncomingMessage['headers'][] = [];
    const url = await listen((request) => {
      heads.push(request.headers);
      return 200;
    });
    expect(await notifier(url, { bearer: new Secret('t0ken') }).send(message, never)).toEqual({
      kind: 'accepted',
    });
    expect(heads[0]).toMatchObject({
      'content-type': 'application/json',
      'content-length': '15',
      authorization: 'Bearer t0ken',
      'idempotency-key': 'm-1@watch.example',
    });
  });

  it.each([
    [204, 'accepted'],
    [302, 'unreachable'],
    [400, 'refused'],
    [429, 'deferred'],
    [500, 'unreachable'],
  ])('that answers %i has %s it; the reason names the host, not the secret path', async (status, kind) => {
    const url = await listen(() => status);
    const delivery = await notifier(url).send(message, never);
    expect(delivery.kind).toBe(kind);
    if (delivery.kind === 'accepted') return;
    expect(delivery.reason).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+ answered ${status}: because of it`));
    expect(delivery.reason).not.toContain('secret');
    expect(delivery.reason.length).toBeLessThan(400);
  });

  it('that hangs is cut off at its deadline, and at once when all ends', async () => {
    const url = await listen(() => undefined);
    expect(await notifier(url).send(message, never)).toEqual({
      kind: 'unreachable',
      reason: expect.stringMatching(/: no answer within 0\.3 s$/),
    });
    expect(await notifier(url).send(message, AbortSignal.abort())).toMatchObject({ kind: 'unreachable' });
  });

  it('that is not there is unreachable', async () => {
    expect(await notifier('http://127.0.0.1:9/').send(message, never)).toMatchObject({ kind: 'unreachable' });
  });
});
