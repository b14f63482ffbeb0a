import type { Language } from '../../config/model/localized.ts';
import type { RuleGroupView, RulesBody, RuleView } from '../../config/model/rules-api.ts';

export const RULE_FILTERS = ['all', 'active', 'failed'] as const;
export type RuleFilter = (typeof RULE_FILTERS)[number];

const ADMITS: Readonly<Record<RuleFilter, (rule: RuleView) => boolean>> = {
  all: () => true,
  active: ({ state }) => state !== 'inactive',
  failed: ({ health, lastError }) => health === 'failed' || lastError !== undefined,
};

export interface RuleSearch {
  readonly filter: RuleFilter;
  readonly text: string;
  readonly language: Language;
}

/** The groups with the rules that are looked for, without those that have none of them. */
export function foundRules({ groups }: RulesBody, search: RuleSearch): readonly RuleGroupView[] {
  return groups.flatMap((group) => {
    const rules = group.rules.filter((rule) => ADMITS[search.filter](rule) && speaksOf(rule, search));
    return rules.length === 0 ? [] : [{ ...group, rules }];
  });
}

function speaksOf(rule: RuleView, { text, language }: RuleSearch): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  return [rule.name, rule.summary[language], rule.query].some((part) => part.toLowerCase().includes(wanted));
}

/** A duration of an evaluation, short: `0.35 ms`. */
export function costText(durationMs: number): string {
  return `${Number(durationMs.toPrecision(2))} ms`;
}

/** The text of a template, with its actions as they are read: `{{ $labels.storage }}` → `storage`. */
export function templateText(source: string): string {
  return source
    .replaceAll(/\{\{-?\s*\$labels\.(\w+)\s*-?\}\}/g, '‹$1›')
    .replaceAll(/\{\{-?\s*\$value[^}]*\}\}/g, '‹value›')
    .replaceAll(/\{\{[^}]*\}\}/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
