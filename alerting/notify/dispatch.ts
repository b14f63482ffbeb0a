import { createHash, randomUUID } from 'node:crypto';
import type { NotifySettings, Receiver } from '../../config/load.ts';
import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import type { VerdictsBody } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import type { Site } from '../../config/model/site.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import { createTrouble } from '../../config/runtime/trouble.ts';
import type { NewMessage, NotifyRecord, NotifyStore } from '../ports.ts';
import { passGates } from './gates.ts';
import { groupAlerts, type NotifyGroup } from './groups.ts';
import { renderMessage } from './message.ts';
import { createWaker } from './waker.ts';

export interface DispatchSettings {
  readonly site: Site;
  readonly notify: NotifySettings;
  readonly publicUrl: () => string;
}

export interface DispatchDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: NotifyStore;
  readonly instances: () => readonly AlertInstance[];
  readonly settings: () => DispatchSettings;
  /** Called when messages were added to the outbox. */
  readonly onMessages: () => void;
}

/** Decides who is told of what, and puts the messages into the outbox together with the decision. */
export interface Dispatcher {
  /** Something about the alerts or the settings may have changed. */
  wake(): void;
  /** What the gates said last of the group of an alert, for each receiver. */
  verdicts(fingerprint: string): VerdictsBody;
  stop(): Promise<void>;
}

/** How long to wait before a decision that could not be written is tried again. */
const RETRY_MS = 5_000;
/** How long what was decided about a group that is over can still be asked for. */
export const RECORD_RETENTION_MS = 24 * 3_600_000;

export async function startDispatcher(deps: DispatchDeps): Promise<Dispatcher> {
  const { clock, log, store } = deps;
  let records: readonly NotifyRecord[] = await store.records();
  const trouble = createTrouble(log, {
    level: 'error',
    begins: 'messages could not be written',
    ends: 'messages are written again',
  });

  const pass = async (): Promise<number | undefined> => {
    const nowMs = clock.nowMs();
    const decision = decide({ ...deps.settings(), instances: deps.instances(), records, nowMs });
    if (decision.changed.length + decision.removed.length === 0) return decision.untilMs;
    try {
      await store.commit({
        records: decision.changed,
        removed: decision.removed,
        messages: decision.messages,
      });
    } catch (error) {
      trouble.happened({ err: error });
      return nowMs + RETRY_MS;
    }
    trouble.ended();
    records = decision.records;
    if (decision.messages.length > 0) deps.onMessages();
    return decision.untilMs;
  };
  const waker = createWaker(clock, pass);
  return {
    wake: () => waker.wake(),
    verdicts: (fingerprint) => verdictsOf(fingerprint, deps, records),
    stop: () => waker.stop(),
  };
}

function verdictsOf(
  fingerprint: string,
  { instances, settings }: DispatchDeps,
  records: readonly NotifyRecord[],
): VerdictsBody {
  const group = groupAlerts(instances(), settings().site).find(({ alerts }) =>
    alerts.some((alert) => alert.fingerprint === fingerprint),
  );
  const own = records.filter((record) => record.group === group?.key);
  return { receivers: own.map(({ receiver, verdicts }) => ({ receiver, verdicts })) };
}

interface Situation extends DispatchSettings {
  readonly instances: readonly AlertInstance[];
  readonly records: readonly NotifyRecord[];
  readonly nowMs: number;
}

interface Decision {
  readonly messages: readonly NewMessage[];
  /** All records as they stand after it, and those of them that it changed. */
  readonly records: readonly NotifyRecord[];
  readonly changed: readonly NotifyRecord[];
  readonly removed: readonly NotifyRecord[];
  /** When to decide again though nothing changes. */
  readonly untilMs?: number;
}

/** What is to be told now, and when to look again. */
export function decide(situation: Situation): Decision {
  const { instances, notify, site, records, nowMs } = situation;
  const known = new Map(records.map((record) => [recordKey(record), record]));
  const after = new Map<string, NotifyRecord>();
  const messages: NewMessage[] = [];
  let untilMs: number | undefined;
  for (const group of groupAlerts(instances, site)) {
    for (const receiver of notify.receivers) {
      const record = known.get(recordKey({ group: group.key, receiver: receiver.name }));
      const passage = passGates({ atMs: nowMs, receiver, group, record });
      if (passage.untilMs !== undefined) untilMs = Math.min(untilMs ?? passage.untilMs, passage.untilMs);
      const next = recordOf(group, receiver, { ...passage, record, nowMs, domain: domainOf(notify) });
      after.set(recordKey(next), next);
      if (passage.alerts.length > 0) {
        messages.push(
          ...messagesTo(
            receiver,
            { ...group, alerts: passage.alerts },
            { ...situation, thread: next.thread },
          ),
        );
      }
    }
  }
  const idle = records.filter((record) => !after.has(recordKey(record)));
  const removed = idle.filter(({ notifiedAtMs }) => nowMs - (notifiedAtMs ?? 0) > RECORD_RETENTION_MS);
  for (const record of idle) {
    // Of a group that is gone nothing fires: should it come back, it is news.
    if (!removed.includes(record))
      after.set(recordKey(record), isOver(record) ? record : { ...record, firing: [] });
  }
  const changed = [...after.values()].filter((record) => !isSame(record, known.get(recordKey(record))));
  return defined({ messages, records: [...after.values()], changed, removed, untilMs });
}

function isOver({ firing }: NotifyRecord): boolean {
  return firing.length === 0;
}

function recordKey({ group, receiver }: Pick<NotifyRecord, 'group' | 'receiver'>): string {
  return `${receiver}\n${group}`;
}

function isSame(a: NotifyRecord, b: NotifyRecord | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

type Passed = ReturnType<typeof passGates> & {
  readonly record: NotifyRecord | undefined;
  readonly nowMs: number;
  readonly domain: string;
};

function recordOf(group: NotifyGroup, receiver: Receiver, passed: Passed): NotifyRecord {
  const { record, alerts, verdicts, nowMs, domain } = passed;
  const key = { group: group.key, receiver: receiver.name };
  if (alerts.length === 0) return { ...key, ...record, firing: stillTold(group, record), verdicts };
  const isNewEpisode = record === undefined || record.firing.length === 0;
  const thread = isNewEpisode ? threadOf(group, nowMs, domain) : record.thread;
  return defined({
    ...key,
    firing: alerts.filter(isActive).map(({ fingerprint }) => fingerprint),
    notifiedAtMs: nowMs,
    thread,
    verdicts,
  });
}

/**
 * What was told and still is so: an alert that ends while others of its group go on is news when it comes back. When
 * none of it goes on, the end of the group is still to be told.
 */
function stillTold({ alerts }: NotifyGroup, record: NotifyRecord | undefined): readonly string[] {
  const told = record?.firing ?? [];
  const on = new Set(alerts.filter(isActive).map(({ fingerprint }) => fingerprint));
  const still = told.filter((fingerprint) => on.has(fingerprint));
  return still.length === 0 ? told : still;
}

function threadOf({ key }: NotifyGroup, nowMs: number, domain: string): string {
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return `${digest}.${nowMs}@${domain}`;
}

/** Message ids end in the sender's domain: others are held for spam. */
function domainOf({ smtp }: NotifySettings): string {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(smtp?.from ?? '')?.[1];
  return domain ?? 'watchkeeper.invalid';
}

function messagesTo(
  receiver: Receiver,
  group: NotifyGroup,
  { thread, nowMs, notify, site, publicUrl }: Situation & { readonly thread: string | undefined },
): readonly NewMessage[] {
  const rendered = renderMessage(group, {
    site,
    publicUrl: publicUrl(),
    nowMs,
    language: receiver.language,
  });
  return receiver.mail.map((to) =>
    defined({
      ...rendered,
      messageId: `${randomUUID()}@${domainOf(notify)}`,
      createdAtMs: nowMs,
      receiver: receiver.name,
      to,
      references: thread,
      state: notify.smtp === undefined ? ('kept' as const) : ('waiting' as const),
    }),
  );
}
