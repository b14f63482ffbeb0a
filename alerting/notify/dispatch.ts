import type { NotifySettings } from '../../config/notify.ts';
import type { ReceiverVerdicts } from '../../config/model/api.ts';
import { isActive } from '../../config/model/alert.ts';
import type { Site } from '../../config/model/site.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { NewMessage, NotifyRecord, NotifyStore } from '../ports.ts';
import { decide, recordKey, type Decision } from './decide.ts';
import { digestStep, hastened, NO_DIGEST, type Digest } from './digest.ts';
import { createGroups, type NotifyGroup, type ToldBefore } from './groups.ts';
import type { Outlook } from './outlook.ts';
import { isPressing } from './urgency.ts';
import { verdictsOf } from './verdicts.ts';
import { createLooking } from './waker.ts';

export interface DispatchSettings {
  readonly site: Site;
  readonly notify: NotifySettings;
  readonly publicUrl: () => string;
}

export interface DispatchDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: NotifyStore;
  /** The alerts, the settings and what keeps alerts from being told, at this instant. */
  readonly outlook: () => Outlook;
  /** Called when messages were added to the outbox. */
  readonly onMessages: (messages: readonly NewMessage[]) => void;
  /** How long after the start nobody is told of anything, so that the first word is of the whole. */
  readonly startDelayMs?: number;
}

/** Decides who is told of what, and puts the messages into the outbox together with the decision. */
export interface Dispatcher {
  /** The alerts may have changed. */
  wake(): void;
  /** Something is silent now that was not, or no longer: each group is judged anew at once. */
  recall(): void;
  /** The settings have changed: all waits begin anew. */
  reload(): void;
  /** Fingerprints of the alerts whose end is still to be told, whenever it comes; `undefined`: nobody knows yet. */
  untold(): ReadonlySet<string> | undefined;
  /** What the gates said last of an alert, for each way to each receiver. */
  verdicts(fingerprint: string): readonly ReceiverVerdicts[];
  stop(): Promise<void>;
}

/** How long what was decided about a group that is over can still be asked for. */
export const RECORD_RETENTION_MS = 24 * 3_600_000;

export async function startDispatcher(deps: DispatchDeps): Promise<Dispatcher> {
  const { clock, log } = deps;
  const { records, keep } = await openTold(deps);
  const groups = createGroups(clock.nowMs() + (deps.startDelayMs ?? 0), toldBefore([...records.values()]));
  let digest: Digest = NO_DIGEST;

  const decideNow = async (nowMs: number): Promise<void> => {
    const outlook = deps.outlook();
    groups.take(outlook.seen, outlook.root, nowMs);
    const next = digestStep(digest, outlook.flood, nowMs);
    if (next.turn.kind === 'together') groups.gather();
    const due = groups.due(nowMs);
    if (due.length === 0) {
      digest = next.digest;
      return;
    }
    const decision = decide({ ...outlook, groups: due, records, nowMs, turn: next.turn });
    await keep(decision, forgotten(records, groups.all(), nowMs));
    const beatMs = shortestBeatMs(decision.postponed.filter(hasPressing));
    digest = beatMs === undefined ? next.digest : hastened(next.digest, nowMs, beatMs);
    const waits = new Set(decision.postponed);
    groups.lookedAt(
      due.filter((group) => !waits.has(group)),
      toldAt(decision, nowMs),
      nowMs,
    );
    if (digest.kind === 'on') groups.postpone(decision.postponed, digest.dueMs);
  };
  const words = {
    begins: 'messages could not be decided or written',
    ends: 'messages are decided and written again',
  };
  const waker = createLooking({ clock, log, ...words }, async (nowMs) => {
    await decideNow(nowMs);
    return earliest(groups.nextAtMs(), digest);
  });
  return {
    wake: () => waker.wake(),
    recall() {
      groups.recall(clock.nowMs());
      waker.wake();
    },
    reload() {
      groups.clear();
      waker.wake();
    },
    untold: () => groups.untold(),
    verdicts: (fingerprint) =>
      verdictsOf(fingerprint, { groups: groups.all(), records, ...deps.outlook().notify }),
    stop: () => waker.stop(),
  };
}

/** What each way was told, in memory; it follows the store. */
async function openTold({ store, onMessages }: Pick<DispatchDeps, 'store' | 'onMessages'>) {
  const records = new Map((await store.records()).map((record) => [recordKey(record), record]));
  return {
    records: records as ReadonlyMap<string, NotifyRecord>,
    keep: async ({ changed, messages }: Decision, removed: readonly NotifyRecord[]): Promise<void> => {
      if (changed.length + removed.length + messages.length === 0) return;
      await store.commit({ records: changed, removed, messages });
      for (const record of changed) records.set(recordKey(record), record);
      for (const record of removed) records.delete(recordKey(record));
      if (messages.length > 0) onMessages(messages);
    },
  };
}

/** Keys of the groups of which somebody is told at an instant. */
function toldAt({ changed }: Decision, atMs: number): ReadonlySet<string> {
  return new Set(changed.filter(({ notifiedAtMs }) => notifiedAtMs === atMs).map(({ group }) => group));
}

/** What each group was told, by any of its ways. */
function toldBefore(records: readonly NotifyRecord[]): ReadonlyMap<string, ToldBefore> {
  const told = new Map<string, ToldBefore>();
  for (const [group, own] of Map.groupBy(records, (record) => record.group)) {
    const atMs = Math.max(...own.map(({ notifiedAtMs = Number.NEGATIVE_INFINITY }) => notifiedAtMs));
    if (Number.isFinite(atMs))
      told.set(group, { firing: new Set(own.flatMap(({ firing }) => firing)), atMs });
  }
  return told;
}

function hasPressing({ alerts, route }: NotifyGroup): boolean {
  return alerts.some(({ alert }) => isActive(alert) && isPressing(alert, route));
}

function shortestBeatMs(groups: readonly NotifyGroup[]): number | undefined {
  if (groups.length === 0) return undefined;
  return Math.min(...groups.map(({ route }) => route.groupIntervalMs));
}

/** When to look again: at the next group's turn, or when a flood is next told of. */
function earliest(groupAtMs: number | undefined, digest: Digest): number | undefined {
  if (digest.kind === 'off') return groupAtMs;
  return Math.min(groupAtMs ?? digest.dueMs, digest.dueMs);
}

/** Of groups that are no more, once nobody asks for them any longer. */
function forgotten(
  records: ReadonlyMap<string, NotifyRecord>,
  groups: readonly { readonly key: string }[],
  nowMs: number,
): readonly NotifyRecord[] {
  const alive = new Set(groups.map(({ key }) => key));
  return [...records.values()].filter(
    ({ group, notifiedAtMs }) => !alive.has(group) && nowMs - (notifiedAtMs ?? 0) > RECORD_RETENTION_MS,
  );
}
