import { createHash, randomUUID } from 'node:crypto';
import type { Receiver } from '../../config/notify.ts';
import type { Way } from '../../config/ways.ts';
import { isActive } from '../../config/model/alert.ts';
import { isDangerToLife } from '../danger.ts';
import { defined } from '../../config/model/defined.ts';
import type { NewMessage, NotifyRecord } from '../ports.ts';
import { answerAddress } from './answer-link.ts';
import { addressOf, isReady, render } from './channels.ts';
import type { DispatchSettings } from './dispatch.ts';
import type { MessageSetting } from './message.ts';
import { isPersonal, type DigestTurn } from './digest.ts';
import { passGates, type Mutes, type Passage } from './gates.ts';
import type { NotifyGroup } from './groups.ts';
import { byUrgency } from './urgency.ts';

interface Situation extends DispatchSettings {
  /** Those whose turn it is. */
  readonly groups: readonly NotifyGroup[];
  readonly records: ReadonlyMap<string, NotifyRecord>;
  readonly mutes: Mutes;
  readonly nowMs: number;
  /** How people are told of a flood; absent: there is none. */
  readonly turn?: DigestTurn;
}

export interface Decision {
  readonly messages: readonly NewMessage[];
  /** The records that it changes, as they are after it. */
  readonly changed: readonly NotifyRecord[];
  /** Groups of which something waits to be told together with others. */
  readonly postponed: readonly NotifyGroup[];
}

/** What one way to a receiver is to be told. */
interface Telling {
  readonly receiver: Receiver;
  readonly way: Way;
  readonly told: readonly { readonly group: NotifyGroup; readonly thread: string | undefined }[];
}

/** What is to be told of groups whose turn it is. */
export function decide(situation: Situation): Decision {
  const tellings = new Map<string, Telling>();
  const changed: NotifyRecord[] = [];
  const postponed = new Set<NotifyGroup>();
  for (const { group, receiver, way } of waysOf(situation)) {
    const { record, isChanged, passage } = look(situation, { group, receiver, way });
    if (isChanged) changed.push(record);
    if (isDigested(passage)) postponed.add(group);
    if (passage.alerts.length === 0) continue;
    const told = { group: { ...group, alerts: passage.alerts }, thread: record.thread };
    const key = messageKey({ group, receiver, way }, situation);
    tellings.set(key, { receiver, way, told: [...(tellings.get(key)?.told ?? []), told] });
  }
  const messages = [...tellings.values()].flatMap((telling) => messagesOfTelling(telling, situation));
  return { messages, changed, postponed: [...postponed] };
}

interface Passing {
  readonly group: NotifyGroup;
  readonly receiver: Receiver;
  readonly way: Way;
}

/** Only a flood puts into one message what belongs to several groups, and never what is a danger to life. */
function messageKey({ group, receiver, way }: Passing, { turn }: Pick<Situation, 'turn'>): string {
  const isDanger = group.alerts.some(({ alert }) => isDangerToLife(alert));
  const isTogether = turn?.kind === 'together' && isPersonal(way) && !isDanger;
  return JSON.stringify([receiver.name, way.id, isTogether ? '' : group.key]);
}

/** Each group with each way to its receiver. */
function waysOf({ groups, notify }: Pick<Situation, 'groups' | 'notify'>): readonly Passing[] {
  return groups.flatMap((group) => {
    const receiver = notify.receivers.find(({ name }) => name === group.route.receiver);
    return receiver === undefined ? [] : receiver.ways.map((way) => ({ group, receiver, way }));
  });
}

function look(situation: Situation, { group, receiver, way }: Passing) {
  const { nowMs, turn, records } = situation;
  const key = { group: group.key, receiver: receiver.name, way: way.id };
  const record = records.get(recordKey(key));
  const digestUntilMs = turn?.kind === 'hold' ? turn.untilMs : undefined;
  const passage = passGates({ ...situation, atMs: nowMs, receiver, way, group, record, digestUntilMs });
  const next = recordOf(key, { group, passage, record, nowMs, domain: domainOf(situation) });
  return { passage, record: next, isChanged: JSON.stringify(next) !== JSON.stringify(record) };
}

function messagesOfTelling({ receiver, way, told }: Telling, situation: Situation): readonly NewMessage[] {
  const { turn } = situation;
  const [first] = told;
  if (first === undefined) return [];
  if (turn?.kind !== 'together' || told.length === 1)
    return messagesTo(receiver, first.group, { ...situation, thread: first.thread }, [way]);
  const all = new Map(told.flatMap(({ group }) => group.alerts.map((one) => [one.alert.fingerprint, one])));
  const group: NotifyGroup = {
    ...first.group,
    key: `flood:${turn.sinceMs}`,
    labels: {},
    alerts: [...all.values()].sort(
      (a, b) => Number(isActive(b.alert)) - Number(isActive(a.alert)) || byUrgency(a.alert, b.alert),
    ),
    gone: new Set(),
    again: new Set(),
  };
  const thread = `flood.${turn.sinceMs}@${domainOf(situation)}`;
  const why = { kind: 'flood', sinceMs: turn.sinceMs, isLast: turn.isLast } as const;
  return messagesTo(receiver, group, { ...situation, thread, why }, [way]);
}

/** Names a record among all. */
export function recordKey({
  group,
  receiver,
  way,
}: Pick<NotifyRecord, 'group' | 'receiver' | 'way'>): string {
  return `${receiver}\n${way}\n${group}`;
}

interface Passed {
  readonly group: NotifyGroup;
  readonly passage: Passage;
  readonly record: NotifyRecord | undefined;
  readonly nowMs: number;
  readonly domain: string;
}

function recordOf(key: Pick<NotifyRecord, 'group' | 'receiver' | 'way'>, passed: Passed): NotifyRecord {
  const { group, record, nowMs, domain } = passed;
  const { alerts, verdicts } = passed.passage;
  if (alerts.length === 0) return { ...key, resolved: [], ...record, firing: stillTold(passed), verdicts };
  const isNewEpisode = record === undefined || record.firing.length === 0;
  const thread = isNewEpisode ? threadOf(group, nowMs, domain) : record.thread;
  const fingerprints = (isOn: boolean): readonly string[] =>
    alerts.filter(({ alert }) => isActive(alert) === isOn).map(({ alert }) => alert.fingerprint);
  return defined({
    ...key,
    firing: fingerprints(true),
    resolved: fingerprints(false),
    notifiedAtMs: nowMs,
    thread,
    verdicts,
  });
}

/**
 * What was told and still is so: an alert that ends is news when it comes back, also where its end was silent or is not
 * told. Only while the end of a group waits to be told with others it is not over.
 */
function stillTold({ group: { alerts }, record, passage }: Passed): readonly string[] {
  const told = record?.firing ?? [];
  const on = new Set(alerts.filter(({ alert }) => isActive(alert)).map(({ alert }) => alert.fingerprint));
  const still = told.filter((fingerprint) => on.has(fingerprint));
  return still.length === 0 && isDigested(passage) ? told : still;
}

function isDigested({ verdicts }: Passage): boolean {
  return verdicts.at(-1)?.reason === 'digested';
}

function threadOf({ key }: NotifyGroup, nowMs: number, domain: string): string {
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return `${digest}.${nowMs}@${domain}`;
}

/** A try and what is no alert have nothing to acknowledge. */
function isAnswerable(why: MessageSetting['why']): boolean {
  if (why?.kind === 'test') return false;
  return why?.kind !== 'chase' || why.of === 'unacknowledged' || why.of === 'claim_expired';
}

/** Message ids end in the sender's domain: others are held for spam. */
export function domainOf({ notify: { smtp } }: Pick<DispatchSettings, 'notify'>): string {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(smtp?.from ?? '')?.[1];
  return domain ?? 'watchkeeper.invalid';
}

/** What a receiver is told: one message for each of its ways, or for those that are named. */
export function messagesTo(
  receiver: Receiver,
  group: NotifyGroup,
  telling: Speaking,
  ways: readonly Way[] = receiver.ways,
): readonly NewMessage[] {
  return ways.map((way) => messageOf({ receiver, way }, group, telling));
}

/** What messages speak of beside the alerts. */
interface Speaking extends DispatchSettings {
  readonly nowMs: number;
  readonly thread: string | undefined;
  /** Why it is told, where it is not for the news. */
  readonly why?: MessageSetting['why'];
}

function messageOf(
  { receiver, way }: { readonly receiver: Receiver; readonly way: Way },
  group: NotifyGroup,
  telling: Speaking,
): NewMessage {
  const { nowMs, site, notify, thread, why } = telling;
  const publicUrl = telling.publicUrl();
  const mark = randomUUID();
  const isOn = group.alerts.some(({ alert }) => isActive(alert));
  const answer = isOn && isAnswerable(why) ? answerAddress(way, { publicUrl, mark }) : undefined;
  const setting = defined({
    site,
    nowMs,
    publicUrl,
    answer,
    language: way.person?.language ?? receiver.language,
    receiver: receiver.name,
    why,
  });
  return defined({
    ...render(way.kind, group, setting),
    messageId: `${mark}@${domainOf(telling)}`,
    answerer: answer === undefined ? undefined : way.person?.account,
    createdAtMs: nowMs,
    receiver: receiver.name,
    way: way.id,
    channel: way.kind,
    to: addressOf(way),
    alerts: group.alerts.map(({ alert }) => alert.fingerprint),
    references: thread,
    isEnd: !isOn,
    state: isReady(way, notify) ? ('waiting' as const) : ('kept' as const),
  });
}
