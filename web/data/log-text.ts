import { DUTY_PHONE } from '../../config/model/attendance.ts';
import { WATCH_POSTS } from '../../config/model/watch.ts';
import type { WatchLogEntry } from '../../config/model/watch-log.ts';
import { WATCH_WORDS } from '../../config/model/watch-words.ts';
import type { MessageKey, Words } from '../i18n/words.ts';

type Said = Pick<WatchLogEntry, 'code' | 'text' | 'params'>;

/** A line of the watch log in words: a person's own, or what the product wrote of an act. */
export function logText(entry: Said, words: Words): string {
  return entry.code === 'note' ? entry.text : words.t(keyOf(entry), worded(entry.params, words));
}

/** What is as it should be is said without a number. */
function keyOf({ code, params }: Said): MessageKey {
  if (code === 'checked_in' && params['minutes'] === 0) return 'log.code.checked_in.in_time';
  if (code === 'probe_answered' && params['lateSeconds'] === 0) return 'log.code.probe_answered.in_time';
  if (code === 'counted' && params['missing'] === '') return 'log.code.counted.all';
  if (code === 'item_done' && params['note'] === '') return 'log.code.item_done.plain';
  return `log.code.${code}`;
}

const RESULTS = ['answered', 'no_answer', 'wrong_number'] as const;

/** Records keep codes; a reader gets words. */
function worded(params: Said['params'], words: Words): Said['params'] {
  const { post, person, result } = params;
  const named = WATCH_POSTS.find((one) => one === post);
  const known = RESULTS.find((one) => one === result);
  return {
    ...params,
    ...(named === undefined ? {} : { post: words.local(WATCH_WORDS.post[named]) }),
    ...(person === DUTY_PHONE ? { person: words.t('watch.call.duty_phone') } : {}),
    ...(known === undefined ? {} : { result: words.t(`watch.call.${known}`) }),
  };
}
