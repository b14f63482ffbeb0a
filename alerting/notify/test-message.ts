import type { AlertInstance } from '../../config/model/alert.ts';
import type { Receiver } from '../../config/notify.ts';
import { SEVERITIES } from '../../config/model/severity.ts';
import type { NewMessage } from '../ports.ts';
import { messagesTo } from './decide.ts';
import type { InForce } from './outlook.ts';
import { seenOf } from './seen.ts';

/** Stands in the place of an alert's fingerprint. */
const FINGERPRINT = 'test';
/** A program that keeps alerts is told that this one ends after so long. */
const LASTS_MS = 60_000;

/** What a receiver is told by each of its ways when somebody tries them: worded and sent as an alert is. */
export function testMessages(
  receiver: Receiver,
  inForce: InForce,
  { person, nowMs }: { readonly person: string; readonly nowMs: number },
): readonly NewMessage[] {
  const { root, site } = inForce;
  const group = {
    key: `test:${receiver.name}`,
    route: { ...root, groupIntervalMs: LASTS_MS, repeatIntervalMs: 0 },
    labels: { alertname: 'WatchkeeperTest' },
    alerts: seenOf([testAlert(person, nowMs)], site),
    gone: new Set<string>(),
    again: new Set<string>(),
    dueAtMs: nowMs,
  };
  return messagesTo(receiver, group, { ...inForce, nowMs, thread: undefined, why: { kind: 'test' } });
}

function testAlert(person: string, nowMs: number): AlertInstance {
  return {
    fingerprint: FINGERPRINT,
    rule: FINGERPRINT,
    element: {},
    labels: { alertname: 'WatchkeeperTest', severity: SEVERITIES.at(-1) ?? '' },
    annotations: {
      summary_zh: `测试消息：什么也没有发生（由 ${person} 发送）`,
      summary_en: `Test message: nothing has happened (sent by ${person})`,
    },
    severity: SEVERITIES.at(-1) ?? 'info',
    phase: { kind: 'firing', sinceMs: nowMs, firedAtMs: nowMs },
    value: Number.NaN,
  };
}
