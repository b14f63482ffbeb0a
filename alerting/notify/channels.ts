import type { NotifySettings } from '../../config/notify.ts';
import type { AlertInstance } from '../../config/model/alert.ts';
import { messageOf } from '../../config/model/errors.ts';
import { formatLabels } from '../../config/model/labels.ts';
import type { Way } from '../../config/ways.ts';
import type { NewMessage } from '../ports.ts';
import { alertmanagerBody, webhookBody } from './bodies.ts';
import type { NotifyGroup } from './groups.ts';
import { renderMessage, type MessageSetting } from './message.ts';

/** What a message says in each form that its channel sends or a page shows. */
export type Rendered = Pick<NewMessage, 'subject' | 'text' | 'html' | 'body'>;

export interface ChannelSetting extends MessageSetting {
  /** Name of the receiver. */
  readonly receiver: string;
}

/** Text messages longer than this come in more than a few parts, and the rest is on the page. */
const MAX_SMS_CHARS = 200;

type Form = (words: Rendered, group: NotifyGroup, setting: ChannelSetting) => Rendered;

const asItIs: Form = (words) => words;
const short: Form = (words, _group, { answer }) => ({
  ...words,
  body: [
    Array.from(words.subject).slice(0, MAX_SMS_CHARS).join(''),
    ...(answer === undefined ? [] : [answer]),
  ].join('\n'),
});
const chat: Form = (words) => ({ ...words, body: `${words.subject}\n\n${words.text}` });
const json: Form = (words, group, setting) => ({ ...words, body: webhookBody(group, setting) });

/** What each kind of way says in its own form. */
const FORMS: Readonly<Record<Way['kind'], Form>> = {
  mail: asItIs,
  sms: short,
  modem: short,
  ring: short,
  wecom: chat,
  dingtalk: chat,
  feishu: chat,
  webhook: json,
  mqtt: json,
  command: json,
  alertmanager: (words, group, setting) => ({ ...words, body: alertmanagerBody(group, setting) }),
};

/**
 * How a message of a way is worded. How it leaves is its notifier's. Never throws: what cannot be worded is told in plain
 * text with the reason, since a person who is told badly is told.
 */
export function render(kind: Way['kind'], group: NotifyGroup, setting: ChannelSetting): Rendered {
  const alerts = group.alerts.map(({ alert }) => alert);
  try {
    return FORMS[kind](renderMessage(alerts, setting), group, setting);
  } catch (error) {
    return FALLBACKS[kind](plainly(alerts, error), group, setting);
  }
}

/** What programs read has its own form; people read text. */
const FALLBACKS: Readonly<Record<Way['kind'], Form>> = {
  ...FORMS,
  mail: (words) => ({ ...words, html: '' }),
};

/** More alerts than these are counted. */
const MAX_PLAIN = 20;

function plainly(alerts: readonly AlertInstance[], error: unknown): Rendered {
  const line = ({ severity, labels, phase }: AlertInstance): string =>
    `[${severity}] ${phase.kind}: ${formatLabels(labels)}`
      .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
      .slice(0, 1_000);
  const [first = ''] = alerts.slice(0, 1).map(line);
  const more = alerts.length > MAX_PLAIN ? [`… ${alerts.length - MAX_PLAIN}`] : [];
  const why = `(The message could not be worded 消息无法排版: ${messageOf(error)})`;
  return {
    subject: first.slice(0, 160),
    text: `${[...alerts.slice(0, MAX_PLAIN).map(line), ...more, '', why].join('\n')}\n`,
    html: '',
  };
}

/** The address of a way as pages may show it: no secret. */
export function addressOf(way: Way): string {
  if ('address' in way) return way.address;
  if ('number' in way) return way.number;
  if ('topic' in way) return way.topic;
  return 'program' in way ? way.program : (URL.parse(way.url.reveal())?.host ?? '');
}

/** Whether there is a way out for it; without one its messages are kept to be read on the page. */
export function isReady({ kind }: Way, { smtp, sms, modem, mqtt }: NotifySettings): boolean {
  if (kind === 'mail') return smtp !== undefined;
  if (kind === 'sms') return sms !== undefined;
  if (kind === 'modem' || kind === 'ring') return modem !== undefined;
  return kind !== 'mqtt' || mqtt !== undefined;
}
