import { createHmac } from 'node:crypto';
import type { RobotWay } from '../../../config/ways.ts';
import type { Delivery, Notifier } from './notifier.ts';
import { deliver, hostOf, type Answer } from './post.ts';

/** A robot in a group of WeCom (企业微信), DingTalk (钉钉) or Feishu (飞书). */
export function robotNotifier(way: RobotWay, nowMs: () => number): Notifier {
  const { kind, timeoutMs, secret } = way;
  return {
    name: kind,
    send({ subject, body = '' }, signal) {
      const key = secret?.reveal();
      const url = way.url.reveal();
      const signed = kind === 'dingtalk' && key !== undefined ? dingtalkUrl(url, key, nowMs()) : url;
      return deliver(
        {
          url: signed,
          timeoutMs,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(MESSAGES[kind]({ subject, text: body, key, nowMs: nowMs() })),
        },
        signal,
        (answer) => refusalOf(kind, hostOf(url), answer),
      );
    },
  };
}

interface Told {
  readonly subject: string;
  readonly text: string;
  readonly key: string | undefined;
  readonly nowMs: number;
}

/** Each in its own form; all as plain text where markup could be made by a label. */
const MESSAGES: Readonly<Record<RobotWay['kind'], (told: Told) => unknown>> = {
  wecom: ({ text }) => ({ msgtype: 'text', text: { content: cut(text, 2_000) } }),
  dingtalk: ({ text }) => ({ msgtype: 'text', text: { content: cut(text, 18_000) } }),
  feishu: ({ text, key, nowMs }) => ({
    ...(key === undefined ? {} : feishuSignature(key, nowMs)),
    msg_type: 'text',
    content: { text: cut(text, 18_000) },
  }),
};

/** DingTalk signs `timestamp\nsecret` with the secret, in the address. */
function dingtalkUrl(address: string, key: string, nowMs: number): string {
  const url = new URL(address);
  const sign = createHmac('sha256', key).update(`${nowMs}\n${key}`).digest('base64');
  url.searchParams.set('timestamp', String(nowMs));
  url.searchParams.set('sign', sign);
  return url.href;
}

/** Feishu signs nothing with `timestamp\nsecret` as the key, in the body; its instants are seconds. */
function feishuSignature(key: string, nowMs: number): { readonly timestamp: string; readonly sign: string } {
  const timestamp = String(Math.floor(nowMs / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${key}`).update('').digest('base64') };
}

/** Too many messages for now, by the code of each: 45009 (WeCom), 130101 (DingTalk), 9499 (Feishu). */
const LATER = new Set([45_009, 130_101, 9_499, -1]);

/** All three answer 200 and tell in the body whether they took it. */
function refusalOf(kind: RobotWay['kind'], host: string, { text }: Answer): Delivery | undefined {
  const code = codeOf(text);
  if (code === 0) return undefined;
  const reason = `${host} did not take it: ${text.slice(0, 200)}`;
  if (code === undefined) return { kind: 'unreachable', reason: `${host} answers as no ${kind} does` };
  return { kind: LATER.has(code) ? 'deferred' : 'refused', reason };
}

function codeOf(text: string): number | undefined {
  try {
    const answer = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    const code = answer?.['errcode'] ?? answer?.['code'] ?? answer?.['StatusCode'];
    return typeof code === 'number' ? code : undefined;
  } catch {
    return undefined;
  }
}

function cut(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  // What is cut within a character ends before it.
  return `${Buffer.from(text)
    .subarray(0, maxBytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}…`;
}
