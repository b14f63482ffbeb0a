import { describe, expect, it } from 'vitest';
import { createAlertStore } from '../../../../collector/records/alerts.ts';
import { createNotifyStore } from '../../../../collector/records/messages.ts';
import { FROM_PAGE, type ApiSite } from '../../../support/api-site.ts';
import { call, siteWithRoutes } from '../../../support/all-routes.ts';

describe('the lists of what happened', () => {
  const ask = async (site: ApiSite, url: string) => {
    const cookie = await site.cookieOf(await site.account('operator'));
    return site.api.inject({ url, headers: { ...FROM_PAGE, cookie } });
  };

  it('give text back as text, as many at once as were asked for', async () => {
    const site = await siteWithRoutes();
    const html = '<script>alert(document.cookie)</script>';
    const message = (index: number) => ({
      messageId: `m${index}`,
      createdAtMs: index,
      receiver: 'duty',
      way: 'mail[0]',
      channel: 'mail' as const,
      alerts: [],
      to: 'a@example',
      subject: html,
      text: html,
      html,
      state: 'waiting' as const,
    });
    const messages = Array.from({ length: 60 }, (_, index) => message(index));
    await createNotifyStore(site.db).commit({ records: [], removed: [], messages });
    const answer = await ask(site, '/api/outbox');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const { messages: told } = answer.json<{ messages: { subject: string; createdAtMs: number }[] }>();
    expect(told.map(({ createdAtMs }) => createdAtMs)).toEqual(Array.from({ length: 50 }, (_, i) => 59 - i));
    expect(told[0]).toMatchObject({ subject: html, text: html, html, to: ['a@example'], state: 'waiting' });
  });

  it('show a mail in its own styles, and let nothing else of it be in force', async () => {
    const site = await siteWithRoutes();
    const html = '<p style="color:red">漏水</p><script>alert(1)</script>';
    const message = {
      messageId: 'm',
      createdAtMs: 1,
      receiver: 'duty',
      way: 'mail[0]',
      channel: 'mail' as const,
      alerts: [],
      to: 'a@example',
      subject: '',
      text: '',
      html,
      state: 'kept' as const,
    };
    await createNotifyStore(site.db).commit({ records: [], removed: [], messages: [message] });
    const answer = await ask(site, '/api/outbox/1/html');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toBe(html);
    expect(answer.headers['content-security-policy']).toBe(
      "sandbox;default-src 'none';style-src 'unsafe-inline';frame-ancestors 'self'",
    );
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const cookie = await site.cookieOf(await site.account('engineer'));
    for (const [id, status] of [
      ['2', 404],
      ['x', 400],
      ['0', 400],
    ] as const) {
      expect((await call(site, `GET /api/outbox/${id}/html`, cookie)).statusCode).toBe(status);
    }
  });

  it('go on where a page ended', async () => {
    const site = await siteWithRoutes();
    const alert = {
      fingerprint: 'f',
      rule: 'f',
      name: 'Leak',
      severity: 'critical' as const,
      phase: { kind: 'firing' as const, sinceMs: 1, firedAtMs: 1 },
      labels: {},
      summary: { 'zh-CN': '漏水', en: 'Leak' },
      response: { 'zh-CN': '', en: '' },
      consequence: { 'zh-CN': '', en: '' },
      value: 1,
    };
    const entries = [1, 2, 3].map((atMs) => ({ atMs, transition: 'fired' as const, alert }));
    await createAlertStore(site.db).save({ saved: [], removed: [], entries });
    const answer = await ask(site, '/api/alerts/history?limit=1&beforeMs=3');
    expect(answer.json()).toEqual({ entries: [{ id: 2, ...entries[1] }] });
  });

  it.each(['limit=0', 'limit=201', 'beforeMs=-1', 'beforeMs=x', 'offset=5', "beforeMs=1'or'1"])(
    'refuse %s',
    async (query) => {
      const site = await siteWithRoutes();
      expect((await ask(site, `/api/outbox?${query}`)).statusCode).toBe(400);
    },
  );
});
