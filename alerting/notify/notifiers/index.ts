import type { NotifySettings } from '../../../config/notify.ts';
import type { Way } from '../../../config/ways.ts';
import { commandNotifier } from './command.ts';
import { mailNotifier } from './mail.ts';
import { mqttNotifier } from './mqtt.ts';
import type { Notifier } from './notifier.ts';
import { robotNotifier } from './robot.ts';
import { smsNotifier } from './sms.ts';
import { alertmanagerNotifier, webhookNotifier } from './webhook.ts';

type Made<K extends Way['kind']> = (
  way: Way & { readonly kind: K },
  settings: NotifySettings,
  nowMs: () => number,
) => Notifier | undefined;

/** Every kind of way and what sends its messages. */
const NOTIFIERS: { readonly [K in Way['kind']]: Made<K> } = {
  mail: (_way, { smtp }) => smtp && mailNotifier(smtp),
  sms: (_way, { sms }) => sms && smsNotifier(sms),
  // The modem has one owner, who hands it out himself.
  modem: () => undefined,
  ring: () => undefined,
  mqtt: (_way, { mqtt }) => mqtt && mqttNotifier(mqtt),
  webhook: webhookNotifier,
  alertmanager: alertmanagerNotifier,
  command: commandNotifier,
  wecom: (way, _settings, nowMs) => robotNotifier(way, nowMs),
  dingtalk: (way, _settings, nowMs) => robotNotifier(way, nowMs),
  feishu: (way, _settings, nowMs) => robotNotifier(way, nowMs),
};

/** The way out for messages of a way as the settings have it now; `undefined` where there is none. */
export function notifierOf(way: Way, settings: NotifySettings, nowMs: () => number): Notifier | undefined {
  const made = NOTIFIERS[way.kind] as Made<Way['kind']>;
  return made(way, settings, nowMs);
}
