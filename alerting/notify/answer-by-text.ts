import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { Care } from '../care/care.ts';
import type { OutboxStore, WhoPort } from '../ports.ts';

export interface AnswerDeps {
  readonly who: WhoPort;
  readonly outbox: Pick<OutboxStore, 'lastTold'>;
  readonly care: Pick<Care, 'claim' | 'claimOf' | 'note'>;
  readonly log: Log;
}

export interface CameText {
  readonly from: string;
  readonly text: string;
}

/** What people write to say that they see to it. */
const YES: ReadonlySet<string> = new Set(['1', 'ok', 'ack', 'y', 'yes', '好', '好的', '是', '收到', '确认']);
/** A text is no longer than this on the pages. */
const MAX_CHARS = 500;
/** More alerts of one message than these are seen to by opening the page. */
const MAX_ALERTS = 50;

/** Whether a text says no more than that its sender sees to it. */
export function isYes(text: string): boolean {
  return YES.has(
    text
      .normalize('NFKC')
      .replaceAll(/[\s.!。！]+/gu, '')
      .toLowerCase(),
  );
}

/**
 * What a text of a person means for the alerts that he was told of last: a yes acknowledges them, anything else stays
 * with them as his note. A number that is not exactly one person's does nothing. Answers whether it is done with: where
 * the records do not answer it is to be brought again. Never rejects.
 */
export async function takeAnswer({ from, text }: CameText, deps: AnswerDeps): Promise<boolean> {
  const { who, outbox, log } = deps;
  const person = who.byPhone(from);
  if (person?.phone === undefined) {
    log.info({ from }, 'text message from a number of nobody');
    return true;
  }
  try {
    const alerts = await outbox.lastTold(plainNumber(person.phone));
    for (const fingerprint of alerts.slice(0, MAX_ALERTS))
      await answerOne(
        fingerprint,
        text,
        { person: person.account, origin: `sms ${from}`.slice(0, 40) },
        deps,
      );
    if (alerts.length === 0)
      log.info({ person: person.account }, 'text message of a person who was told of nothing');
    return true;
  } catch (error) {
    log.error({ err: error, person: person.account }, 'text message could not be taken');
    return false;
  }
}

async function answerOne(
  fingerprint: string,
  text: string,
  by: { readonly person: string; readonly origin: string },
  { care }: AnswerDeps,
): Promise<void> {
  try {
    const note = text.slice(0, MAX_CHARS);
    if (!isYes(text)) await care.note(fingerprint, note, by);
    else if (care.claimOf(fingerprint) === undefined)
      await care.claim({ fingerprint, note, isUntilWorse: true }, by);
  } catch (error) {
    // It is over, or another has it: there is nothing left to say.
    if (!(error instanceof WatchkeeperError)) throw error;
  }
}

/** A number as it is dialled and as messages keep it. */
export function plainNumber(phone: string): string {
  return phone.replaceAll(/[\s().-]/g, '');
}
