import type { NotifySettings, Way } from '../../../config/notify.ts';
import { mailNotifier } from './mail.ts';
import type { Notifier } from './notifier.ts';
import { webhookNotifier } from './webhook.ts';

/** The way out for messages of a way as the settings have it now; `undefined` where there is none. */
export function notifierOf(way: Way, { smtp }: NotifySettings): Notifier | undefined {
  switch (way.kind) {
    case 'mail':
      return smtp && mailNotifier(smtp);
    case 'webhook':
      return webhookNotifier(way);
    default:
      return way satisfies never;
  }
}
