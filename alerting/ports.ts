import type { Labels } from '../config/model/labels.ts';

/** One element of an instant vector. `labels` have no `__name__` unless the expression kept it. */
export interface VectorElement {
  readonly labels: Labels;
  readonly value: number;
}

/** How rules ask for data: evaluates a PromQL expression at one instant. A scalar is one element without labels. */
export interface RuleQuery {
  evaluate(expression: string, atMs: number): readonly VectorElement[];
}
