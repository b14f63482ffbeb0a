import { isActive, type AlertInstance } from '../config/model/alert.ts';
import type { AlertTransition } from '../config/model/api.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Log } from '../config/runtime/log.ts';
import { createSaver } from './engine/saver.ts';
import { createInbox, POSTED, type PostedAlert } from './inbox.ts';
import { createWaker } from './notify/waker.ts';
import type { AlertChanges, AlertStore } from './ports.ts';
import { alertView } from './view.ts';

export interface PostedDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly alerts: AlertStore;
  readonly resolveTimeoutMs: () => number;
  /** Fingerprints of the alerts that are still of interest once they end; `undefined`: it may be any. */
  readonly awaited: () => ReadonlySet<string> | undefined;
  /** Something is there that was not, or is over. */
  readonly onChange: () => void;
}

/** Alerts of other programs, over restarts and with their history. */
export interface Posted {
  /** Takes alerts; answers how many there was no room for, once the others are durable. */
  post(alerts: readonly PostedAlert[]): Promise<number>;
  instances(): readonly AlertInstance[];
  stop(): Promise<void>;
}

/** Whether an instance was posted, and is no rule's. */
export function isPosted({ rule }: AlertInstance): boolean {
  return rule === POSTED;
}

/** @param before what was there when the program ended: it goes on until its poster says otherwise, or nothing */
export function startPosted(deps: PostedDeps, before: readonly AlertInstance[]): Posted {
  const { clock, onChange } = deps;
  const inbox = createInbox(deps.resolveTimeoutMs);
  const saver = createSaver({ ...deps, store: deps.alerts });
  let known = new Map(before.map((instance) => [instance.fingerprint, instance]));
  inbox.post(before.flatMap(asPosted), clock.nowMs());

  const look = async (): Promise<void> => {
    const nowMs = clock.nowMs();
    inbox.forget(nowMs, deps.awaited);
    const now = new Map(inbox.instances(nowMs).map((instance) => [instance.fingerprint, instance]));
    const changes = changesOf(known, now, nowMs);
    known = now;
    saver.add(changes);
    // Told at once: what is told is durable by itself, and whoever posts repeats what is not.
    if (changes.saved.length + changes.removed.length > 0) onChange();
    await saver.flush();
  };
  const waker = createWaker(clock, async () => {
    await look();
    return inbox.nextTurnMs(clock.nowMs());
  });
  waker.wake();
  return {
    async post(alerts) {
      const refused = inbox.post(alerts, clock.nowMs());
      await look();
      waker.wake();
      return refused;
    },
    instances: () => inbox.instances(clock.nowMs()),
    async stop() {
      await waker.stop();
      await saver.flush();
    },
  };
}

/** One that was over keeps its end; of one that went on nobody knows when it ends. */
function asPosted({ labels, annotations, phase }: AlertInstance): readonly PostedAlert[] {
  if (phase.kind === 'resolved')
    return [{ labels, annotations, startsAtMs: phase.firedAtMs, endsAtMs: phase.resolvedAtMs }];
  return phase.kind === 'pending' ? [] : [{ labels, annotations, startsAtMs: phase.firedAtMs }];
}

type Instances = ReadonlyMap<string, AlertInstance>;

function changesOf(before: Instances, now: Instances, atMs: number): AlertChanges {
  const turned = [...now.values()].flatMap((instance) => {
    const transition = turnOf(before.get(instance.fingerprint), instance);
    return transition === undefined ? [] : [{ instance, transition }];
  });
  return {
    saved: turned.map(({ instance }) => instance),
    removed: [...before.keys()].filter((fingerprint) => !now.has(fingerprint)),
    entries: turned.map(({ instance, transition }) => ({ atMs, transition, alert: alertView(instance) })),
  };
}

/** One that is over when it is first heard of is nobody's news. */
function turnOf(before: AlertInstance | undefined, now: AlertInstance): AlertTransition | undefined {
  const wasActive = before !== undefined && isActive(before);
  if (isActive(now)) return wasActive ? undefined : 'fired';
  return wasActive ? 'resolved' : undefined;
}
