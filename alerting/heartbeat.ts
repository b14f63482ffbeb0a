import type { HeartbeatSettings } from '../config/notify.ts';
import type { Clock } from '../config/runtime/clock.ts';
import { every, type Loop } from '../config/runtime/every.ts';
import type { Log } from '../config/runtime/log.ts';
import { createTrouble } from '../config/runtime/trouble.ts';
import type { Delivery } from './notify/notifiers/notifier.ts';
import { deliver } from './notify/notifiers/post.ts';

/** What is seen of the watcher's own work when the heart is to beat. */
export interface Vitals {
  /** For each group of rules that should be evaluated: how often, and when it last was. */
  readonly groups: readonly { readonly intervalMs: number; readonly lastEvaluatedAtMs?: number }[];
  /** Whether the last writes of alerts and messages are in the records, and these answer now. */
  readonly isStored: boolean;
  /** Whether messages have a way out: not every one that is used is down. */
  readonly isTelling: boolean;
}

export interface HeartbeatDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Absent: nobody outside listens. */
  readonly settings: () => HeartbeatSettings | undefined;
  readonly vitals: () => Promise<Vitals>;
  /** Says it by mail to one address. */
  readonly mail: (
    told: { readonly to: string; readonly everyMs: number; readonly nowMs: number },
    signal: AbortSignal,
  ) => Promise<Delivery>;
}

/** A group that is late by more rounds than these, or by so long, is not evaluated any more. */
const LATE_ROUNDS = 3;
const LATE_MS = 60_000;
const TICK_MS = 5_000;

/** What has stopped, in words; nothing while all is at work. */
export function stopped({ groups, isStored, isTelling }: Vitals, nowMs: number): readonly string[] {
  const isLate = groups.some(
    ({ intervalMs, lastEvaluatedAtMs = 0 }) =>
      nowMs - lastEvaluatedAtMs > Math.max(LATE_ROUNDS * intervalMs, LATE_MS),
  );
  return [
    ...(isLate ? ['evaluation'] : []),
    ...(isStored ? [] : ['storage']),
    ...(isTelling ? [] : ['notification']),
  ];
}

/**
 * Tells an address outside or a mailbox, again and again, that alerts are judged, kept and told: it says nothing as soon as one of
 * these has stopped, and whoever listens there then calls somebody (dead man's switch).
 */
export function startHeartbeat({ clock, log, settings, vitals, mail }: HeartbeatDeps): Loop {
  const trouble = createTrouble(log, {
    level: 'error',
    begins: 'heartbeat is held back',
    ends: 'heartbeat goes out again',
  });
  const unheard = createTrouble(log, {
    level: 'warn',
    begins: 'heartbeat is not heard',
    ends: 'heartbeat is heard again',
  });
  const mouths = [
    { everyMs: ({ url, everyMs }: HeartbeatSettings) => (url === undefined ? undefined : everyMs), say: ask },
    {
      everyMs: ({ mail: to, mailEveryMs }: HeartbeatSettings) => (to.length === 0 ? undefined : mailEveryMs),
      say: (set: HeartbeatSettings, nowMs: number, signal: AbortSignal) =>
        mailAll(set, (to) => mail({ to, everyMs: set.mailEveryMs, nowMs }, signal)),
    },
  ].map((mouth) => ({ ...mouth, lastMs: Number.NEGATIVE_INFINITY }));
  const onError = (err: unknown): void => trouble.happened({ err });
  return every(clock, { intervalMs: TICK_MS, onError }, async (_slotMs, signal) => {
    const set = settings();
    const nowMs = clock.nowMs();
    if (set === undefined) return;
    const due = mouths.filter(({ everyMs, lastMs }) => isDue(everyMs(set), lastMs, nowMs));
    if (due.length === 0) return;
    const what = stopped(await vitals(), nowMs);
    if (what.length > 0) return trouble.happened({ stopped: what });
    trouble.ended();
    for (const mouth of due) {
      mouth.lastMs = nowMs;
      const heard = await mouth.say(set, nowMs, signal);
      if (heard.kind === 'accepted') unheard.ended();
      else if (!signal.aborted) unheard.happened({ reason: heard.reason });
    }
  });
}

function isDue(everyMs: number | undefined, lastMs: number, nowMs: number): boolean {
  return everyMs !== undefined && (nowMs - lastMs >= everyMs || nowMs < lastMs);
}

async function ask(
  { url, timeoutMs }: HeartbeatSettings,
  _nowMs: number,
  signal: AbortSignal,
): Promise<Delivery> {
  if (url === undefined) return { kind: 'accepted' };
  return deliver({ url: url.reveal(), method: 'GET', timeoutMs }, signal);
}

/** One that refuses keeps no other from hearing. */
async function mailAll(
  { mail }: HeartbeatSettings,
  say: (to: string) => Promise<Delivery>,
): Promise<Delivery> {
  const heard = await Promise.all(mail.map(say));
  return heard.find(({ kind }) => kind !== 'accepted') ?? { kind: 'accepted' };
}

/** Knows of a store whether the last call of each of its functions was answered. */
export interface Witness {
  watch<T extends object>(store: T): T;
  isWell(): boolean;
}

export function createWitness(): Witness {
  const failing = new Set<string>();
  let stores = 0;
  return {
    watch(store) {
      const own = `${(stores += 1)}`;
      return new Proxy(store, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          const key = `${own} ${String(name)}`;
          return async (...args: unknown[]): Promise<unknown> => {
            try {
              const answer: unknown = await Reflect.apply(member, target, args);
              failing.delete(key);
              return answer;
            } catch (error) {
              failing.add(key);
              throw error;
            }
          };
        },
      });
    },
    isWell: () => failing.size === 0,
  };
}
