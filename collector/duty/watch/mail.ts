import { randomUUID } from 'node:crypto';
import type { NewMessage } from '../../../alerting/ports.ts';
import { isLanguage, type Language, type Localized } from '../../../config/model/localized.ts';
import type { WatchPost } from '../../../config/model/watch.ts';
import { WATCH_WORDS } from '../../../config/model/watch-words.ts';
import { nameKeyOf } from '../../records/accounts.ts';
import { createNotifyStore } from '../../records/messages.ts';
import type { Db } from '../../records/tables.ts';
import { afterCommit } from '../../records/transaction.ts';

/** Tells people by mail, in the step that has the reason for it. */
export type TellByMail = (
  step: Db,
  mail: { readonly to: readonly string[]; readonly text: WatchMail; readonly atMs: number },
) => Promise<void>;

/** What is written to people about the watch. */
export type WatchMail =
  | { readonly kind: 'probe'; readonly link: string; readonly dueAtMs: number }
  | { readonly kind: 'taken_alone'; readonly person: string; readonly post: WatchPost }
  | {
      readonly kind: 'transcribed';
      readonly person: string;
      readonly outgoing: string;
      readonly post: WatchPost;
      readonly sinceMs: number;
    }
  | {
      readonly kind: 'hasty_round';
      readonly person: string;
      readonly round: Localized;
      readonly seconds: number;
      readonly minSeconds: number;
      readonly link: string;
    }
  | { readonly kind: 'to_confirm'; readonly subject: string; readonly dueAtMs: number };

export interface WatchMailDeps {
  /** Whether there is a way out for mails; without one they are kept to be read on their page. */
  readonly hasMail: () => boolean;
  /** There is something in the outbox. */
  readonly wake: () => void;
  /** Instants as people of the site read them. */
  readonly instant: (atMs: number, language: Language) => string;
}

/** Puts mails about the watch into the outbox, in the step that has the reason for them. */
export function createWatchMail({ hasMail, wake, instant }: WatchMailDeps): TellByMail {
  return async (step, { to, text, atMs }) => {
    if (to.length === 0) return;
    const rows = await step
      .selectFrom('account')
      .select(['mail', 'language'])
      .where('name_key', 'in', to.map(nameKeyOf))
      .where('mail', '!=', '')
      .where('is_disabled', '=', 0)
      .execute();
    const messages = rows.map(({ mail, language }): NewMessage => {
      const { subject, body } = wordsOf(text, isLanguage(language) ? language : 'zh-CN', instant);
      return {
        messageId: `${randomUUID()}@watchkeeper`,
        createdAtMs: atMs,
        receiver: 'watch',
        way: 'watch',
        channel: 'mail',
        to: mail,
        subject,
        text: body,
        html: htmlOf(body),
        alerts: [],
        state: hasMail() ? 'waiting' : 'kept',
      };
    });
    await createNotifyStore(step).commit({ records: [], removed: [], messages });
    afterCommit(step, wake);
  };
}

function wordsOf(
  mail: WatchMail,
  language: Language,
  instant: WatchMailDeps['instant'],
): { readonly subject: string; readonly body: string } {
  const fill = (key: keyof typeof WATCH_WORDS.mail, params: Readonly<Record<string, string>>): string =>
    WATCH_WORDS.mail[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
  switch (mail.kind) {
    case 'probe': {
      const params = { time: instant(mail.dueAtMs, language), link: mail.link };
      return { subject: fill('probe_subject', params), body: fill('probe', params) };
    }
    case 'taken_alone': {
      const params = { person: mail.person, post: WATCH_WORDS.post[mail.post][language] };
      return { subject: fill('taken_subject', params), body: fill('taken', params) };
    }
    case 'transcribed': {
      const { person, outgoing, sinceMs } = mail;
      const params = { person, outgoing, time: instant(sinceMs, language) };
      const post = WATCH_WORDS.post[mail.post][language];
      return {
        subject: fill('transcribed_subject', { ...params, post }),
        body: fill('transcribed', { ...params, post }),
      };
    }
    case 'hasty_round': {
      const { person, round, seconds, minSeconds, link } = mail;
      const numbers = { seconds: String(seconds), minSeconds: String(minSeconds) };
      const params = { person, round: round[language], link, ...numbers };
      return { subject: fill('hasty_subject', params), body: fill('hasty', params) };
    }
    case 'to_confirm': {
      const params = { subject: mail.subject, time: instant(mail.dueAtMs, language) };
      return { subject: fill('confirm_subject', params), body: fill('confirm', params) };
    }
    default:
      return mail satisfies never;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function htmlOf(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (mark) => ENTITIES[mark] ?? mark);
  return `<!doctype html><html><head><meta charset="utf-8"></head><body><p style="white-space:pre-line">${escaped}</p></body></html>`;
}
