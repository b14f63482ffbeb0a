import type { Labels } from './labels.ts';
import type { Severity } from './severity.ts';

/**
 * Where one instance of an alert rule stands. `inactive` is the absence of a phase. `held`: it was firing and the
 * data that it is judged by is gone; it neither resolves nor is judged until data returns.
 */
export type Phase =
  | { readonly kind: 'pending'; readonly sinceMs: number }
  | {
      readonly kind: 'firing';
      readonly sinceMs: number;
      readonly firedAtMs: number;
      readonly clearSinceMs?: number;
    }
  | {
      readonly kind: 'held';
      readonly sinceMs: number;
      readonly firedAtMs: number;
      readonly heldSinceMs: number;
    }
  | {
      readonly kind: 'resolved';
      readonly firedAtMs: number;
      readonly resolvedAtMs: number;
      readonly cause: ResolvedCause;
    };

/**
 * Why an instance resolved: its condition became false, its data ended (for rules that do not hold), its device left
 * the site's files, its rule was taken away, or a person ended it with a reason.
 */
const RESOLVED_CAUSES = ['condition', 'no_data', 'left_site', 'rule_removed', 'person'] as const;
export type ResolvedCause = (typeof RESOLVED_CAUSES)[number];

/** Whether an alert still is one: held counts, since nobody knows better; pending is not yet, resolved no longer. */
export function isActive({ phase }: { readonly phase: Phase }): boolean {
  return phase.kind === 'firing' || phase.kind === 'held';
}

/** One instance of one alert rule: a set of labels and its phase. */
export interface AlertInstance {
  /** Equal for equal labels, across restarts. */
  readonly fingerprint: string;
  /** Id of the rule that it is an instance of. */
  readonly rule: string;
  /** Labels of the element of the rule's expression that it is judged by, without the rule's own labels. */
  readonly element: Labels;
  /** With `alertname` and `severity`. */
  readonly labels: Labels;
  /** As the templates gave them at the last evaluation. */
  readonly annotations: Labels;
  readonly severity: Severity;
  readonly phase: Phase;
  /** The expression's value at the last evaluation that had one. */
  readonly value: number;
}
