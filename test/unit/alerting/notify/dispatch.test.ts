import { describe, expect, it, onTestFinished } from 'vitest';
import { decide, RECORD_RETENTION_MS, startDispatcher } from '../../../../alerting/notify/dispatch.ts';
import { GROUP_WAIT_MS } from '../../../../alerting/notify/gates.ts';
import type { NotifyRecord } from '../../../../alerting/ports.ts';
import type { NotifySettings, Receiver } from '../../../../config/load.ts';
import type { AlertInstance, Phase } from '../../../../config/model/alert.ts';
import { SEVERITIES } from '../../../../config/model/severity.ts';
import { fakeMessageStore } from '../../../support/alert-stores.ts';
import { instance, SITE } from '../../../support/alerts.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { silentLog } from '../../../support/silent-log.ts';

const NOW_MS = 10_000_000;
const FIRING: Phase = { kind: 'firing', sinceMs: NOW_MS, firedAtMs: NOW_MS };
const RESOLVED: Phase = { kind: 'resolved', firedAtMs: NOW_MS, resolvedAtMs: NOW_MS, cause: 'condition' };

function receiver(name: string, more: Partial<Receiver> = {}): Receiver {
  return { name, mail: [`${name}@x.example`], language: 'en', severities: SEVERITIES, ...more };
}

const SMTP = { host: 'mail', port: 25, security: 'none', from: 'Watch <watch@centre.example>' } as const;
const NOTIFY: NotifySettings = { smtp: SMTP, receivers: [receiver('desk')] };

function decideOn(
  instances: readonly AlertInstance[],
  {
    records = [],
    notify = NOTIFY,
    nowMs = NOW_MS,
  }: { records?: readonly NotifyRecord[]; notify?: NotifySettings; nowMs?: number } = {},
) {
  return decide({ instances, records, notify, nowMs, site: SITE, publicUrl: () => 'https://watch.example' });
}

const ALERT = instance({ phase: FIRING });

describe('who is told', () => {
  it('is each address of each receiver, by a message of its own in its language', () => {
    const receivers = [
      receiver('desk', { mail: ['a@x.example', 'b@x.example'] }),
      receiver('head', { language: 'zh-CN' }),
    ];
    const { messages } = decideOn([ALERT], { notify: { ...NOTIFY, receivers } });
    expect(messages.map(({ receiver: name, to, subject }) => [name, to, subject.slice(0, 5)])).toEqual([
      ['desk', 'a@x.example', '[Crit'],
      ['desk', 'b@x.example', '[Crit'],
      ['head', 'head@x.example', '【紧急】U'],
    ]);
    expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(3);
    expect(messages[0]).toMatchObject({ state: 'waiting', createdAtMs: NOW_MS });
    expect(messages[0]?.messageId).toMatch(/^[0-9a-f-]{36}@centre\.example$/);
  });

  it('is nobody where no receiver is set', () => {
    expect(decideOn([ALERT], { notify: { receivers: [] } })).toMatchObject({ messages: [], changed: [] });
  });

  it('is told on the page alone where there is no mail server', () => {
    const { messages } = decideOn([ALERT], { notify: { receivers: [receiver('desk')] } });
    expect(messages.map(({ state }) => state)).toEqual(['kept']);
  });

  it('is not told again when the decision stands already', () => {
    const first = decideOn([ALERT]);
    const second = decideOn([ALERT], { records: first.records, nowMs: NOW_MS + 1_000 });
    expect(second.messages).toEqual([]);
    const third = decideOn([ALERT], { records: second.records, nowMs: NOW_MS + 2_000 });
    expect(third).toMatchObject({ messages: [], changed: [], removed: [] });
  });

  it('knows when to decide again: at the earliest end of a wait', () => {
    const minor = instance({ severity: 'minor', phase: FIRING });
    const later = instance({
      fingerprint: 'f1',
      severity: 'minor',
      labels: { alertname: 'Other' },
      phase: { ...FIRING, firedAtMs: NOW_MS - 4_000 },
    });
    expect(decideOn([minor, later]).untilMs).toBe(NOW_MS - 4_000 + GROUP_WAIT_MS);
    expect(decideOn([ALERT]).untilMs).toBeUndefined();
  });
});

describe('an episode', () => {
  it('is one thread from the first message to the last, and the next is another', () => {
    const fired = decideOn([ALERT]);
    const over = instance({ phase: RESOLVED });
    const resolved = decideOn([over], { records: fired.records, nowMs: NOW_MS + 5_000 });
    expect(resolved.messages).toHaveLength(1);
    expect(resolved.messages[0]?.references).toBe(fired.messages[0]?.references);
    const again = decideOn([ALERT], { records: resolved.records, nowMs: NOW_MS + 9_000 });
    expect(again.messages).toHaveLength(1);
    expect(again.messages[0]?.references).not.toBe(fired.messages[0]?.references);
  });

  it('tells again of an alert that ended and came back while another of its group went on', () => {
    const labels = { alertname: 'UpsOnBattery', device: 'ups-b' };
    const other = instance({ fingerprint: 'f1', labels, phase: FIRING });
    const fired = decideOn([ALERT, other]);
    const oneEnded = decideOn([instance({ phase: RESOLVED }), other], { records: fired.records });
    expect(oneEnded.messages).toEqual([]);
    const back = decideOn([ALERT, other], { records: oneEnded.records, nowMs: NOW_MS + 9_000 });
    expect(back.messages).toHaveLength(1);
    const over = decideOn(
      [instance({ phase: RESOLVED }), instance({ fingerprint: 'f1', labels, phase: RESOLVED })],
      { records: oneEnded.records },
    );
    expect(over.messages.map(({ subject }) => subject)).toEqual([expect.stringContaining('[Resolved]')]);
  });

  it('of a group that vanished is over: should it come back, it is news', () => {
    const fired = decideOn([ALERT]);
    const gone = decideOn([], { records: fired.records, nowMs: NOW_MS + 1_000 });
    expect(gone.records[0]?.firing).toEqual([]);
    expect(gone.changed).toHaveLength(1);
    expect(decideOn([], { records: gone.records, nowMs: NOW_MS + 2_000 }).changed).toEqual([]);
    expect(decideOn([ALERT], { records: gone.records, nowMs: NOW_MS + 3_000 }).messages).toHaveLength(1);
  });

  it('is remembered for a day', () => {
    const fired = decideOn([ALERT]);
    const kept = decideOn([], { records: fired.records, nowMs: NOW_MS + RECORD_RETENTION_MS });
    expect(kept.removed).toEqual([]);
    const late = decideOn([], { records: kept.records, nowMs: NOW_MS + RECORD_RETENTION_MS + 1 });
    expect(late.removed).toHaveLength(1);
    expect(late.records).toEqual([]);
  });
});

describe('the dispatcher', () => {
  it('tells after the wait, and again and again tries to write what could not be written', async () => {
    const clock = manualClock(NOW_MS);
    const store = fakeMessageStore();
    const minor = instance({ severity: 'minor', phase: FIRING });
    let woken = 0;
    const dispatcher = await startDispatcher({
      clock,
      log: silentLog(),
      store,
      instances: () => [minor],
      settings: () => ({ site: SITE, notify: NOTIFY, publicUrl: () => 'https://watch.example' }),
      onMessages: () => (woken += 1),
    });
    onTestFinished(() => dispatcher.stop());
    dispatcher.wake();
    await clock.advance(GROUP_WAIT_MS - 1);
    expect(store.messages).toEqual([]);
    expect(dispatcher.verdicts(minor.fingerprint).receivers[0]?.verdicts.at(-1)?.reason).toBe(
      'waiting_for_more',
    );
    store.failure = new Error('disk full');
    await clock.advance(20_000);
    expect(store.messages).toEqual([]);
    store.failure = undefined;
    await clock.advance(5_000);
    expect(store.messages).toHaveLength(1);
    expect(woken).toBe(1);
    await clock.advance(3_600_000);
    expect(store.messages).toHaveLength(1);
  });

  it('goes on after a start from what was told before', async () => {
    const clock = manualClock(NOW_MS);
    const store = fakeMessageStore();
    for (let start = 0; start < 2; start += 1) {
      const dispatcher = await startDispatcher({
        clock,
        log: silentLog(),
        store,
        instances: () => [ALERT],
        settings: () => ({ site: SITE, notify: NOTIFY, publicUrl: () => '' }),
        onMessages: () => undefined,
      });
      dispatcher.wake();
      await clock.advance(60_000);
      await dispatcher.stop();
      dispatcher.wake();
    }
    expect(store.messages).toHaveLength(1);
  });
});
