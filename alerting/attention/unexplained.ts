import { EXPLANATIONS, type UnexplainedView } from '../../config/model/attention.ts';
import type { GroupRun } from '../engine/group.ts';
import { isAlertRule } from '../rules/rule.ts';

/** What an alerting rule says of itself, and what it should. */
export interface RuleExplained extends UnexplainedView {
  readonly forMs: number;
}

const LANGUAGES = ['', '_zh', '_en'] as const;

/**
 * Every alerting rule with what it leaves unsaid: an alarm has a response, a consequence and a time to act; what has none
 * is an event (ISA-18.2, rationalisation).
 */
export function explainedRules(groups: readonly GroupRun[]): readonly RuleExplained[] {
  return groups.flatMap(({ group }) =>
    group.rules.filter(isAlertRule).map(({ id, name, annotations, forMs }) => ({
      rule: id,
      name,
      forMs,
      missing: EXPLANATIONS.filter((explanation) =>
        LANGUAGES.every((suffix) => (annotations[explanation + suffix]?.source ?? '').trim() === ''),
      ),
    })),
  );
}
