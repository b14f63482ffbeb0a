import { checkYaml } from '../../config/yaml-file.ts';
import { RuleFile } from '../../config/schema/rule-file.ts';
import type { RuleQuery } from '../../alerting/ports.ts';
import { rulesOf, type RuleSet } from '../../alerting/rules/load.ts';
import { isAlertRule, type AlertRule } from '../../alerting/rules/rule.ts';

/** The rules of a file's text. */
export function rulesIn(text: string, query: RuleQuery): RuleSet {
  return rulesOf([checkYaml('rules.yaml', text, RuleFile)], query);
}

/** The first alerting rule of a text that is without faults. */
export function alertRule(text: string, query: RuleQuery): AlertRule {
  const { groups, faults } = rulesIn(text, query);
  const rule = groups.flatMap(({ rules }) => rules).find(isAlertRule);
  if (rule === undefined || faults.length > 0) throw new Error(`no rule: ${JSON.stringify(faults)}`);
  return rule;
}
