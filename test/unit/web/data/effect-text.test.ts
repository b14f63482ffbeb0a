import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../../config/model/command.ts';
import { SHEET_FAULTS, TRAININGS } from '../../../../config/model/person.ts';
import { effectText } from '../../../../web/data/effect-text.ts';
import { wordsOf } from '../../../../web/i18n/words.ts';

const inWords = (effect: Effect, language: 'en' | 'zh-CN' = 'en'): string =>
  effectText(effect, wordsOf(language), (atMs) => `at ${atMs}`);

describe('an effect of a command', () => {
  it('names posts, trainings, fields and scopes by their words, with the commas of the language', () => {
    const roles: Effect = { code: 'several_posts', params: { name: 'li', roles: 'operator engineer' } };
    expect(inWords(roles)).toBe('li holds several posts: Operator, Engineer');
    expect(inWords(roles, 'zh-CN')).toContain('值班员、工程师');
    const lacking = ['vetting', ...TRAININGS].join(' ');
    const unqualified: Effect = { code: 'unqualified', params: { name: 'li', lacking } };
    expect(inWords(unqualified)).toBe('li lacks for the watch: Vetting, Business, Technical, Security');
    const field = { name: 'li', field: 'vettedOn', before: '', after: '2026-01-05' };
    expect(inWords({ code: 'field_changed', params: field })).toContain('Day of vetting of li');
    const token = { name: 'x', scopes: 'metrics:read records:read', days: 1 };
    expect(inWords({ code: 'token_added', params: token })).toContain('Read metrics, Read records');
  });

  it('tells a fault of a sheet by its cell, or by its row where it is of no cell', () => {
    const fault = { row: 3, column: 'D', fault: 'bad_role', text: 'king' };
    expect(inWords({ code: 'sheet_fault', params: fault })).toBe(
      'Row 3, column D: there is no such post (king)',
    );
    const row = { row: 2, column: '', fault: 'no_people', text: '' };
    expect(inWords({ code: 'sheet_fault', params: row })).toBe('Row 2: nobody is in the sheet');
    expect(inWords({ code: 'sheet_fault', params: row }, 'zh-CN')).toBe('第 2 行：表中没有人员');
  });

  it.each(SHEET_FAULTS)('has words for the fault %s', (fault) => {
    const text = inWords({ code: 'sheet_fault', params: { row: 1, column: 'A', fault, text: '' } });
    expect(text).not.toContain(fault);
  });

  it('keeps a text that is more than its codes', () => {
    const roles = 'operator of the night';
    expect(inWords({ code: 'several_posts', params: { name: 'li', roles } })).toContain(roles);
  });
});
