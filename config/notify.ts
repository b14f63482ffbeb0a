import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import type { Hours } from './model/hours.ts';
import type { Language } from './model/localized.ts';
import type { Matcher } from './model/series.ts';
import { SEVERITIES, type Severity } from './model/severity.ts';
import { hoursByName } from './notify-hours.ts';
import { escalationsOf, inhibitRulesOf, routeOf, type RouteSettings } from './notify-routes.ts';
import type { Secret, SecretReference } from './runtime/secret.ts';
import type { NotifyFile, WebhookFile } from './schema/notify.ts';
import type { Step } from './schema-faults.ts';
import type { Fault, YamlFile } from './yaml-file.ts';

/** Who is told of alerts, of which, when, and how together. */
export interface NotifySettings {
  readonly smtp?: SmtpSettings;
  readonly receivers: readonly Receiver[];
  readonly route: RouteSettings;
  readonly escalations: ReadonlyMap<string, readonly EscalationStep[]>;
  readonly inhibitRules: readonly InhibitSettings[];
  readonly hours: ReadonlyMap<string, readonly Hours[]>;
  /** After how long an alert that others post is over if they say no more. */
  readonly resolveTimeoutMs: number;
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
  readonly ways: readonly Way[];
}

/** One way to a receiver. Its `id` names it among those of the receiver, and stays while their order does. */
export type Way = MailWay | WebhookWay;

interface WayBase {
  readonly id: string;
  /** Whether it hears of the end: of each alert, only when all of a group has ended, or never. */
  readonly sendResolved: 'each' | 'all' | 'never';
}

export interface MailWay extends WayBase {
  readonly kind: 'mail';
  readonly address: string;
}

export interface WebhookWay extends WayBase {
  readonly kind: 'webhook';
  readonly url: Secret;
  readonly timeoutMs: number;
  readonly bearer?: Secret;
  readonly caFile?: string;
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

/** Reads a secret of the file; what is wrong with it becomes a fault at its place. */
export type SecretAt = (reference: SecretReference, path: readonly Step[]) => Secret;

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
      ways: [
        ...(receiver.mail ?? []).map(
          (address, place): MailWay => ({
            kind: 'mail',
            id: `mail[${place}]`,
            sendResolved: 'all',
            address,
          }),
        ),
        ...(receiver.webhook ?? []).map((webhook, place) =>
          webhookWay(webhook, place, (reference, path) =>
            secret(reference, ['receivers', index, 'webhook', place, ...path]),
          ),
        ),
      ],
    }),
  );
  const names = receivers.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) fault(['receivers', index, 'name'], `there are two receivers ${name}`);
  }
  const hours = hoursByName(file, zone, fault);
  const escalations = escalationsOf(file.escalations ?? [], names, fault);
  return defined({
    smtp: smtpSettings(file, (reference) => secret(reference, ['smtp', 'password'])),
    receivers,
    hours,
    escalations,
    route: routeOf(file.route, { names, hours, escalations, fault }),
    inhibitRules: inhibitRulesOf(file.inhibit_rules ?? [], fault),
    resolveTimeoutMs: parseDurationMs(file.resolve_timeout ?? '') ?? DEFAULT_RESOLVE_TIMEOUT_MS,
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

const DEFAULT_WEBHOOK_TIMEOUT_MS = 10_000;

function webhookWay(file: WebhookFile, place: number, secret: SecretAt): WebhookWay {
  return defined({
    kind: 'webhook' as const,
    id: `webhook[${place}]`,
    sendResolved: file.send_resolved === false ? ('never' as const) : ('each' as const),
    url: secret(file.url, ['url']),
    timeoutMs: parseDurationMs(file.timeout ?? '') ?? DEFAULT_WEBHOOK_TIMEOUT_MS,
    bearer: file.bearer === undefined ? undefined : secret(file.bearer, ['bearer']),
    caFile: file.ca_file,
  });
}
