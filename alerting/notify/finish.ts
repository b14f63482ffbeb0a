import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { OutboxMessage, OutboxStore } from '../ports.ts';
import { ANSWER_LASTS_MS, withToken } from './answer-link.ts';
import type { Charts } from './chart/charts.ts';
import type { ReadyMessage } from './notifiers/notifier.ts';

export interface FinishDeps {
  readonly store: Pick<OutboxStore, 'giveLink'>;
  readonly nowMs: () => number;
  /** Absent: mails have no pictures. */
  readonly charts?: Charts;
}

/**
 * What a message is given only as it leaves: a mail its chart, and a link its token, whose hash is in the records before.
 * The key of tokens is this process's own and nowhere written: a message that is tried again carries the same link, and
 * after a restart one more that is as good.
 */
export function finisher({
  store,
  nowMs,
  charts,
}: FinishDeps): (message: OutboxMessage) => Promise<ReadyMessage> {
  const key = randomBytes(32);
  const linked = async (message: OutboxMessage): Promise<OutboxMessage> => {
    const { answerer, messageId } = message;
    if (answerer === undefined) return message;
    // 144 bits: nobody guesses them, and the address still fits into a text message.
    const token = createHmac('sha256', key).update(messageId).digest().subarray(0, 18).toString('base64url');
    const tokenHash = createHash('sha256').update(token).digest('hex');
    await store.giveLink({ tokenHash, messageId, account: answerer, endsAtMs: nowMs() + ANSWER_LASTS_MS });
    return withToken(message, token);
  };
  return async (message) => {
    const told = await linked(message);
    if (charts === undefined || told.channel !== 'mail') return told;
    return { ...told, ...(await charts(told.html, told.createdAtMs)) };
  };
}
