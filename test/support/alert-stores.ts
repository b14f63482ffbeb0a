import type { AlertInstance } from '../../config/model/alert.ts';
import type { Claim } from '../../config/model/claim.ts';
import { labelsKey, type Labels } from '../../config/model/labels.ts';
import type { Silence } from '../../config/model/silence.ts';
import type {
  AlertChanges,
  AlertStore,
  AnswerLink,
  Attempt,
  CareChange,
  CareStore,
  EscalationRecord,
  NewMessage,
  NotifyRecord,
  NotifyStore,
  OutboxMessage,
  OutboxStore,
  RuleSeriesSink,
  Swallowed,
} from '../../alerting/ports.ts';

/** A store that can be told to fail. */
interface Failing {
  failure: Error | undefined;
}

export interface FakeAlertStore extends AlertStore, Failing {
  /** What a save waits for. */
  slowness: Promise<void> | undefined;
  readonly saved: Map<string, AlertInstance>;
  readonly entries: AlertChanges['entries'][number][];
}

export function fakeAlertStore(instances: readonly AlertInstance[] = []): FakeAlertStore {
  const saved = new Map(instances.map((instance) => [instance.fingerprint, instance]));
  const entries: AlertChanges['entries'][number][] = [];
  return {
    failure: undefined,
    slowness: undefined,
    saved,
    entries,
    instances: async () => [...saved.values()],
    firedSince: async (sinceMs) =>
      entries.filter(({ atMs, transition }) => transition === 'fired' && atMs >= sinceMs),
    async save(changes) {
      if (this.failure !== undefined) throw this.failure;
      await this.slowness;
      for (const instance of changes.saved) saved.set(instance.fingerprint, instance);
      for (const fingerprint of changes.removed) saved.delete(fingerprint);
      entries.push(...changes.entries);
    },
  };
}

export interface FakeCareStore extends CareStore, Failing {
  readonly changes: CareChange[];
}

export function fakeCareStore(
  claims: readonly Claim[] = [],
  silences: readonly Silence[] = [],
  swallowed: readonly Swallowed[] = [],
): FakeCareStore {
  const changes: CareChange[] = [];
  return {
    failure: undefined,
    changes,
    claims: async () => claims,
    silences: async () => silences,
    swallowed: async () => swallowed,
    async save(change) {
      if (this.failure !== undefined) throw this.failure;
      changes.push(change);
    },
  };
}

export interface FakeMessageStore extends NotifyStore, OutboxStore, Failing {
  readonly escalated: Map<string, EscalationRecord>;
  readonly kept: Map<string, NotifyRecord>;
  readonly messages: OutboxMessage[];
  readonly attempts: { readonly id: number; readonly attempt: Attempt }[];
  readonly links: AnswerLink[];
}

/** What receivers were told and the messages to them, in one place as the records have it. */
export function fakeMessageStore(): FakeMessageStore {
  const kept = new Map<string, NotifyRecord>();
  const escalated = new Map<string, EscalationRecord>();
  const messages: OutboxMessage[] = [];
  const attempts: { id: number; attempt: Attempt }[] = [];
  const links: AnswerLink[] = [];
  const keyOf = ({ group, receiver, way }: Pick<NotifyRecord, 'group' | 'receiver' | 'way'>): string =>
    `${receiver} ${way} ${group}`;
  return {
    failure: undefined,
    kept,
    messages,
    attempts,
    links,
    escalated,
    records: async () => [...kept.values()],
    escalations: async () => [...escalated.values()],
    async commit({ records, removed, messages: added, escalations = [], ended = [] }) {
      if (this.failure !== undefined) throw this.failure;
      for (const record of escalations) escalated.set(record.fingerprint, record);
      for (const fingerprint of ended) escalated.delete(fingerprint);
      for (const record of removed) kept.delete(keyOf(record));
      for (const record of records) kept.set(keyOf(record), record);
      for (const message of added) messages.push({ ...message, id: messages.length + 1, attempts: 0 });
    },
    async heads() {
      if (this.failure !== undefined) throw this.failure;
      const waiting = messages.filter(({ state }) => state === 'waiting');
      return waiting.filter(({ to }, index) => waiting.findIndex((other) => other.to === to) === index);
    },
    async lastTold(number) {
      const last = messages.findLast(({ to, state }) => to === number && state === 'sent');
      return last?.alerts ?? [];
    },
    async giveLink(link) {
      if (this.failure !== undefined) throw this.failure;
      links.push(link);
    },
    async saveAttempt(id, attempt) {
      if (this.failure !== undefined) throw this.failure;
      attempts.push({ id, attempt });
      const index = messages.findIndex((message) => message.id === id);
      const message = messages[index];
      if (message === undefined) throw new Error(`no message ${id}`);
      const next = attempt.state === 'waiting' ? { nextAttemptAtMs: attempt.nextAttemptAtMs } : {};
      messages[index] = { ...message, ...next, state: attempt.state, attempts: message.attempts + 1 };
    },
  };
}

export function newMessage(more: Partial<NewMessage> = {}): NewMessage {
  return {
    messageId: 'm-1@watch.example',
    createdAtMs: 0,
    receiver: 'desk',
    way: 'mail[0]',
    channel: 'mail',
    alerts: [],
    to: 'desk@watch.example',
    subject: 'Something',
    text: 'Something happened.\n',
    html: '<p>Something happened.</p>',
    state: 'waiting',
    ...more,
  };
}

export interface FakeSink extends RuleSeriesSink {
  /** Series as they stand: their labels' key → labels and value. */
  readonly series: Map<string, { readonly labels: Labels; readonly value: number; readonly atMs: number }>;
  readonly ended: Labels[];
}

export function fakeSink(): FakeSink {
  const series: FakeSink['series'] = new Map();
  const ended: Labels[] = [];
  return {
    series,
    ended,
    seriesOf: (labels) => ({
      isGone: false,
      append: (atMs, value) => void series.set(labelsKey(labels), { labels, value, atMs }),
      end() {
        series.delete(labelsKey(labels));
        ended.push(labels);
      },
    }),
  };
}
