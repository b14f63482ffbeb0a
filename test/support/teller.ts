import { join } from 'node:path';
import { startDispatcher } from '../../alerting/notify/dispatch.ts';
import { notifierOf } from '../../alerting/notify/notifiers/index.ts';
import { startOutbox } from '../../alerting/notify/outbox.ts';
import { outlookOf, putInForce } from '../../alerting/notify/outlook.ts';
import { NOBODY } from '../../alerting/notify/people.ts';
import { createNotifyStore, createOutboxStore } from '../../collector/records/messages.ts';
import { openRecords } from '../../collector/records/open.ts';
import type { AlertInstance } from '../../config/model/alert.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { instance } from './alerts.ts';
import { dispatchSettings } from './notify.ts';
import { silentLog } from './silent-log.ts';

/** What the process is told, in JSON as its argument. */
export interface TellerOrder {
  readonly folder: string;
  /** Port of the webhook. */
  readonly port: number;
  /** Names of alerts that fire and that are over, each since this instant. */
  readonly firing: readonly string[];
  readonly over: readonly string[];
  readonly sinceMs: number;
  /** It kills itself before this step; 0 for never. */
  readonly dieBeforeStep: number;
}

const order = JSON.parse(process.argv[2] ?? '') as TellerOrder;
/** All is told when nothing has happened for so long. */
const QUIET_MS = 150;

let steps = 0;
let lastStepMs = performance.now();
/** Between any two steps of the road the process may be gone, without a word to anybody. */
function step(): void {
  steps += 1;
  lastStepMs = performance.now();
  if (steps === order.dieBeforeStep) process.kill(process.pid, 'SIGKILL');
}

/** Each call of it is a step, and that it has answered is another. */
function inSteps<T extends object>(callee: T): T {
  return new Proxy(callee, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        step();
        const answer: unknown = await Reflect.apply(member, target, args);
        step();
        return answer;
      };
    },
  });
}

const { db } = await openRecords(join(order.folder, 'data'));
const { firing, over, sinceMs, port } = order;
const inForce = putInForce(
  dispatchSettings(`receivers: [{ name: desk, webhook: [{ url: "http://127.0.0.1:${port}/" }] }]
route: { receiver: desk, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 100h }`),
);
const instances: readonly AlertInstance[] = [
  ...firing.map((name) =>
    instance({
      fingerprint: name,
      labels: { alertname: name },
      phase: { kind: 'firing', sinceMs, firedAtMs: sinceMs },
    }),
  ),
  ...over.map((name) =>
    instance({
      fingerprint: name,
      labels: { alertname: name },
      phase: { kind: 'resolved', firedAtMs: sinceMs, resolvedAtMs: sinceMs + 1, cause: 'condition' },
    }),
  ),
];
const way = inForce.notify.receivers[0]?.ways[0];
const webhook = way && notifierOf(way, inForce.notify, () => systemClock.nowMs());
const notifier = webhook && inSteps(webhook);
const shared = { clock: systemClock, log: silentLog() };
const outbox = startOutbox({
  ...shared,
  store: inSteps(createOutboxStore(db)),
  notifier: () => notifier,
  random: () => 0.5,
});
await startDispatcher({
  ...shared,
  store: inSteps(createNotifyStore(db)),
  outlook: () =>
    outlookOf(
      inForce,
      { instances, silences: [], isAcknowledged: () => false, who: NOBODY },
      systemClock.nowMs(),
    ),
  onMessages: () => outbox.wake(),
}).then((dispatcher) => dispatcher.wake());
setInterval(() => {
  if (performance.now() - lastStepMs > QUIET_MS) process.exit(0);
}, 20);
