import { describe, expect, it } from 'vitest';
import { alertRoutes, type AlertRoutesDeps } from '../../../../collector/api/alerts.ts';
import { WatchkeeperError } from '../../../../config/model/errors.ts';
import type { AlertFileBody, AlertTransition, ReceiverVerdicts } from '../../../../config/model/api.ts';
import { addHistory } from '../../../../collector/records/alerts.ts';
import { createNotifyStore, createOutboxStore } from '../../../../collector/records/messages.ts';
import { alertView } from '../../../../alerting/view.ts';
import { newMessage } from '../../../support/alert-stores.ts';
import { instance } from '../../../support/alerts.ts';
import type { Role } from '../../../../config/model/account.ts';
import { auditOf } from '../../../support/audit.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';

const HELD: ReceiverVerdicts = {
  receiver: 'desk',
  way: 'mail[0]',
  verdicts: [
    { gate: 'silence', outcome: 'held', reason: 'silenced', atMs: 1, by: 'li', silence: 's1', untilMs: 9 },
  ],
};
const ESCALATION = {
  policy: 'night',
  told: [{ step: 1, receiver: 'desk', atMs: 1 }],
  next: { step: 2, receiver: 'leader', atMs: 600_000 },
};

async function site(role: Role, endHeld: AlertRoutesDeps['alerting']['endHeld'] = () => Promise.resolve()) {
  const ended: unknown[] = [];
  const own = await apiSite({
    plugins: ({ db, clock }) => [
      alertRoutes({
        db,
        clock,
        alerting: {
          active: () => [],
          chases: () => [],
          verdicts: () => [HELD],
          escalation: () => ESCALATION,
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
    db: own.db,
    audit: () => auditOf(own.db),
    get: (url: string) => own.api.inject({ url, headers }),
    end: (payload: object, fingerprint = 'abc123') =>
      own.api.inject({ method: 'POST', url: `/api/alerts/${fingerprint}/end`, headers, payload }),
  };
}

describe('the routes of alerts', () => {
  it('tell which are active', async () => {
    const { get } = await site('operator');
    expect((await get('/api/alerts')).json()).toEqual({ alerts: [] });
    expect((await get('/api/alerts/..%2f..%2f/verdicts')).statusCode).toBe(400);
  });

  it('tell why people were told or not, who was tried with what answer, and who is next', async () => {
    const { get, db } = await site('operator');
    const store = createNotifyStore(db);
    await store.commit({ records: [], removed: [], messages: [newMessage({ alerts: ['abc123'] })] });
    await createOutboxStore(db).saveAttempt(1, { state: 'failed', atMs: 5, error: '550 no such user' });
    expect((await get('/api/alerts/abc123/verdicts')).json()).toMatchObject({
      receivers: [HELD],
      messages: [
        { receiver: 'desk', channel: 'mail', state: 'failed', attempts: 1, lastError: '550 no such user' },
      ],
      escalation: ESCALATION,
    });
    expect((await get('/api/alerts/other/verdicts')).json()).toMatchObject({ messages: [] });
  });

  it('tell what became of one alert, and bring up the notes that were left with it and not taken back', async () => {
    const { get, db } = await site('operator');
    const left = (atMs: number, transition: AlertTransition, reason: string, fingerprint = 'abc123') => ({
      atMs,
      transition,
      person: 'li',
      reason,
      alert: { ...alertView(instance()), fingerprint },
    });
    await addHistory(db, [
      left(1, 'noted', 'fan replaced'),
      left(2, 'noted', 'wrong room'),
      left(3, 'note_taken_back', 'wrong room'),
      left(4, 'noted', 'of another', 'other'),
      left(5, 'claimed', 'on my way'),
    ]);
    const body = (await get('/api/alerts/abc123/history')).json<AlertFileBody>();
    expect(body.entries.map(({ transition }) => transition)).toEqual([
      'claimed',
      'note_taken_back',
      'noted',
      'noted',
    ]);
    expect(body.notes).toEqual([{ atMs: 1, person: 'li', text: 'fan replaced' }]);
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
