import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { OutboxMessage, OutboxStore } from '../ports.ts';
import { ANSWER_LASTS_MS, withToken } from './answer-link.ts';

/**
 * What a message is given only as it leaves: the token of its link, whose hash is in the records before. The key is
 * this process's own and nowhere written: a message that is tried again carries the same link, and after a restart one
 * more that is as good.
 */
export function finisher(
  store: Pick<OutboxStore, 'giveLink'>,
  nowMs: () => number,
): (message: OutboxMessage) => Promise<OutboxMessage> {
  const key = randomBytes(32);
  return async (message) => {
    const { answerer, messageId } = message;
    if (answerer === undefined) return message;
    // 144 bits: nobody guesses them, and the address still fits into a text message.
    const token = createHmac('sha256', key).update(messageId).digest().subarray(0, 18).toString('base64url');
    const tokenHash = createHash('sha256').update(token).digest('hex');
    await store.giveLink({ tokenHash, messageId, account: answerer, endsAtMs: nowMs() + ANSWER_LASTS_MS });
    return withToken(message, token);
  };
}
