import type { AlertmanagerWay, WebhookWay } from '../../../config/ways.ts';
import type { Notifier } from './notifier.ts';
import { deliver } from './post.ts';

/** Posts to an address, in the JSON that Alertmanager posts to webhooks. */
export function webhookNotifier(way: WebhookWay): Notifier {
  return postNotifier('webhook', way.url.reveal(), way);
}

/** Where an Alertmanager takes alerts; what stands before it is a path that it is served under. */
const ALERTS_PATH = '/api/v2/alerts';

/** Passes alerts on to an Alertmanager. */
export function alertmanagerNotifier(way: AlertmanagerWay): Notifier {
  const base = way.url.reveal().replace(/\/+$/, '');
  return postNotifier('alertmanager', base.endsWith(ALERTS_PATH) ? base : base + ALERTS_PATH, way);
}

function postNotifier(
  name: string,
  url: string,
  { timeoutMs, bearer, caFile }: Pick<WebhookWay, 'timeoutMs' | 'bearer' | 'caFile'>,
): Notifier {
  return {
    name,
    send: ({ messageId, body = '' }, signal) =>
      deliver(
        {
          url,
          body,
          timeoutMs,
          caFile,
          headers: {
            'content-type': 'application/json',
            // The same for a repeat, so that a receiver can see that it is one.
            'idempotency-key': messageId,
            ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer.reveal()}` }),
          },
        },
        signal,
      ),
  };
}
