import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../../config/model/localized.ts';
import { decisive, wayText, whyText } from '../../../../web/data/why.ts';
import { effectText } from '../../../../web/data/effect-text.ts';
import { endsSoon, matcherText, REMIND_MS } from '../../../../web/data/silences.ts';
import { MESSAGES, wordsOf } from '../../../../web/i18n/words.ts';

const PASSED = { gate: 'severity', outcome: 'passed', reason: 'severity_taken', atMs: 1 } as const;
const HELD = {
  gate: 'silence',
  outcome: 'held',
  reason: 'silenced',
  atMs: 1,
  by: 'li',
  untilMs: 5,
} as const;
const USE = {
  instant: (atMs: number) => `<${atMs}>`,
  known: (key: string) => Object.hasOwn(MESSAGES.en, key),
};

describe('why nobody was called', () => {
  it('is what the gate said that held it back, else the last that it passed', () => {
    expect(decisive([PASSED, HELD])).toBe(HELD);
    expect(decisive([PASSED])).toBe(PASSED);
    expect(decisive([])).toBeUndefined();
  });

  it('is a sentence in each language; a reason of a later version keeps its name', () => {
    expect(whyText(HELD, wordsOf('en'), USE)).toBe('Silenced by li, until <5>');
    expect(whyText(HELD, wordsOf('zh-CN'), USE)).toBe('li 的静默，到 <5> 为止');
    expect(whyText({ ...HELD, reason: 'of_tomorrow' }, wordsOf('en'), USE)).toBe('of_tomorrow');
  });

  it.each([
    ['mail[0]', 'Mail', '邮件'],
    ['mail[1]', 'Mail 2', '邮件 2'],
    ['mail', 'Mail', '邮件'],
    ['pigeon[0]', 'pigeon[0]', 'pigeon[0]'],
  ])('calls the way %s as people do', (way, english, chinese) => {
    expect(wayText(way, wordsOf('en'), USE.known)).toBe(english);
    expect(wayText(way, wordsOf('zh-CN'), USE.known)).toBe(chinese);
  });
});

describe('an effect', () => {
  it.each(LANGUAGES)('names instants as people read them, in %s', (language) => {
    const effect = { code: 'silence_until' as const, params: { untilMs: 7 } };
    expect(effectText(effect, wordsOf(language), USE.instant)).toContain('<7>');
  });
});

describe('a silence', () => {
  it('reminds of its end for a quarter of an hour', () => {
    const at = (endsAtMs: number) => endsSoon({ state: 'active', endsAtMs }, 0);
    expect([at(1), at(REMIND_MS), at(REMIND_MS + 1), at(0)]).toEqual([true, true, false, false]);
    expect(endsSoon({ state: 'upcoming', endsAtMs: 1 }, 0)).toBe(false);
  });

  it('reads as its conditions', () => {
    expect(matcherText([{ name: 'a', op: '=~', value: 'b.*' }])).toBe('a=~"b.*"');
  });
});
