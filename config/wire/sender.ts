import { messageOf } from '../model/errors.ts';
import type { Secret } from '../runtime/secret.ts';
import { REMOTE_WRITE_HEADERS } from './remote-write.ts';
import { post, type Connection } from './connection.ts';

/** What the receiver said to a request: taken; wrong, and wrong the next time; or not now. */
export type Verdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly message: string }
  /** `isAnswered`: the receiver said so itself; otherwise nobody knows whether it has taken it. */
  | { readonly kind: 'later'; readonly message: string; readonly isAnswered: boolean };

/** Sends requests of remote_write 1.0 to one receiver. Never throws. */
export interface Sender {
  send(body: Uint8Array): Promise<Verdict>;
  close(): void;
}

export interface SenderOptions {
  readonly connection: Connection;
  /** That of a collector when absent. */
  readonly path?: string;
  /** What is shown, asked for until there is an answer; `undefined`: nothing but the certificate, if there is one. */
  readonly credential: () => Promise<Secret | undefined>;
}

export function createSender({ connection, path = '/api/v1/write', credential }: SenderOptions): Sender {
  let shown: { readonly secret: Secret | undefined } | undefined;
  return {
    async send(body) {
      try {
        shown ??= { secret: await credential() };
        const { secret } = shown;
        const headers = {
          ...REMOTE_WRITE_HEADERS,
          ...(secret === undefined ? {} : { authorization: `Bearer ${secret.reveal()}` }),
        };
        const { status, text } = await post(connection, path, { headers, body });
        return verdictOf(status, text);
      } catch (error) {
        return { kind: 'later', message: messageOf(error), isAnswered: false };
      }
    },
    close: () => connection.agent.destroy(),
  };
}

/** What is wrong with who asks, or with the moment, and not with the body: who is shut out may be let in again. */
const NOT_OF_THE_BODY: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 408, 425, 429]);

function verdictOf(status: number, text: string): Verdict {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const message = `the receiver answered ${status}: ${text.trim()}`;
  if (status >= 400 && status < 500 && !NOT_OF_THE_BODY.has(status)) return { kind: 'refused', message };
  return { kind: 'later', message, isAnswered: true };
}
