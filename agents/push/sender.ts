import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { messageOf } from '../../config/model/errors.ts';
import type { Secret } from '../../config/runtime/secret.ts';
import { REMOTE_WRITE_HEADERS } from '../../config/wire/remote-write.ts';

/** What the collector said to a request: taken; wrong, and wrong the next time; or not now. */
export type Verdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'later'; readonly message: string };

/** Sends requests of remote_write 1.0 to one collector. Never throws. */
export interface Sender {
  send(body: Uint8Array): Promise<Verdict>;
  close(): void;
}

export interface SenderOptions {
  /** Of the collector, `http://127.0.0.1:8480`. */
  readonly url: string;
  readonly token?: Secret | undefined;
  readonly caFile?: string | undefined;
  /** The certificate by which the agent shows who it is, and its key. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

const DEADLINE_MS = 10_000;
const MAX_MESSAGE_CHARS = 300;

/** @throws {Error} when a certificate cannot be read. */
export function createSender({ url, token, caFile, certFile, keyFile }: SenderOptions): Sender {
  const target = new URL('/api/v1/write', url);
  const isSecure = target.protocol === 'https:';
  const agent = isSecure
    ? new HttpsAgent({
        keepAlive: true,
        maxSockets: 1,
        ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
        ...(certFile === undefined ? {} : { cert: readFileSync(certFile) }),
        ...(keyFile === undefined ? {} : { key: readFileSync(keyFile) }),
      })
    : new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const request = isSecure ? httpsRequest : httpRequest;
  const headers = {
    ...REMOTE_WRITE_HEADERS,
    'user-agent': 'watchkeeper',
    ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
  };
  return {
    send: (body) =>
      new Promise<Verdict>((resolve) => {
        const later = (error: unknown): void => resolve({ kind: 'later', message: messageOf(error) });
        const options = {
          agent,
          method: 'POST',
          headers: { ...headers, 'content-length': body.length },
          signal: AbortSignal.timeout(DEADLINE_MS),
        };
        const sending = request(target, options, (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (part: string) => {
            if (text.length < MAX_MESSAGE_CHARS) text += part;
          });
          answer.on('error', later);
          answer.on('end', () =>
            resolve(verdictOf(answer.statusCode ?? 0, text.slice(0, MAX_MESSAGE_CHARS))),
          );
        });
        sending.on('error', later);
        sending.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** Only what is wrong with the body itself is never tried again: an agent that is shut out may be let in again. */
function verdictOf(status: number, text: string): Verdict {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const message = `the collector answered ${status}: ${text.trim()}`;
  return status === 400 || status === 413 ? { kind: 'refused', message } : { kind: 'later', message };
}
