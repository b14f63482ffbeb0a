import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { PushSettings } from '../agent-settings.ts';

/** The way to one receiver, over a connection that stays open. */
export interface Connection {
  readonly url: string;
  readonly agent: HttpAgent | HttpsAgent;
  /** How long an answer may take; 10 s when absent. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 10_000;
const MAX_TEXT_CHARS = 2_000;

/** @throws {Error} when a certificate cannot be read. */
export function connectTo({
  url,
  caFile,
  certFile,
  keyFile,
}: Pick<PushSettings, 'url' | 'caFile' | 'certFile' | 'keyFile'>): Connection {
  if (new URL(url).protocol !== 'https:') return { url, agent: new HttpAgent(ONE_OPEN) };
  const agent = new HttpsAgent({
    ...ONE_OPEN,
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    ...(certFile === undefined ? {} : { cert: readFileSync(certFile) }),
    ...(keyFile === undefined ? {} : { key: readFileSync(keyFile) }),
  });
  return { url, agent };
}

const ONE_OPEN = { keepAlive: true, maxSockets: 1 };

/** Sends a body and gives what was answered, the beginning of it if it is long. Rejects when there is no answer in time. */
export function post(
  { url, agent, deadlineMs = DEADLINE_MS }: Connection,
  path: string,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: Uint8Array },
): Promise<{ readonly status: number; readonly text: string }> {
  const target = new URL(path, url);
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const options = {
    agent,
    method: 'POST',
    headers: { ...headers, 'user-agent': 'watchkeeper', 'content-length': body.length },
    signal: AbortSignal.timeout(deadlineMs),
  };
  return new Promise((resolve, reject) => {
    const sending = request(target, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        if (text.length < MAX_TEXT_CHARS) text += part;
      });
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: text.slice(0, MAX_TEXT_CHARS) }),
      );
    });
    sending.on('error', reject);
    sending.end(body);
  });
}
