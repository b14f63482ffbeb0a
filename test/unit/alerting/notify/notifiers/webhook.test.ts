import { describe, expect, it } from 'vitest';
import { webhookNotifier } from '../../../../../alerting/notify/notifiers/webhook.ts';
import { Secret } from '../../../../../config/runtime/secret.ts';
import { newMessage } from '../../../../support/alert-stores.ts';
import { httpPeer } from '../../../../support/http-peer.ts';

const notifier = (url: string, more: { bearer?: Secret } = {}) =>
  webhookNotifier({
    kind: 'webhook',
    id: 'webhook[0]',
    sendResolved: 'each',
    url: new Secret(`${url}/hook/secret-token`),
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
    const { url, asked } = await httpPeer(() => ({}));
    const delivery = await notifier(url, { bearer: new Secret('t0ken') }).send(message, never);
    expect(delivery).toEqual({ kind: 'accepted' });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      body: '{"version":"4"}',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer t0ken',
        'idempotency-key': 'm-1@watch.example',
      },
    });
  });

  it.each([
    [204, 'accepted'],
    [302, 'unreachable'],
    [400, 'refused'],
    [429, 'deferred'],
    [500, 'unreachable'],
  ])('that answers %i has %s it; the reason names the host, not the secret path', async (status, kind) => {
    const { url } = await httpPeer(() => ({ status, body: `because\n${'of it '.repeat(1_000)}` }));
    const delivery = await notifier(url).send(message, never);
    expect(delivery.kind).toBe(kind);
    if (delivery.kind === 'accepted') return;
    expect(delivery.reason).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+ answered ${status}: because of it`));
    expect(delivery.reason).not.toContain('secret');
    expect(delivery.reason.length).toBeLessThan(400);
  });

  it('that hangs is cut off at its deadline, and at once when all ends', async () => {
    const { url } = await httpPeer(() => undefined);
    expect(await notifier(url).send(message, never)).toEqual({
      kind: 'unreachable',
      reason: expect.stringMatching(/: no answer within 0\.3 s$/),
    });
    expect(await notifier(url).send(message, AbortSignal.abort())).toMatchObject({ kind: 'unreachable' });
  });

  it('that is not there is unreachable', async () => {
    expect(await notifier('http://127.0.0.1:9').send(message, never)).toMatchObject({ kind: 'unreachable' });
  });
});
