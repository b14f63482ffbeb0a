import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startDispatcher } from '../../../../alerting/notify/dispatch.ts';
import type { Delivery } from '../../../../alerting/notify/notifiers/notifier.ts';
import { startOutbox } from '../../../../alerting/notify/outbox.ts';
import { outlookOf, putInForce } from '../../../../alerting/notify/outlook.ts';
import { NOBODY } from '../../../../alerting/notify/people.ts';
import { createNotifyStore, createOutboxStore } from '../../../../collector/records/messages.ts';
import { openRecords } from '../../../../collector/records/open.ts';
import type { AlertInstance, Phase } from '../../../../config/model/alert.ts';
import { instance } from '../../../support/alerts.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { dispatchSettings } from '../../../support/notify.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { traffic } from '../../../support/traffic.ts';

const HOUR_MS = 3_600_000;

it('a mail server that was down for a day: all arrives in order once it is back, what was over in one mail', async () => {
  const records = await openRecords(join(folderWith(), 'data'));
  onTestFinished(() => records.close());
  const clock = manualClock();
  const startMs = clock.nowMs();
  const answers = traffic();
  const log = silentLog();
  let instances: readonly AlertInstance[] = [];
  let isDown = true;
  const arrived: string[] = [];
  const send = async ({ subject }: { readonly subject: string }): Promise<Delivery> => {
    if (isDown) return { kind: 'unreachable', reason: 'connection refused' };
    arrived.push(subject);
    return { kind: 'accepted' };
  };
  const outbox = startOutbox({
    clock,
    log,
    store: answers.watch(createOutboxStore(records.db)),
    notifier: () => ({ name: 'mail', send }),
    random: () => 0.5,
  });
  const inForce = putInForce(
    dispatchSettings(`smtp: { host: mail, security: none, from: "w@x.example" }
receivers: [{ name: desk, mail: [desk@x.example], language: en }]
route: { receiver: desk, group_by: [alertname], repeat_interval: 100h }`),
  );
  const dispatcher = await startDispatcher({
    clock,
    log,
    store: answers.watch(createNotifyStore(records.db)),
    outlook: () =>
      outlookOf(
        inForce,
        { instances, silences: [], isAcknowledged: () => false, who: NOBODY },
        clock.nowMs(),
      ),
    onMessages: () => outbox.wake(),
  });
  onTestFinished(async () => {
    await dispatcher.stop();
    await outbox.stop();
  });
  const alert = (name: string, phase: Phase): AlertInstance =>
    instance({
      fingerprint: name,
      labels: { alertname: name },
      annotations: { summary_en: name },
      severity: 'critical',
      phase,
    });
  const firing: Phase = { kind: 'firing', sinceMs: startMs, firedAtMs: startMs };
  const over: Phase = {
    kind: 'resolved',
    firedAtMs: startMs,
    resolvedAtMs: startMs + HOUR_MS,
    cause: 'condition',
  };
  const pass = async (...alerts: readonly AlertInstance[]): Promise<void> => {
    instances = alerts;
    dispatcher.wake();
    await clock.advance(0);
    await answers.quiet();
    await clock.advance(60_000);
    await answers.quiet();
  };
  await pass(alert('Flood', firing), alert('Power', firing));
  await clock.advance(HOUR_MS);
  await answers.quiet();
  await pass(alert('Flood', over), alert('Power', firing));
  await clock.advance(23 * HOUR_MS);
  await answers.quiet();
  expect(arrived).toEqual([]);
  isDown = false;
  for (let minute = 0; minute < 4; minute += 1) {
    await clock.advance(60_000);
    await answers.quiet();
  }
  expect(arrived.map((subject) => subject.replace(/ · .*/, ''))).toEqual([
    expect.stringMatching(/Critical.*Power/),
    expect.stringMatching(/Resolved.*Flood/i),
  ]);
});
