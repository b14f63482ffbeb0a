import { describe, expect, it } from 'vitest';
import { putInForce } from '../../../../alerting/notify/outlook.ts';
import { withPeople } from '../../../../alerting/notify/people.ts';
import { testMessages } from '../../../../alerting/notify/test-message.ts';
import type { LaneOutage } from '../../../../alerting/notify/outbox.ts';
import { receiverRoutes } from '../../../../collector/api/receivers.ts';
import { createOutboxStore, outboxMessages } from '../../../../collector/records/messages.ts';
import type { CommandDone, CommandPreview } from '../../../../config/model/command.ts';
import type { ReceiversBody } from '../../../../config/model/receivers-api.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';
import { auditOf } from '../../../support/audit.ts';
import { dispatchSettings } from '../../../support/notify.ts';
import { ANNA, watchOf } from '../../../support/who.ts';

const YAML = `
smtp: { host: 127.0.0.1, security: none, from: w@watch.example }
receivers:
  - { name: desk, mail: [desk@watch.example, gone@watch.example], webhook: [{ url: "https://hook.example/SECRET" }] }
  - { name: night, watch: operator, fallback: [anna], by: [mail] }
  - { name: empty, people: [nobody] }
`;

async function site(down: readonly LaneOutage[] = []) {
  const settings = putInForce(dispatchSettings(YAML));
  let sent = 0;
  const own = await apiSite({
    plugins: ({ db, clock }) => [
      receiverRoutes({
        db,
        clock,
        alerting: {
          notifySettings: () => withPeople(settings.notify, watchOf([{ ...ANNA, mayAct: true }]), 0),
          testMessages: (receiver, by) => testMessages(receiver, settings, by),
          sendNow: () => void (sent += 1),
          waysDown: () => down,
        },
      }),
    ],
  });
  const cookie = await own.cookieOf(await own.account('engineer', 'li'));
  const headers = { ...FROM_PAGE, cookie };
  const give = async <T>(body: object) => {
    const answer = await own.api.inject({
      method: 'POST',
      url: '/api/commands/test-receiver',
      headers,
      payload: body,
    });
    return { status: answer.statusCode, body: answer.json<T>() };
  };
  return {
    ...own,
    sent: () => sent,
    preview: (receiver: string) => give<CommandPreview>({ mode: 'preview', input: { receiver } }),
    send: (receiver: string, version: string) =>
      give<CommandDone>({ mode: 'do', input: { receiver }, version }),
    undo: (token: string) => give<CommandDone>({ mode: 'undo', token }),
    receivers: async () => (await own.api.inject({ url: '/api/receivers', headers })).json<ReceiversBody>(),
  };
}

describe('a test of a receiver', () => {
  it('is shown beforehand, leaves by each of its ways, and is one line of the audit', async () => {
    const { preview, send, db, sent } = await site();
    const { body } = await preview('desk');
    expect(body.effects.map(({ code, params = {} }) => [code, params['to'] ?? params['subject']])).toEqual([
      ['test_sent', 'desk@watch.example'],
      ['test_sent', 'gone@watch.example'],
      ['test_sent', 'hook.example'],
      ['test_says', '【提示】测试消息：什么也没有发生（由 li 发送）'],
    ]);
    expect(await outboxMessages(db, { limit: 9 })).toEqual([]);
    expect((await send('desk', body.version)).status).toBe(200);
    const messages = await outboxMessages(db, { limit: 9 });
    expect(messages.map(({ state, channel }) => [state, channel])).toEqual([
      ['waiting', 'webhook'],
      ['waiting', 'mail'],
      ['waiting', 'mail'],
    ]);
    expect(messages[1]?.text).toContain('有人在测试这条通知渠道，无需处理。');
    expect(sent()).toBe(1);
    expect(await auditOf(db)).toMatchObject([{ who: 'li', action: 'test_receiver', target: 'desk' }]);
  });

  it('reaches the person behind it in his language, with no link to acknowledge', async () => {
    const { preview, send, db } = await site();
    const { version } = (await preview('night')).body;
    await send('night', version);
    const [message] = await outboxMessages(db, { limit: 9 });
    expect(message).toMatchObject({
      to: ['anna@centre.example'],
      subject: expect.stringContaining('Test message'),
    });
    expect(message?.text).not.toContain('/a/');
  });

  it('is withdrawn as far as it has not left', async () => {
    const { preview, send, undo, db } = await site();
    const done = await send('desk', (await preview('desk')).body.version);
    const outbox = createOutboxStore(db);
    const [head] = await outbox.heads();
    await outbox.saveAttempt(head?.id ?? 0, { state: 'sent', atMs: 1 });
    expect((await undo(done.body.undo?.token ?? '')).body.effects).toEqual([
      { code: 'test_withdrawn', params: { n: 2 } },
    ]);
    expect((await outboxMessages(db, { limit: 9 })).map(({ state }) => state)).toEqual(['sent']);
  });

  it('is refused where nobody stands behind it, or there is no such receiver', async () => {
    const { preview } = await site();
    expect((await preview('empty')).status).toBe(409);
    expect((await preview('stranger')).status).toBe(404);
  });
});

describe('the receivers', () => {
  it('say who is behind them now, what waits, what arrived, what failed and what bounces, and no secret', async () => {
    const outage = {
      channel: 'mail',
      receiver: 'desk',
      way: 'mail[0]',
      sinceMs: 5,
      reason: 'refused',
    } as const;
    const { preview, send, receivers, db, clock } = await site([outage]);
    await send('desk', (await preview('desk')).body.version);
    const outbox = createOutboxStore(db);
    const [desk, gone] = await outbox.heads();
    const atMs = clock.nowMs();
    await outbox.saveAttempt(desk?.id ?? 0, { state: 'sent', atMs });
    await outbox.saveAttempt(gone?.id ?? 0, { state: 'failed', atMs, error: '550 no such user' });
    const body = await receivers();
    expect(JSON.stringify(body)).not.toContain('SECRET');
    const [first, second, third] = body.receivers;
    const down = { sinceMs: 5, reason: 'refused' };
    expect(first?.ways).toEqual([
      {
        id: 'mail[0]',
        kind: 'mail',
        to: 'desk@watch.example',
        isReady: true,
        waiting: 0,
        lastSentAtMs: atMs,
        down,
      },
      {
        id: 'mail[1]',
        kind: 'mail',
        to: 'gone@watch.example',
        isReady: true,
        waiting: 0,
        lastFailure: { createdAtMs: atMs, error: '550 no such user' },
        down,
      },
      { id: 'webhook[0]', kind: 'webhook', to: 'hook.example', isReady: true, waiting: 1 },
    ]);
    expect(second).toMatchObject({ watch: 'operator', fallback: ['anna'], ways: [{ person: 'anna' }] });
    expect(third?.ways).toEqual([]);
    expect(body.bounced).toMatchObject([
      { kind: 'mail', to: 'gone@watch.example', receiver: 'desk', error: '550 no such user' },
    ]);
    // What was taken since bounces no more.
    await send('desk', (await preview('desk')).body.version);
    for (const { id, to } of await outbox.heads())
      if (to === 'gone@watch.example') await outbox.saveAttempt(id, { state: 'sent', atMs });
    expect((await receivers()).bounced).toEqual([]);
  });
});
