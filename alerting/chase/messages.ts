import type { AlertInstance } from '../../config/model/alert.ts';
import type { ChaseRecord, Chased } from '../../config/model/chase.ts';
import type { PersonalWay } from '../../config/model/watch.ts';
import { SEVERITIES } from '../../config/model/severity.ts';
import type { Receiver } from '../../config/notify.ts';
import { messagesTo } from '../notify/decide.ts';
import type { Outlook } from '../notify/outlook.ts';
import { withPeople } from '../notify/people.ts';
import type { NewMessage, WhoPort } from '../ports.ts';
import type { ChaseCall } from './chase.ts';

export interface ChaseSpeech {
  readonly outlook: Outlook;
  readonly who: WhoPort;
  readonly nowMs: number;
}

const BY: readonly PersonalWay[] = ['mail', 'sms', 'modem'];

/** What a person, or who answers for him, is told of something overdue. */
export function chaseMessages({ record, as }: ChaseCall, speech: ChaseSpeech): readonly NewMessage[] {
  const { outlook, nowMs } = speech;
  const receiver = receiverOf(record, as, speech);
  if (receiver === undefined) return [];
  const own = outlook.seen.find(({ alert }) => alert.fingerprint === record.alert);
  const alert = own?.alert ?? standIn(record);
  const group = {
    key: `chase:${record.id}`,
    route: outlook.root,
    labels: {},
    alerts: [own ?? { alert, labels: alert.labels }],
    gone: new Set<string>(),
    again: new Set<string>(),
    dueAtMs: nowMs,
  };
  return messagesTo(receiver, group, {
    ...outlook,
    nowMs,
    thread: `chase.${Buffer.from(record.id).toString('hex').slice(0, 40)}@watchkeeper.invalid`,
    why: {
      kind: 'chase',
      of: record.kind,
      as,
      whose: record.whose.join('、'),
      overdueMs: Math.max(0, nowMs - record.dueAtMs),
      path: record.path,
    },
  });
}

/** Those who are named, else the receiver that the settings name. */
function receiverOf(
  record: ChaseRecord,
  as: Chased['as'],
  { outlook: { notify }, who, nowMs }: ChaseSpeech,
): Receiver | undefined {
  const people = as === 'person' ? record.whose : (record.supervisors ?? []);
  if (people.length === 0) {
    const name = notify.chase[as === 'person' ? 'receiver' : 'supervisor'];
    return notify.receivers.find((receiver) => receiver.name === name);
  }
  const named: Receiver = {
    name: 'chase',
    language: 'zh-CN',
    severities: SEVERITIES,
    ways: [],
    behind: { people, fallback: [], by: BY },
  };
  return withPeople({ ...notify, receivers: [named] }, who, nowMs).receivers[0];
}

/** What is no alert is told in the form of one. */
function standIn({ id, title, dueAtMs }: ChaseRecord): AlertInstance {
  return {
    fingerprint: `chase-${Buffer.from(id).toString('hex').slice(0, 24)}`,
    rule: 'chase',
    element: {},
    labels: { alertname: 'Overdue', severity: 'minor' },
    annotations: { summary_zh: title['zh-CN'], summary_en: title.en },
    severity: 'minor',
    phase: { kind: 'firing', sinceMs: dueAtMs, firedAtMs: dueAtMs },
    value: Number.NaN,
  };
}
