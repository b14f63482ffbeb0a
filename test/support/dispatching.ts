import { onTestFinished } from 'vitest';
import { CALM, type FloodState } from '../../alerting/attention/flood.ts';
import { startDispatcher, type Dispatcher } from '../../alerting/notify/dispatch.ts';
import { outlookOf, putInForce } from '../../alerting/notify/outlook.ts';
import { NOBODY } from '../../alerting/notify/people.ts';
import type { AlertInstance, Phase } from '../../config/model/alert.ts';
import type { Silence } from '../../config/model/silence.ts';
import { fakeMessageStore, type FakeMessageStore } from './alert-stores.ts';
import { instance } from './alerts.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { dispatchSettings } from './notify.ts';
import { silentLog } from './silent-log.ts';

export const NOW_MS = 10_000_000;
export const FIRING = { kind: 'firing', sinceMs: NOW_MS, firedAtMs: NOW_MS } as const;
export const resolvedAt = (resolvedAtMs: number): Extract<Phase, { kind: 'resolved' }> => ({
  kind: 'resolved',
  firedAtMs: NOW_MS,
  resolvedAtMs,
  cause: 'condition',
});
export const SMTP = 'smtp: { host: mail, security: none, from: "Watch <watch@centre.example>" }';
export const DESK = `${SMTP}\nreceivers: [{ name: desk, mail: [desk@x.example], language: en }]`;

export const CRITICAL = instance({ phase: FIRING });
export const minor = (fingerprint: string, more: Partial<AlertInstance> = {}): AlertInstance =>
  instance({ fingerprint, severity: 'minor', phase: FIRING, ...more });

const SILENCE_OF_ALL: Silence = {
  id: 'all',
  kind: 'silence',
  matchers: [{ name: 'alertname', op: '=~', value: '.+' }],
  startsAtMs: 0,
  endsAtMs: Number.MAX_SAFE_INTEGER,
  owner: 'anna',
  reason: 'tried',
};

/** A dispatcher whose alerts, clock and records the test has in its hands. */
export interface DispatchBench {
  readonly clock: ManualClock;
  readonly store: FakeMessageStore;
  readonly dispatcher: Dispatcher;
  /** The alerts are these now. */
  readonly tell: (...alerts: readonly AlertInstance[]) => Promise<void>;
  readonly subjects: () => readonly string[];
  /** Whether everything is silent, from the next look on. */
  readonly silence: (isSilent: boolean) => void;
}

export async function dispatchBench({
  yaml = DESK,
  store = fakeMessageStore(),
  clock = manualClock(NOW_MS),
  who = NOBODY,
  flood = (): FloodState => CALM,
} = {}): Promise<DispatchBench> {
  const inForce = putInForce(dispatchSettings(yaml));
  let instances: readonly AlertInstance[] = [];
  let silences: readonly Silence[] = [];
  const dispatcher = await startDispatcher({
    clock,
    log: silentLog(),
    store,
    outlook: () =>
      outlookOf(
        inForce,
        { instances, silences, isAcknowledged: () => false, who, flood: flood() },
        clock.nowMs(),
      ),
    onMessages: () => undefined,
  });
  onTestFinished(() => dispatcher.stop());
  return {
    clock,
    store,
    dispatcher,
    async tell(...alerts) {
      instances = alerts;
      dispatcher.wake();
      await clock.advance(0);
    },
    silence(isSilent) {
      silences = isSilent ? [SILENCE_OF_ALL] : [];
    },
    subjects: () => store.messages.map(({ subject }) => subject),
  };
}
