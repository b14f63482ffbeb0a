import { readFileSync } from 'node:fs';
import type { Agent } from 'node:http';
import { http, https } from '../runtime/http.ts';

export interface KeptOpen {
  /** So many connections are open at once; more requests wait. */
  readonly maxSockets: number;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/**
 * Connections to one place that stay open.
 * @throws {Error} when a certificate cannot be read.
 */
export function keptOpen(url: string, { maxSockets, caFile, certFile, keyFile }: KeptOpen): Agent {
  const open = { keepAlive: true, maxSockets };
  if (new URL(url).protocol !== 'https:') return new http.Agent(open);
  return new (https().Agent)({
    ...open,
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    ...(certFile === undefined ? {} : { cert: readFileSync(certFile) }),
    ...(keyFile === undefined ? {} : { key: readFileSync(keyFile) }),
  });
}

export interface Exchange {
  readonly target: URL;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a POST; without one it is a GET. */
  readonly body?: string | Uint8Array;
  /** Ends it wherever it is. */
  readonly signal: AbortSignal;
}

/**
 * Sends a request, and shows the answer part by part to `take`, which may throw to end it. Nobody is followed to another
 * place: what the headers hold is for this one.
 * @returns the status, when all has come. Rejects when there is no answer, or not all of it.
 */
export function exchange(
  { target, agent, headers, body, signal }: Exchange,
  take: (part: Buffer) => void,
): Promise<number> {
  const { request } = target.protocol === 'https:' ? https() : http;
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const options = {
    agent,
    signal,
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, 'user-agent': 'watchkeeper', ...length },
  };
  return new Promise((resolve, reject) => {
    const sending = request(target, options, (answer) => {
      answer.on('data', (part: Buffer) => {
        try {
          take(part);
        } catch (error) {
          answer.destroy(error instanceof Error ? error : new Error(String(error)));
        }
      });
      answer.on('error', reject);
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sending.on('error', reject);
    sending.end(body);
  });
}
