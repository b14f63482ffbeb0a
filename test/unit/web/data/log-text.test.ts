import { expect, it } from 'vitest';
import { DUTY_PHONE } from '../../../../config/model/attendance.ts';
import type { LogCode, WatchLogEntry } from '../../../../config/model/watch-log.ts';
import { logText } from '../../../../web/data/log-text.ts';
import { wordsOf } from '../../../../web/i18n/words.ts';

const inWords = (code: LogCode, params: WatchLogEntry['params'], language: 'en' | 'zh-CN' = 'en'): string =>
  logText({ code, text: '', params }, wordsOf(language));

it.each<[LogCode, WatchLogEntry['params'], string, string]>([
  ['watch_given_up', { post: 'shiftLead' }, 'Post Shift leader given up', '放下岗位 带班'],
  [
    'called',
    { person: 'wang', result: 'no_answer', note: 'engaged' },
    'Phone tried: wang, no answer engaged',
    '试拨 wang：无人接 engaged',
  ],
  [
    'called',
    { person: DUTY_PHONE, result: 'answered', note: '' },
    'Phone tried: the phone of the watch, answered ',
    '试拨 值班电话：接通 ',
  ],
  ['checked_in', { shift: 'day', minutes: 0 }, 'There for day, in time', '到岗：day，准时'],
  ['checked_in', { shift: 'day', minutes: 3 }, 'There for day, 3 min late', '到岗：day，迟到 3 分钟'],
  ['counted', { n: 2, missing: '' }, '2 kinds counted, all there', '清点 2 项，齐全'],
  ['counted', { n: 2, missing: 'Keys' }, '2 kinds counted, short: Keys', '清点 2 项，缺少：Keys'],
  ['item_done', { subject: 'Door', note: '' }, '“Door” is done', '事项“Door”完成'],
  [
    'probe_answered',
    { person: 'li', lateSeconds: 0, way: 'page' },
    'li answered the call in time',
    'li 按时应答查岗',
  ],
])('the watch log says %s %o in words, not in codes', (code, params, en, zh) => {
  expect(inWords(code, params)).toBe(en);
  expect(inWords(code, params, 'zh-CN')).toBe(zh);
});

it('a person’s own words stand as they are', () => {
  const said = { code: 'note', text: '{person} 到岗', params: {} } as const;
  expect(logText(said, wordsOf('en'))).toBe('{person} 到岗');
});
