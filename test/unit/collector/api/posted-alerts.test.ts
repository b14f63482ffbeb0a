import { describe, expect, it } from 'vitest';
import type { PostedAlert } from '../../../../alerting/inbox.ts';
import { tokenHashOf } from '../../../../collector/api/auth/token.ts';
import { postedAlertRoutes } from '../../../../collector/api/posted-alerts.ts';
import { addAccessToken } from '../../../../collector/records/sign-in-secrets.ts';
import { apiSite } from '../../../support/api-site.ts';

async function site({ refused = 0, scopes = ['alerts:write'] as const } = {}) {
  const posted: PostedAlert[] = [];
  const post = async (alerts: readonly PostedAlert[]): Promise<number> => {
    posted.push(...alerts);
    return refused;
  };
  const own = await apiSite({ plugins: () => [postedAlertRoutes({ alerting: { post } })] });
  const owner = await own.account('sysAdmin');
  const tokenHash = tokenHashOf('tokenOfPrometheus');
  const token = { tokenHash, ownerId: owner.id, name: 'prometheus', scopes, createdAtMs: 0 };
  await addAccessToken(own.db, { ...token, endsAtMs: Number.MAX_SAFE_INTEGER });
  return {
    posted,
    send: (
      body: unknown,
      headers: Readonly<Record<string, string>> = { authorization: 'Bearer tokenOfPrometheus' },
    ) =>
      own.api.inject({
        method: 'POST',
        url: '/api/v2/alerts',
        headers: { 'content-type': 'application/json', ...headers },
        payload: JSON.stringify(body),
      }),
  };
}

describe('POST /api/v2/alerts', () => {
  it('takes what Prometheus sends to an Alertmanager', async () => {
    const { send, posted } = await site();
    const { statusCode } = await send([
      {
        labels: { alertname: 'DiskFull', empty: '', severity: 'warning' },
        annotations: { summary: '磁盘将满' },
        startsAt: '2026-01-01T08:00:00.123456789+08:00',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://prometheus:9090/graph?g0.expr=up',
      },
      { labels: { alertname: 'Old' }, startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T00:05:00Z' },
    ]);
    expect(statusCode).toBe(200);
    expect(posted).toEqual([
      {
        labels: { alertname: 'DiskFull', severity: 'warning' },
        annotations: { summary: '磁盘将满' },
        startsAtMs: Date.UTC(2026, 0, 1) + 123,
      },
      {
        labels: { alertname: 'Old' },
        annotations: {},
        startsAtMs: Date.UTC(2026, 0, 1),
        endsAtMs: Date.UTC(2026, 0, 1, 0, 5),
      },
    ]);
  });

  it('takes those that are whole, and names the others', async () => {
    const { send, posted } = await site();
    const answer = await send([
      { labels: {} },
      { labels: { 'no name': 'x' } },
      { labels: { alertname: 'Good' } },
      { labels: { alertname: 'A' }, startsAt: 'yesterday' },
      { labels: { alertname: 'A' }, startsAt: '2026-01-01T00:00:00Z', endsAt: '2025-01-01T00:00:00Z' },
    ]);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ faults: readonly unknown[] }>().faults).toEqual([
      { path: '[0]', message: 'an alert has at least one label' },
      { path: '[1]', message: '"no name" is no name of a label' },
      { path: '[3]', message: 'startsAt is no instant of RFC 3339' },
      { path: '[4]', message: 'endsAt is before startsAt' },
    ]);
    expect(posted.map(({ labels }) => labels['alertname'])).toEqual(['Good']);
  });

  it('refuses what is no list of alerts, and says when there is no room', async () => {
    const { send, posted } = await site();
    for (const body of [{}, 'x', [1], [{ labels: { a: 1 } }], [{ annotations: {} }]])
      expect((await send(body)).statusCode, JSON.stringify(body)).toBe(400);
    expect(posted).toEqual([]);
    const full = await site({ refused: 3 });
    const { statusCode, body } = await full.send([{ labels: { alertname: 'A' } }]);
    expect([statusCode, body]).toEqual([429, expect.stringContaining('no room for 3')]);
  });

  it('is for a token of this scope alone', async () => {
    const { send, posted } = await site();
    const body = [{ labels: { alertname: 'A' } }];
    expect((await send(body, { authorization: 'Bearer another' })).statusCode).toBe(401);
    expect((await send(body, {})).statusCode).toBe(403);
    const other = await site({ scopes: ['metrics:write'] as never });
    expect((await other.send(body)).statusCode).toBe(403);
    expect([posted, other.posted]).toEqual([[], []]);
  });
});
