import { expect, it } from 'vitest';
import { ROUTES } from '../../../../config/model/access.ts';
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

it.each(LANGUAGES)('every command has words in %s, also where it was taken back', (language) => {
  const words = wordsOf(language);
  const commands = Object.keys(ROUTES)
    .filter((route) => route.startsWith('POST /api/commands/'))
    .map((route) => route.replace('POST /api/commands/', '').replaceAll('-', '_'));
  expect(commands.filter((command) => !ACTIONS.includes(command))).toEqual([]);
  const [done, undone] = [actionWord('edit_person', words), actionWord('edit_person_undone', words)];
  expect(undone).toContain(done);
  expect(undone).not.toBe(done);
});

it.each(LANGUAGES)('an action that is not known keeps its name in %s', (language) => {
  expect(actionWord('tea_made', wordsOf(language))).toBe('tea made');
  expect(actionWord('signed_in', wordsOf(language))).not.toContain('signed_in');
});
