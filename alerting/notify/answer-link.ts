import type { Way } from '../../config/ways.ts';
import type { OutboxMessage } from '../ports.ts';

/**
 * A link by which one person says that he sees to the alerts of one message. Until the message leaves, a mark that
 * nobody can foresee stands in the place of its token: what is kept and what pages show of a message opens nothing.
 */

/** Where the page of a link is, before its token. */
export const ANSWER_PATH = '/a/';
/** Counted from the last attempt to send it. */
export const ANSWER_LASTS_MS = 12 * 3_600_000;

/** Those that one person reads, with room for an address: a robot speaks to a group, a modem's text is answered. */
const KINDS: ReadonlySet<Way['kind']> = new Set(['mail', 'sms']);

/** The link with its mark; `undefined` where the way leads to no person who may act, or nobody knows where the pages are. */
export function answerAddress(
  { kind, person }: Pick<Way, 'kind' | 'person'>,
  { publicUrl, mark }: { readonly publicUrl: string; readonly mark: string },
): string | undefined {
  if (person?.mayAct !== true || !KINDS.has(kind) || publicUrl === '') return undefined;
  return `${publicUrl.replace(/\/+$/, '')}${ANSWER_PATH}${mark}`;
}

/** What of the id of a message stands in the place of its token. */
export function markOf(messageId: string): string {
  return messageId.slice(0, messageId.indexOf('@'));
}

/** The message as it leaves. */
export function withToken(message: OutboxMessage, token: string): OutboxMessage {
  const mark = markOf(message.messageId);
  const filled = (text: string): string => text.replaceAll(mark, token);
  const { text, html, body } = message;
  return {
    ...message,
    text: filled(text),
    html: filled(html),
    ...(body === undefined ? {} : { body: filled(body) }),
  };
}
