import { describe, expect, it } from 'vitest';
import type { RuleView } from '../../../../config/model/rules-api.ts';
import { costText, foundRules, templateText } from '../../../../web/data/rules.ts';

function rule(name: string, more: Partial<RuleView> = {}): RuleView {
  const text = { 'zh-CN': '太热', en: `${name} happened` };
  return {
    id: name,
    kind: 'alert',
    name,
    query: 'heat > 28',
    line: 1,
    health: 'ok',
    state: 'inactive',
    forMs: 0,
    keepFiringForMs: 0,
    labels: {},
    summary: text,
    response: text,
    consequence: text,
    isHeldWithoutData: true,
    ...more,
  };
}

const BODY = {
  faults: [],
  groups: [
    {
      file: 'a.yaml',
      name: 'a',
      intervalMs: 1,
      rules: [rule('Hot', { state: 'firing' }), rule('Cold', { health: 'failed' })],
    },
    {
      file: 'b.yaml',
      name: 'b',
      intervalMs: 1,
      rules: [rule('Wet', { lastError: 'template', query: 'leak' })],
    },
  ],
};

describe('the rules', () => {
  it.each([
    ['all', '', ['Hot', 'Cold', 'Wet']],
    ['active', '', ['Hot']],
    ['failed', '', ['Cold', 'Wet']],
    ['all', 'HEAT', ['Hot', 'Cold']],
    ['all', 'wet hap', ['Wet']],
    ['failed', 'nothing', []],
  ] as const)('that are %s and speak of %j', (filter, text, names) => {
    const found = foundRules(BODY, { filter, text, language: 'en' });
    expect(found.flatMap(({ rules }) => rules.map(({ name }) => name))).toEqual(names);
  });

  it('are found by the words of the reader’s language', () => {
    expect(foundRules(BODY, { filter: 'all', text: '太热', language: 'zh-CN' })).toHaveLength(2);
    expect(foundRules(BODY, { filter: 'all', text: '太热', language: 'en' })).toEqual([]);
  });

  it('tell their cost and their templates so that they can be read', () => {
    expect(costText(0.12345)).toBe('0.12 ms');
    expect(
      templateText('Disk {{ $labels.storage }} at {{ $value | humanize }}{{ with query "x" }} now{{ end }}'),
    ).toBe('Disk ‹storage› at ‹value› now');
  });
});
