import { describe, expect, it } from 'vitest';
import { alertRoutes, type AlertRoutesDeps } from '../../../../collector/api/alerts.ts';
import { WatchkeeperError } from '../../../../config/model/errors.ts';
import type { Role } from '../../../../config/model/account.ts';
import { auditOf } from '../../../support/audit.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';

async function site(role: Role, endHeld: AlertRoutesDeps['alerting']['endHeld'] = () => Promise.resolve()) {
  const ended: unknown[] = [];
  const own = await apiSite({
    plugins: ({ db, clock }) => [
      alertRoutes({
        db,
        clock,
        alerting: {
          active: () => [],
          verdicts: () => ({ receivers: [] }),
          async endHeld(fingerprint, by) {
            await endHeld(fingerprint, by);
            ended.push([fingerprint, by]);
          },
        },
      }),
    ],
  });
  const headers = { ...FROM_PAGE, cookie: await own.cookieOf(await own.account(role)) };
  return {
    ended,
    audit: () => auditOf(own.db),
    get: (url: string) => own.api.inject({ url, headers }),
    end: (payload: object, fingerprint = 'abc123') =>
      own.api.inject({ method: 'POST', url: `/api/alerts/${fingerprint}/end`, headers, payload }),
  };
}

describe('the routes of alerts', () => {
  it('tell which are active, and why people were told or not', async () => {
    const { get } = await site('viewer');
    expect((await get('/api/alerts')).json()).toEqual({ alerts: [] });
    expect((await get('/api/alerts/abc123/verdicts')).json()).toEqual({ receivers: [] });
    expect((await get('/api/alerts/..%2f..%2f/verdicts')).statusCode).toBe(400);
  });

  it('let an operator end a held alert with a reason, and write down who did', async () => {
    const { end, ended, audit } = await site('operator');
    expect((await end({ reason: 'replaced' })).statusCode).toBe(200);
    expect(ended).toEqual([['abc123', { person: 'operator', reason: 'replaced' }]]);
    expect((await audit()).at(-1)).toMatchObject({
      who: 'operator',
      action: 'alert_ended',
      target: 'abc123',
    });
  });

  it.each([{}, { reason: '' }, { reason: '  ' }, { reason: 'x'.repeat(1_001) }, { reason: 'x', more: 1 }])(
    'refuse the end %j',
    async (body) => {
      const { end, ended } = await site('operator');
      expect((await end(body)).statusCode).toBe(400);
      expect(ended).toEqual([]);
    },
  );

  it.each<Role>(['viewer', 'secAdmin', 'auditAdmin'])('do not let a %s end anything', async (role) => {
    expect((await (await site(role)).end({ reason: 'x' })).statusCode).toBe(403);
  });

  it('write nothing down of an end that was refused', async () => {
    const { end, audit } = await site('operator', () =>
      Promise.reject(new WatchkeeperError('conflict', 'not held')),
    );
    expect((await end({ reason: 'x' })).statusCode).toBe(409);
    expect((await audit()).filter(({ action }) => action === 'alert_ended')).toEqual([]);
  });
});
