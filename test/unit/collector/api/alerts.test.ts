import { describe, expect, it } from 'vitest';
import { endingsOf } from '../../../../alerting/engine/ending.ts';
import { alertRoutes } from '../../../../collector/api/alerts.ts';
import type { AlertFileBody, AlertTransition, ReceiverVerdicts } from '../../../../config/model/api.ts';
import { addHistory, alertFile, createAlertStore } from '../../../../collector/records/alerts.ts';
import { createNotifyStore, createOutboxStore } from '../../../../collector/records/messages.ts';
import type { CommandDone, CommandPreview } from '../../../../config/model/command.ts';
import { auditOf } from '../../../support/audit.ts';
import { alertView } from '../../../../alerting/view.ts';
import { newMessage } from '../../../support/alert-stores.ts';
import { heldRun } from '../../../support/held-run.ts';
import { instance } from '../../../support/alerts.ts';
import type { Role } from '../../../../config/model/account.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';

const NO_SAVER = { add: () => undefined, flush: async () => undefined };
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

async function site(role: Role) {
  const run = heldRun();
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
          endings: () => endingsOf([run], { saver: NO_SAVER, onChange: () => undefined }),
        },
      }),
    ],
  });
  const headers = { ...FROM_PAGE, cookie: await own.cookieOf(await own.account(role)) };
  return {
    db: own.db,
    phase: () => [...run.instances.values()][0]?.phase.kind,
    get: (url: string) => own.api.inject({ url, headers }),
    command: async (payload: object) => {
      const url = '/api/commands/end-alert';
      const answer = await own.api.inject({ method: 'POST', url, headers, payload });
      return { status: answer.statusCode, body: answer.json<CommandPreview & CommandDone>() };
    },
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

  it('let an operator end a held alert with a reason, as a command with a preview, a line of the audit and a way back', async () => {
    const { command, db, phase } = await site('operator');
    const input = { fingerprint: 'abc123', reason: 'sensor taken away' };
    const { body: preview } = await command({ mode: 'preview', input });
    expect(preview.effects).toMatchObject([
      { code: 'alert_ends', params: { alert: 'TooHot · climate-1' } },
      { code: 'alert_fires_anew' },
    ]);
    expect(phase()).toBe('held');
    const { body: done } = await command({ mode: 'do', input, version: preview.version });
    expect(phase()).toBe('resolved');
    expect(await createAlertStore(db).instances()).toMatchObject([{ phase: { cause: 'person' } }]);
    await command({ mode: 'undo', token: done.undo?.token });
    expect(phase()).toBe('held');
    expect(await createAlertStore(db).instances()).toMatchObject([{ phase: { kind: 'held' } }]);
    expect((await auditOf(db)).map(({ action }) => action)).toEqual(['end_alert', 'end_alert_undone']);
    const { entries } = await alertFile(db, 'abc123');
    expect(entries).toMatchObject([
      { transition: 'held', person: 'operator' },
      { transition: 'resolved', person: 'operator', reason: 'sensor taken away' },
    ]);
  });

  it.each([{}, { reason: '' }, { reason: '  ' }, { reason: 'x'.repeat(1_001) }, { reason: 'x', more: 1 }])(
    'refuse the end %j',
    async (more) => {
      const { command, phase } = await site('operator');
      expect((await command({ mode: 'preview', input: { fingerprint: 'abc123', ...more } })).status).toBe(
        400,
      );
      expect(phase()).toBe('held');
    },
  );

  it('do not end what is not there', async () => {
    const { command, db } = await site('operator');
    const input = { fingerprint: 'other', reason: 'x' };
    expect((await command({ mode: 'preview', input })).status).toBe(404);
    expect(await auditOf(db)).toEqual([]);
  });
});
