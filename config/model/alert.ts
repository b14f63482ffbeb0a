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
  | { readonly kind: 'resolved'; readonly firedAtMs: number; readonly resolvedAtMs: number };

export type PhaseKind = Phase['kind'];

/** One instance of one alert rule: a set of labels and its phase. */
export interface AlertInstance {
  /** Equal for equal labels, across restarts. */
  readonly fingerprint: string;
  /** With `alertname` and `severity`. */
  readonly labels: Labels;
  /** As the templates gave them at the last evaluation. */
  readonly annotations: Labels;
  readonly severity: Severity;
  readonly phase: Phase;
  /** The expression's value at the last evaluation that had one. */
  readonly value: number;
}
