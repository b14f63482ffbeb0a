import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { messageOf } from '../../../config/model/errors.ts';
import { http, https } from '../../../config/runtime/http.ts';
import type { Delivery } from './notifier.ts';

/** What of an answer is read; the rest is not waited for. */
const MAX_ANSWER_BYTES = 2_000;
/** What of it is told to people. */
const MAX_REASON = 300;

/** One request over HTTP. Redirects are not followed: an answer is not trusted. */
export interface Post {
  readonly url: string;
  readonly method?: 'POST' | 'GET' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly caFile?: string | undefined;
  readonly timeoutMs: number;
}

/** What a service answered, in one line. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The host alone: addresses of services hold keys. */
export function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'the address';
}

/**
 * Hands a message over and says what became of it: a `2xx` that `judge` has nothing against is the only answer that
 * counts as taken (Alertmanager, `notify.Retrier`: 4xx but for 408 and 429 is not repeated). Never rejects.
 */
export async function deliver(
  post: Post,
  signal: AbortSignal,
  judge: (answer: Answer) => Delivery | undefined = () => undefined,
): Promise<Delivery> {
  const host = hostOf(post.url);
  const ending = AbortSignal.any([signal, AbortSignal.timeout(post.timeoutMs)]);
  try {
    const answer = await send(post, ending);
    const told = answer.text.slice(0, MAX_REASON);
    const reason = `${host} answered ${answer.status}${told === '' ? '' : `: ${told}`}`;
    return deliveryOf(answer.status, reason) ?? judge(answer) ?? { kind: 'accepted' };
  } catch (error) {
    const isLate = ending.aborted && !signal.aborted;
    const why = isLate ? `no answer within ${post.timeoutMs / 1000} s` : messageOf(error);
    return { kind: 'unreachable', reason: `${host}: ${why}` };
  }
}

/** What a status other than 2xx means; `undefined` for those. */
function deliveryOf(status: number, reason: string): Delivery | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 429 || status === 408) return { kind: 'deferred', reason };
  return status >= 400 && status < 500 ? { kind: 'refused', reason } : { kind: 'unreachable', reason };
}

function send(
  { url, method = 'POST', headers = {}, body, caFile }: Post,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https() : http;
    const sending = request(
      url,
      {
        signal,
        method,
        headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
        ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
      },
      (answer) => {
        answer.once('error', reject);
        void beginning(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject);
      },
    );
    sending.once('error', reject);
    sending.end(body);
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
