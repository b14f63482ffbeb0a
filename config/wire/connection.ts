import type { Agent } from 'node:http';
import type { PushSettings } from '../agent-settings.ts';
import { exchange, keptOpen } from './exchange.ts';

/** The way to one receiver, over a connection that stays open. */
export interface Connection {
  readonly url: string;
  readonly agent: Agent;
  /** How long an answer may take; 10 s when absent. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 10_000;
const MAX_TEXT_CHARS = 2_000;

/** @throws {Error} when a certificate cannot be read. */
export function connectTo({
  url,
  ...certificates
}: Pick<PushSettings, 'url' | 'caFile' | 'certFile' | 'keyFile'>): Connection {
  return { url, agent: keptOpen(url, { maxSockets: 1, ...certificates }) };
}

/** Sends a body and gives what was answered, the beginning of it if it is long. Rejects when there is no answer in time. */
export async function post(
  { url, agent, deadlineMs = DEADLINE_MS }: Connection,
  path: string,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: Uint8Array },
): Promise<{ readonly status: number; readonly text: string }> {
  const target = new URL(path, url);
  const signal = AbortSignal.timeout(deadlineMs);
  const decoder = new TextDecoder();
  let text = '';
  const status = await exchange({ target, agent, headers, body, signal }, (part) => {
    if (text.length < MAX_TEXT_CHARS) text += decoder.decode(part, { stream: true });
  });
  return { status, text: text.slice(0, MAX_TEXT_CHARS) };
}
