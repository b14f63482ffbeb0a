import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { LabelTest } from '../../config/runtime/matchers.ts';

/** While an alert of `source` is active, those of `target` that share the `equal` labels with it are not told of. */
export interface InhibitRule {
  readonly source: LabelTest;
  readonly target: LabelTest;
  readonly equal: readonly string[];
}

/** An alert as routes and mutes see it: its labels, with what the site says of its device beside them. */
export interface Seen {
  readonly alert: AlertInstance;
  readonly labels: Labels;
}

/** Which active alert keeps another from being told of; `undefined` when none does. */
export type Inhibitor = (target: Seen) => AlertInstance | undefined;

/**
 * Prepares the rules for the alerts there are now. An alert that is source and target of one rule is not inhibited by
 * another of the same kind, nor by itself (Alertmanager, `inhibit.InhibitRule.hasEqual`).
 */
export function inhibitorOf(rules: readonly InhibitRule[], seen: readonly Seen[]): Inhibitor {
  const active = seen.filter(({ alert }) => isActive(alert));
  const prepared = rules.map((rule) => ({
    rule,
    sources: Map.groupBy(
      active.filter(({ labels }) => rule.source(labels)),
      ({ labels }) => keyOf(rule, labels),
    ),
  }));
  return ({ labels }) => {
    for (const { rule, sources } of prepared) {
      if (sources.size === 0 || !rule.target(labels)) continue;
      const isTwoSided = rule.source(labels);
      const found = sources
        .get(keyOf(rule, labels))
        ?.find((source) => !isTwoSided || !rule.target(source.labels));
      if (found !== undefined) return found.alert;
    }
    return undefined;
  };
}

function keyOf({ equal }: InhibitRule, labels: Labels): string {
  return equal.map((name) => labels[name] ?? '').join('\u0001');
}
