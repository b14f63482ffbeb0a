import { messageOf } from '../../config/model/errors.ts';
import type { Secret } from '../../config/runtime/secret.ts';
import { REMOTE_WRITE_HEADERS } from '../../config/wire/remote-write.ts';
import { post, type Connection } from './connection.ts';

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
  readonly connection: Connection;
  /** What the agent shows, asked for until there is an answer; `undefined`: nothing but its certificate. */
  readonly credential: () => Promise<Secret | undefined>;
}

export function createSender({ connection, credential }: SenderOptions): Sender {
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
        const { status, text } = await post(connection, '/api/v1/write', { headers, body });
        return verdictOf(status, text);
      } catch (error) {
        return { kind: 'later', message: messageOf(error) };
      }
    },
    close: () => connection.agent.destroy(),
  };
}

/** Only what is wrong with the body itself is never tried again: an agent that is shut out may be let in again. */
function verdictOf(status: number, text: string): Verdict {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const message = `the collector answered ${status}: ${text.trim()}`;
  return status === 400 || status === 413 ? { kind: 'refused', message } : { kind: 'later', message };
}
