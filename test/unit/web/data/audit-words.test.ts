import { expect, it } from 'vitest';
import { LANGUAGES } from '../../../../config/model/localized.ts';
import { ACTIONS, actionWord } from '../../../../web/data/audit-words.ts';
import { wordsOf } from '../../../../web/i18n/words.ts';
import { SOURCES, textOf } from '../../../house/sources.ts';

it('every action that anything writes into the audit has words', () => {
  const written = SOURCES.filter((file) => /^(collector|alerting)\//.test(file))
    .flatMap((file) => [...textOf(file).matchAll(/\baction: '([a-z]+_[a-z_]+)'/g)])
    .map(([, action = '']) => action);
  expect(written.length).toBeGreaterThan(5);
  expect(written.filter((action) => !ACTIONS.includes(action))).toEqual([]);
});

it.each(LANGUAGES)('an action that is not known keeps its name in %s', (language) => {
  expect(actionWord('tea_made', wordsOf(language))).toBe('tea made');
  expect(actionWord('signed_in', wordsOf(language))).not.toContain('signed_in');
});
