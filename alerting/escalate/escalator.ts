import { createHash } from 'node:crypto';
import { isActive } from '../../config/model/alert.ts';
import type { Claim } from '../../config/model/claim.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import { latestClaims } from '../claim/claims.ts';
import { messagesTo } from '../notify/decide.ts';
import { firedAtMs } from '../notify/urgency.ts';
import type { Outlook } from '../notify/outlook.ts';
import { createLooking } from '../notify/waker.ts';
import type { EscalationView as EscalationProgress } from '../../config/model/api.ts';
import type { NewMessage, NotifyStore } from '../ports.ts';
import { escalate, progressOf, type EscalationCall, type EscalationView } from './escalate.ts';

export interface EscalatorDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: NotifyStore;
  /** The alerts, the settings and what keeps alerts from being told, at this instant. */
  readonly outlook: () => Outlook;
  readonly claims: () => readonly Claim[];
  readonly onMessages: () => void;
}

/** Tells the next one of the alerts that nobody sees to. */
export interface Escalator {
  /** The alerts, the claims or the settings may have changed. */
  wake(): void;
  /** How far the escalation of an alert has come. */
  progressOf(fingerprint: string): EscalationProgress | undefined;
  stop(): Promise<void>;
}

export async function startEscalator(deps: EscalatorDeps): Promise<Escalator> {
  const { clock, log, store, outlook, claims } = deps;
  const records = new Map((await store.escalations()).map((record) => [record.fingerprint, record]));
  const situation = (view: Outlook): EscalationView => ({
    root: view.root,
    policies: view.notify.escalations,
    alerts: view.seen.filter((seen) => isActive(seen.alert) && view.isTold(seen)),
    heldBack: view.seen.filter((seen) => isActive(seen.alert) && !view.isTold(seen)),
    floodSinceMs: view.flood.kind === 'flood' ? view.flood.sinceMs : undefined,
    claims: latestClaims(claims()),
    records,
    isEmpty: (receiver) =>
      (view.notify.receivers.find(({ name }) => name === receiver)?.ways ?? []).length === 0,
    nowMs: clock.nowMs(),
  });
  const look = async (nowMs: number): Promise<number | undefined> => {
    const view = outlook();
    const { calls, changed, removed, untilMs } = escalate(situation(view));
    const messages = calls.flatMap((call) => messagesOf(call, view, nowMs));
    if (changed.length + removed.length === 0) return untilMs;
    await store.commit({ records: [], removed: [], messages, escalations: changed, ended: removed });
    for (const record of changed) records.set(record.fingerprint, record);
    for (const fingerprint of removed) records.delete(fingerprint);
    if (messages.length > 0) deps.onMessages();
    return untilMs;
  };
  const words = {
    begins: 'escalations could not be decided or written',
    ends: 'escalations are decided and written again',
  };
  const waker = createLooking({ clock, log, ...words }, look);
  return {
    wake: () => waker.wake(),
    progressOf(fingerprint) {
      const view = outlook();
      const seen = view.seen.find(({ alert }) => alert.fingerprint === fingerprint);
      return seen && progressOf(seen, situation(view));
    },
    stop: () => waker.stop(),
  };
}

function threadKey(alerts: EscalationCall['alerts'], policy: string): string {
  const [oldest] = alerts.map(({ alert }) => alert).sort((a, b) => firedAtMs(a) - firedAtMs(b));
  return oldest === undefined ? policy : `${policy}\n${oldest.fingerprint}\n${firedAtMs(oldest)}`;
}

function messagesOf(
  { policy, step, receiver, alerts }: EscalationCall,
  view: Outlook,
  nowMs: number,
): readonly NewMessage[] {
  const found = view.notify.receivers.find(({ name }) => name === receiver);
  if (found === undefined) return [];
  const oldestMs = Math.min(...alerts.map(({ alert }) => firedAtMs(alert)));
  const group = {
    key: `escalation:${policy}:${step}`,
    route: view.root,
    labels: {},
    alerts,
    gone: new Set<string>(),
    again: new Set<string>(),
    dueAtMs: nowMs,
  };
  return messagesTo(found, group, {
    ...view,
    nowMs,
    // Each step of an alert's escalation is one conversation; of several the oldest leads.
    thread: `${createHash('sha256').update(threadKey(alerts, policy)).digest('hex').slice(0, 24)}@escalation`,
    why: step === 0 ? { kind: 'claim_ended' } : { kind: 'escalated', waitedMs: nowMs - oldestMs },
  });
}
