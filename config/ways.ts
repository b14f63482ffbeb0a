import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import type { Language } from './model/localized.ts';
import type { Secret, SecretReference } from './runtime/secret.ts';
import type {
  CommandFile,
  ModemFile,
  MqttFile,
  RobotFile,
  SmsGatewayFile,
  WaysFile,
  WebhookFile,
} from './schema/ways.ts';
import type { Step } from './schema-faults.ts';

/** One way to a receiver. Its `id` names it among those of the receiver, and stays while their order does. */
export type Way =
  | MailWay
  | WebhookWay
  | SmsWay
  | PhoneWay
  | RobotWay
  | MqttWay
  | CommandWay
  | AlertmanagerWay;

interface WayBase {
  readonly id: string;
  /** Whether it hears of the end: of each alert, only when all of a group has ended, or never. */
  readonly sendResolved: 'each' | 'all' | 'never';
  /** Whose it is; absent where it is the receiver's own. */
  readonly person?: { readonly account: string; readonly language: Language; readonly mayAct?: boolean };
}

export interface MailWay extends WayBase {
  readonly kind: 'mail';
  readonly address: string;
}

interface PostWay extends WayBase {
  readonly url: Secret;
  readonly timeoutMs: number;
}

export interface WebhookWay extends PostWay {
  readonly kind: 'webhook';
  readonly bearer?: Secret;
  readonly caFile?: string;
}

/** Alerts are passed on to an Alertmanager. */
export interface AlertmanagerWay extends Omit<WebhookWay, 'kind'> {
  readonly kind: 'alertmanager';
}

export interface SmsWay extends WayBase {
  readonly kind: 'sms';
  readonly number: string;
}

/** By the modem of this machine: a text message, or a call that only rings. */
export interface PhoneWay extends WayBase {
  readonly kind: 'modem' | 'ring';
  readonly number: string;
}

export interface RobotWay extends PostWay {
  readonly kind: 'wecom' | 'dingtalk' | 'feishu';
  readonly secret?: Secret;
}

export interface MqttWay extends WayBase {
  readonly kind: 'mqtt';
  readonly topic: string;
}

export interface CommandWay extends WayBase {
  readonly kind: 'command';
  readonly program: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

export interface SmsGateway {
  readonly url: Secret;
  readonly method: 'POST' | 'GET';
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded';
  readonly body?: Secret;
  readonly headers: Readonly<Record<string, Secret>>;
  /** What an answer has when the message was taken; any of status 2xx when absent. */
  readonly accepted?: string;
  readonly timeoutMs: number;
  readonly caFile?: string;
}

/** A GSM modem on a serial port. */
export interface ModemSettings {
  /** `/dev/ttyUSB0`; a name under `/dev/serial/by-id` stays when it is plugged in again. */
  readonly device: string;
  readonly baud: number;
  readonly pin?: Secret;
  /** How long a call rings before it is ended. */
  readonly ringForMs: number;
}

export interface MqttBroker {
  readonly url: string;
  readonly user?: string;
  readonly password?: Secret;
  readonly caFile?: string;
}

/** Reads a secret of the file; what is wrong with it becomes a fault at its place. */
export type SecretAt = (reference: SecretReference, path: readonly Step[]) => Secret;

const DEFAULT_TIMEOUT_MS = 10_000;

/** The ways of a receiver, in the order of the kinds and of their lists. */
export function waysOf(file: WaysFile, secret: SecretAt): readonly Way[] {
  const at = (kind: keyof WaysFile, place: number): SecretAt => {
    return (reference, path) => secret(reference, [kind, place, ...path]);
  };
  const robots = (kind: RobotWay['kind']): readonly Way[] =>
    (file[kind] ?? []).map((robot, place) => robotWay(kind, robot, place, at(kind, place)));
  return [
    ...(file.mail ?? []).map(
      (address, place): Way => ({ kind: 'mail', id: `mail[${place}]`, sendResolved: 'all', address }),
    ),
    ...(file.webhook ?? []).map((webhook, place) => webhookWay(webhook, place, at('webhook', place))),
    ...(file.sms ?? []).map(
      (number, place): Way => ({ kind: 'sms', id: `sms[${place}]`, sendResolved: 'all', number }),
    ),
    ...(['modem', 'ring'] as const).flatMap((kind) =>
      (file[kind] ?? []).map((number, place) => phoneWay(kind, `${kind}[${place}]`, number)),
    ),
    ...robots('wecom'),
    ...robots('dingtalk'),
    ...robots('feishu'),
    ...(file.mqtt ?? []).map(
      (topic, place): Way => ({ kind: 'mqtt', id: `mqtt[${place}]`, sendResolved: 'each', topic }),
    ),
    ...(file.command ?? []).map(commandWay),
    ...(file.alertmanager ?? []).map((target, place): Way => {
      const way = webhookWay(target, place, at('alertmanager', place));
      return { ...way, kind: 'alertmanager', id: `alertmanager[${place}]` };
    }),
  ];
}

/** A way by the modem. Nobody is woken by a call to hear that something is over. */
export function phoneWay(kind: PhoneWay['kind'], id: string, number: string): PhoneWay {
  return { kind, id, sendResolved: kind === 'ring' ? 'never' : 'all', number };
}

function timeoutMs(text: string | undefined): number {
  return parseDurationMs(text ?? '') ?? DEFAULT_TIMEOUT_MS;
}

function resolvedOf(sendResolved: boolean | undefined): 'each' | 'never' {
  return sendResolved === false ? 'never' : 'each';
}

function webhookWay(file: WebhookFile, place: number, secret: SecretAt): WebhookWay {
  return defined({
    kind: 'webhook' as const,
    id: `webhook[${place}]`,
    sendResolved: resolvedOf(file.send_resolved),
    url: secret(file.url, ['url']),
    timeoutMs: timeoutMs(file.timeout),
    bearer: file.bearer === undefined ? undefined : secret(file.bearer, ['bearer']),
    caFile: file.ca_file,
  });
}

function robotWay(kind: RobotWay['kind'], file: RobotFile, place: number, secret: SecretAt): RobotWay {
  return defined({
    kind,
    id: `${kind}[${place}]`,
    // A chat is read by people: they hear of the end once.
    sendResolved: file.send_resolved === false ? ('never' as const) : ('all' as const),
    url: secret(file.url, ['url']),
    timeoutMs: timeoutMs(file.timeout),
    secret: file.secret === undefined ? undefined : secret(file.secret, ['secret']),
  });
}

function commandWay({ run, send_resolved: sendResolved, timeout }: CommandFile, place: number): CommandWay {
  const [program = '', ...args] = run;
  return {
    kind: 'command',
    id: `command[${place}]`,
    sendResolved: resolvedOf(sendResolved),
    program,
    args,
    timeoutMs: timeoutMs(timeout),
  };
}

export function smsGateway(file: SmsGatewayFile, secret: SecretAt): SmsGateway {
  return defined({
    url: secret(file.url, ['url']),
    method: file.method ?? 'POST',
    contentType: file.content_type ?? 'application/json',
    body: file.body === undefined ? undefined : secret(file.body, ['body']),
    headers: Object.fromEntries(
      Object.entries(file.headers ?? {}).map(([name, value]) => [name, secret(value, ['headers', name])]),
    ),
    accepted: file.accepted,
    timeoutMs: timeoutMs(file.timeout),
    caFile: file.ca_file,
  });
}

const DEFAULT_BAUD = 115_200;
const DEFAULT_RING_MS = 25_000;

export function modemSettings(file: ModemFile, secret: SecretAt): ModemSettings {
  return defined({
    device: file.device,
    baud: file.baud ?? DEFAULT_BAUD,
    pin: file.pin === undefined ? undefined : secret(file.pin, ['pin']),
    ringForMs: parseDurationMs(file.ring_for ?? '') ?? DEFAULT_RING_MS,
  });
}

export function mqttBroker(file: MqttFile, secret: SecretAt): MqttBroker {
  return defined({
    url: file.url,
    user: file.user,
    password: file.password === undefined ? undefined : secret(file.password, ['password']),
    caFile: file.ca_file,
  });
}
