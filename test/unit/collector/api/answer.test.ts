import { describe, expect, it } from 'vitest';
import { openCare, type Care } from '../../../../alerting/care/care.ts';
import { finisher } from '../../../../alerting/notify/finish.ts';
import type { OutboxMessage } from '../../../../alerting/ports.ts';
import { activeViews } from '../../../../alerting/view.ts';
import { answerRoutes } from '../../../../collector/api/answer.ts';
import { createCareStore } from '../../../../collector/records/care.ts';
import { createNotifyStore, createOutboxStore } from '../../../../collector/records/messages.ts';
import type { AlertInstance } from '../../../../config/model/alert.ts';
import type { Role } from '../../../../config/model/account.ts';
import { newMessage } from '../../../support/alert-stores.ts';
import { instance, SITE } from '../../../support/alerts.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';
import { auditOf } from '../../../support/audit.ts';

const HOUR_MS = 3_600_000;
const MARK = '0b7c2f6e-0000-4000-8000-000000000001';
const MESSAGE_ID = `${MARK}@watch.example`;
const NO_MUTES = { inhibited: () => undefined, silenced: () => undefined, maintained: () => undefined };

const alert = (fingerprint: string, more: Partial<AlertInstance> = {}): AlertInstance =>
  instance({ fingerprint, ...more });

/** A site whose operator li was sent a mail about two alerts, with a link. */
async function site({
  role = 'operator',
  alerts = [alert('f1'), alert('f2')],
}: {
  readonly role?: Role;
  readonly alerts?: readonly AlertInstance[];
} = {}) {
  let care: Care | undefined;
  let active: readonly AlertInstance[] = alerts;
  const own = await apiSite({
    plugins: ({ db, clock }) => [
      answerRoutes({
        db,
        clock,
        site: () => SITE,
        alerting: {
          active: () =>
            activeViews(
              active.map((one) => ({ alert: one, labels: one.labels })),
              NO_MUTES,
              (one) => care?.claimOf(one),
            ),
          get care() {
            if (care === undefined) throw new Error('not open yet');
            return care;
          },
        },
      }),
    ],
  });
  const { db, clock, api } = own;
  care = await openCare({
    store: createCareStore(db, () => clock.nowMs()),
    nowMs: () => clock.nowMs(),
    instances: () => active,
    onChange: () => undefined,
  });
  await own.account(role, 'li');
  await own.account('operator', 'wu');
  const outbox = createOutboxStore(db);
  await createNotifyStore(db).commit({
    records: [],
    removed: [],
    messages: [
      newMessage({
        messageId: MESSAGE_ID,
        answerer: 'li',
        text: `https://watch.example/a/${MARK}`,
        html: `<a href="https://watch.example/a/${MARK}">`,
        alerts: alerts.map(({ fingerprint }) => fingerprint),
      }),
    ],
  });
  const finish = finisher({ store: outbox, nowMs: () => clock.nowMs() });
  const [head] = await outbox.heads();
  if (head === undefined) throw new Error('no message waits');
  const left = await finish(head);
  const path = (message: OutboxMessage): string => new URL(message.text).pathname;
  return {
    ...own,
    care,
    head,
    left,
    path: path(left),
    again: async () => path(await finish(head)),
    /** As after a restart. */
    anew: async () => path(await finisher({ store: outbox, nowMs: () => clock.nowMs() })(head)),
    become: (next: readonly AlertInstance[]) => void (active = next),
    get: (url: string) => api.inject({ url, headers: { host: FROM_PAGE.host } }),
    press: (url: string, headers: Readonly<Record<string, string>> = FROM_PAGE) =>
      api.inject({
        method: 'POST',
        url,
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        payload: '',
      }),
  };
}

describe('a link in a message', () => {
  it('leaves with a token that is nowhere kept, and its own for each message', async () => {
    const { db, left, head, again } = await site();
    const token = left.text.split('/a/')[1] ?? '';
    expect(token).toMatch(/^[\w-]{24}$/);
    expect(left.html).toBe(`<a href="https://watch.example/a/${token}">`);
    expect(head.text).not.toContain(token);
    const rows = JSON.stringify([
      await db.selectFrom('answer_link').selectAll().execute(),
      await db.selectFrom('outbox').selectAll().execute(),
    ]);
    expect(rows).not.toContain(token);
    // Tried again it is the same link: whichever copy arrives is good.
    expect(await again()).toBe(`/a/${token}`);
  });

  it('acts by its button alone, however often it is followed', async () => {
    const { path, get, api, care } = await site();
    for (const method of ['GET', 'HEAD'] as const)
      expect((await api.inject({ method, url: path, headers: { host: FROM_PAGE.host } })).statusCode).toBe(
        200,
      );
    const { body, headers } = await get(path);
    expect(body).toContain('UPS on battery');
    expect(body).toContain('I see to it, as li');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' });
    expect(care.claims()).toEqual([]);
  });

  it.each([
    ['en', 'UPS A (Main room, A1 U1)', 'I see to it, as li'],
    ['zh-CN', 'UPS A 路（主机房 A1 U1）', '由我处理（li）'],
  ] as const)(
    'shows in the language of its person (%s) which device it is and where',
    async (language, where, button) => {
      const unknown = alert('f2', { labels: { alertname: 'HostDown', instance: 'mail.example' } });
      const { path, get, press, db } = await site({ alerts: [alert('f1'), unknown] });
      await db.updateTable('account').set({ language }).where('name', '=', 'li').execute();
      const before = await get(path);
      expect(before.body).toContain(button);
      for (const { body } of [before, await press(path)]) {
        expect(body).toContain(`<html lang="${language}">`);
        expect(body).toContain(`<span>${where}</span>`);
        expect(body).toContain('<span>mail.example</span>');
        expect(body).not.toContain('ups-a');
      }
    },
  );

  it('acknowledges in the name of its person, with one line in the audit', async () => {
    const { path, press, care, db } = await site();
    const { statusCode, body } = await press(path);
    expect(statusCode).toBe(200);
    expect(body).toContain('Acknowledged in the name of li');
    expect(care.claimOf('f1')?.person).toBe('li');
    expect(care.claimOf('f2')?.person).toBe('li');
    const lines = await auditOf(db);
    expect(lines.filter(({ action }) => action.startsWith('claim'))).toMatchObject([
      { who: 'li', action: 'claim_alert_by_link', target: 'f1 f2' },
    ]);
  });

  it('is good once, also where its message left twice', async () => {
    const { path, anew, press, get, care } = await site();
    const other = await anew();
    expect(other).not.toBe(path);
    const answers = await Promise.all([press(path), press(path), press(other)]);
    expect(answers.filter(({ body }) => body.includes('Acknowledged'))).toHaveLength(1);
    expect(care.claims()).toHaveLength(2);
    await care.release('f1', { person: 'li', origin: '' });
    for (const used of [path, other]) {
      expect((await press(used)).statusCode).toBe(410);
      expect((await get(used)).body).toContain('This link has been used');
    }
    expect(care.claimOf('f1')).toBeUndefined();
  });

  it('ends, and says so; tried again it ends later', async () => {
    const { path, again, press, clock, care } = await site();
    await clock.advance(11 * HOUR_MS);
    await again();
    await clock.advance(2 * HOUR_MS);
    expect((await press(path.replace(/.$/, (last) => (last === '_' ? '-' : '_')))).statusCode).toBe(404);
    await clock.advance(10 * HOUR_MS);
    const { statusCode, body } = await press(path);
    expect([statusCode, body.includes('This link has ended')]).toEqual([410, true]);
    expect(care.claims()).toEqual([]);
  });

  it.each(['/a/guessed', `/a/${MARK}`, '/a/%00', '/a/..%2f..%2fapi', '/a/<script>', `/a/${'x'.repeat(100)}`])(
    'with a wrong token opens nothing: %s',
    async (url) => {
      const { get, press, care } = await site();
      for (const { statusCode, body } of [await get(encodeURI(url)), await press(encodeURI(url))]) {
        expect(statusCode).toBe(404);
        expect(body).toContain('此链接无效');
        expect(body).toContain('This link is not valid');
        expect(body).not.toContain('<script');
      }
      expect(care.claims()).toEqual([]);
    },
  );

  it('is not pressed by a page of another site, nor by one that says nothing', async () => {
    const { path, press, care } = await site();
    const { host } = FROM_PAGE;
    for (const headers of [
      { host },
      { host, origin: 'https://evil.example' },
      { host, origin: 'null' },
      { ...FROM_PAGE, 'sec-fetch-site': 'cross-site' },
      { host: 'evil.example', origin: 'http://evil.example' },
    ])
      expect((await press(path, headers)).statusCode).toBe(403);
    expect(care.claims()).toEqual([]);
  });

  it('does no more for whose account is disabled or has no such post', async () => {
    const { path, press, get, db } = await site();
    await db.updateTable('account').set({ is_disabled: 1 }).where('name', '=', 'li').execute();
    expect((await press(path)).statusCode).toBe(403);
    expect((await get(path)).body).not.toContain('UPS on battery');
    const auditor = await site({ role: 'auditAdmin' });
    expect((await auditor.press(auditor.path)).statusCode).toBe(403);
    expect(auditor.care.claims()).toEqual([]);
  });

  it('leaves to another what he sees to, and says what is over', async () => {
    const { path, press, get, care, become } = await site();
    await care.claim({ fingerprint: 'f1', note: '', isUntilWorse: false }, { person: 'wu', origin: '' });
    expect((await get(path)).body).toContain('wu sees to it');
    become([alert('f1')]);
    const { statusCode, body } = await press(path);
    expect(statusCode).toBe(200);
    expect(body).toContain('nothing left to see to');
    expect(body).toContain('1 of the alerts');
    become([alert('f1'), alert('f2')]);
    expect((await press(path)).body).toContain('Acknowledged');
    expect([care.claimOf('f1')?.person, care.claimOf('f2')?.person]).toEqual(['wu', 'li']);
  });

  it('shows hostile labels as text', async () => {
    const hostile = alert('f1', {
      labels: { alertname: 'X', device: '"><img src=x onerror=alert(1)>' },
      annotations: { summary: '</h1><script>alert(1)</script>', response: '<form action=//evil.example>' },
    });
    const { path, get } = await site({ alerts: [hostile] });
    const { body } = await get(path);
    expect(body).not.toMatch(/<script|<img|<form action=\/\//);
    expect(body).toContain('&#60;script&#62;');
  });
});
