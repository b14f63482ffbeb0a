import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { messageOf } from '../../../config/model/errors.ts';
import type { WebhookWay } from '../../../config/notify.ts';
import type { OutboxMessage } from '../../ports.ts';
import type { Delivery, Notifier } from './notifier.ts';

/** What of an answer is read, to say why a message was refused; the rest is not waited for. */
const MAX_ANSWER_BYTES = 300;

/** Posts to an address. A `2xx` is the only answer that counts as taken; redirects are not followed. */
export function webhookNotifier({ url, timeoutMs, bearer, caFile }: WebhookWay): Notifier {
  return {
    name: 'webhook',
    async send(message, signal) {
      const host = URL.parse(url.reveal())?.host ?? 'the address';
      const ending = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const { status, text } = await post(url.reveal(), message, {
          signal: ending,
          headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer.reveal()}` },
          ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
        });
        return deliveryOf(status, `${host} answered ${status}${text === '' ? '' : `: ${text}`}`);
      } catch (error) {
        const why =
          ending.aborted && !signal.aborted ? `no answer within ${timeoutMs / 1000} s` : messageOf(error);
        return { kind: 'unreachable', reason: `${host}: ${why}` };
      }
    },
  };
}

/** What a server means for good (Alertmanager, `notify.Retrier`: 4xx but for 429 is not repeated). */
function deliveryOf(status: number, reason: string): Delivery {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 429 || status === 408) return { kind: 'deferred', reason };
  return status >= 400 && status < 500 ? { kind: 'refused', reason } : { kind: 'unreachable', reason };
}

interface PostOptions {
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  readonly ca?: Buffer;
}

function post(
  url: string,
  { messageId, body = '' }: OutboxMessage,
  { headers, ...options }: PostOptions,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(
      url,
      {
        ...options,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          // The same for a repeat, so that a receiver can see that it is one.
          'idempotency-key': messageId,
          ...headers,
        },
      },
      (answer) => {
        answer.once('error', reject);
        void beginning(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject);
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

async function beginning(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8');
  for await (const part of answer) {
    text += String(part);
    if (text.length > MAX_ANSWER_BYTES) break;
  }
  return text
    .slice(0, MAX_ANSWER_BYTES)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}
