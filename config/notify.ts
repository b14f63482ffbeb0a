import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import type { Hours } from './model/hours.ts';
import type { Language } from './model/localized.ts';
import type { Matcher } from './model/series.ts';
import { SEVERITIES, type Severity } from './model/severity.ts';
import type { PersonalWay, WatchPost } from './model/watch.ts';
import { chaseSettings, type ChaseSettings } from './notify-chase.ts';
import { hoursByName } from './notify-hours.ts';
import { escalationsOf, inhibitRulesOf, routeOf, type RouteSettings } from './notify-routes.ts';
import type { Secret, SecretReference } from './runtime/secret.ts';
import type { NotifyFile } from './schema/notify.ts';
import type { Step } from './schema-faults.ts';
import {
  modemSettings,
  mqttBroker,
  smsGateway,
  waysOf,
  type ModemSettings,
  type MqttBroker,
  type SecretAt,
  type SmsGateway,
  type Way,
} from './ways.ts';
import type { Fault, YamlFile } from './yaml-file.ts';

/** Who is told of alerts, of which, when, and how together. */
export interface NotifySettings {
  readonly smtp?: SmtpSettings;
  readonly sms?: SmsGateway;
  readonly modem?: ModemSettings;
  readonly mqtt?: MqttBroker;
  readonly heartbeat?: HeartbeatSettings;
  /** How what is overdue is chased. */
  readonly chase: ChaseSettings;
  readonly receivers: readonly Receiver[];
  readonly route: RouteSettings;
  readonly escalations: ReadonlyMap<string, readonly EscalationStep[]>;
  readonly inhibitRules: readonly InhibitSettings[];
  readonly hours: ReadonlyMap<string, readonly Hours[]>;
  /** After how long an alert that others post is over if they say no more. */
  readonly resolveTimeoutMs: number;
}

/** Where the watcher says that it is at work. */
export interface HeartbeatSettings {
  readonly url?: Secret;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly mail: readonly string[];
  readonly mailEveryMs: number;
}

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly security: 'starttls' | 'tls' | 'none';
  readonly user?: string;
  readonly password?: Secret;
  readonly caFile?: string;
  readonly from: string;
}

export interface Receiver {
  readonly name: string;
  readonly language: Language;
  readonly severities: readonly Severity[];
  /** Its own, and those of its people once they are known. */
  readonly ways: readonly Way[];
  readonly behind: Behind;
}

/** The people behind a receiver; who they are is asked when something is told. */
export interface Behind {
  /** Names of accounts. */
  readonly people: readonly string[];
  /** Whoever holds this post on the watch; the fallback where nobody does. */
  readonly watch?: WatchPost;
  readonly fallback: readonly string[];
  readonly by: readonly PersonalWay[];
}

/** One step of an escalation: who is told how long after the alert fired. */
export interface EscalationStep {
  readonly afterMs: number;
  readonly receiver: string;
}

export interface InhibitSettings {
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
}

export const DEFAULT_RESOLVE_TIMEOUT_MS = 5 * 60_000;

/**
 * The settings that a checked `notify.yaml` makes; what its schema cannot see goes to `faults`.
 * @param zone that hours without one of their own are in
 */
export function notifySettings(
  notify: YamlFile<NotifyFile>,
  { zone, secret, faults }: { zone: string; secret: SecretAt; faults: Fault[] },
): NotifySettings {
  const file = notify.value ?? { receivers: [] };
  const fault = (path: readonly Step[], message: string): void =>
    void faults.push(notify.faultAt(path, message));
  const receivers = file.receivers.map(
    (receiver, index): Receiver => ({
      name: receiver.name,
      language: receiver.language ?? 'zh-CN',
      severities: receiver.severities ?? SEVERITIES,
      ways: waysOf(receiver, (reference, path) => secret(reference, ['receivers', index, ...path])),
      behind: behindOf(receiver),
    }),
  );
  const names = receivers.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) fault(['receivers', index, 'name'], `there are two receivers ${name}`);
  }
  const hours = hoursByName(file, zone, fault);
  const escalations = escalationsOf(file.escalations ?? [], names, fault);
  gatewayFaults(file, fault);
  peopleFaults(file, fault);
  heartbeatFaults(file, fault);
  return defined({
    ...gateways(file, secret),
    chase: chaseSettings(file, names, fault),
    heartbeat: heartbeatSettings(file, (reference) => secret(reference, ['heartbeat', 'url'])),
    smtp: smtpSettings(file, (reference) => secret(reference, ['smtp', 'password'])),
    receivers,
    hours,
    escalations,
    route: routeOf(file.route, { names, hours, escalations, fault }),
    inhibitRules: inhibitRulesOf(file.inhibit_rules ?? [], fault),
    resolveTimeoutMs: parseDurationMs(file.resolve_timeout ?? '') ?? DEFAULT_RESOLVE_TIMEOUT_MS,
  });
}

const USUAL_WAYS: PersonalWay[] = ['mail', 'sms', 'modem'];

function behindOf({
  people = [],
  watch,
  fallback = [],
  by = USUAL_WAYS,
}: NotifyFile['receivers'][number]): Behind {
  return defined({ people, watch, fallback, by });
}

/** What messages leave by beside mail. */
function gateways(
  { sms, modem, mqtt }: NotifyFile,
  secret: SecretAt,
): Pick<NotifySettings, 'sms' | 'modem' | 'mqtt'> {
  const at =
    (name: string): SecretAt =>
    (reference, path) =>
      secret(reference, [name, ...path]);
  return defined({
    sms: sms && smsGateway(sms, at('sms')),
    modem: modem && modemSettings(modem, at('modem')),
    mqtt: mqtt && mqttBroker(mqtt, at('mqtt')),
  });
}

/** Text messages and topics need what they leave by. */
function gatewayFaults(file: NotifyFile, fault: (path: readonly Step[], message: string) => void): void {
  for (const way of ['sms', 'mqtt', 'modem', 'ring'] as const) {
    const by = way === 'ring' ? 'modem' : way;
    const place = file.receivers.findIndex((receiver) => (receiver[way]?.length ?? 0) > 0);
    if (place >= 0 && file[by] === undefined)
      fault(['receivers', place, way], `needs what it leaves by: ${by} beside the receivers`);
  }
}

/** What says how people are told needs people. */
function peopleFaults(file: NotifyFile, fault: (path: readonly Step[], message: string) => void): void {
  for (const [index, { watch, people, fallback, by }] of file.receivers.entries()) {
    if (fallback !== undefined && watch === undefined)
      fault(['receivers', index, 'fallback'], 'stands in for a post of the watch: name it under watch');
    if (by !== undefined && watch === undefined && people === undefined)
      fault(['receivers', index, 'by'], 'says how people are told: name them under people or watch');
  }
}

const HEARTBEAT_EACH_MS = 60_000;
const HEARTBEAT_TIMEOUT_MS = 10_000;
const HEARTBEAT_MAIL_EACH_MS = 3_600_000;

/** Somebody must listen, and a mail needs a server. */
function heartbeatFaults(
  { heartbeat, smtp }: NotifyFile,
  fault: (path: readonly Step[], message: string) => void,
): void {
  if (heartbeat === undefined) return;
  if (heartbeat.url === undefined && heartbeat.mail === undefined)
    fault(['heartbeat'], 'says nothing to anybody: name an url or mail addresses');
  if (heartbeat.mail !== undefined && smtp === undefined)
    fault(['heartbeat', 'mail'], 'needs what it leaves by: smtp beside it');
}

function heartbeatSettings(
  { heartbeat }: NotifyFile,
  secret: (reference: SecretReference) => Secret,
): HeartbeatSettings | undefined {
  if (heartbeat === undefined) return undefined;
  return defined({
    url: heartbeat.url === undefined ? undefined : secret(heartbeat.url),
    everyMs: parseDurationMs(heartbeat.every ?? '') ?? HEARTBEAT_EACH_MS,
    timeoutMs: parseDurationMs(heartbeat.timeout ?? '') ?? HEARTBEAT_TIMEOUT_MS,
    mail: heartbeat.mail ?? [],
    mailEveryMs: parseDurationMs(heartbeat.mail_every ?? '') ?? HEARTBEAT_MAIL_EACH_MS,
  });
}

const SMTP_PORTS = { starttls: 587, tls: 465, none: 25 } as const;

function smtpSettings(
  { smtp }: NotifyFile,
  secret: (reference: SecretReference) => Secret,
): SmtpSettings | undefined {
  if (smtp === undefined) return undefined;
  const security = smtp.security ?? 'starttls';
  return defined({
    host: smtp.host,
    port: smtp.port ?? SMTP_PORTS[security],
    security,
    user: smtp.user,
    password: smtp.password === undefined ? undefined : secret(smtp.password),
    caFile: smtp.ca_file,
    from: smtp.from,
  });
}
