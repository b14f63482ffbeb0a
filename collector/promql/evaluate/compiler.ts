import type { Expr } from '../ast.ts';
import type { MatrixPlan, ScalarPlan, VectorPlan } from './types.ts';

/** What becomes of the names of metrics that are none any more. */
export interface NameRules {
  /** Names are taken away when all is done, not at once. */
  readonly isLate: boolean;
  /** `__type__` and `__unit__` go with the name. */
  readonly typeAndUnit: boolean;
}

/** Makes plans of expressions whose types are right. */
export interface Compiler {
  readonly rules: NameRules;
  /** The first of so many places in `Scope.kept`, for a node that keeps something there. */
  slots(count: number): number;
  vector(expr: Expr): VectorPlan;
  scalar(expr: Expr): ScalarPlan;
  /** `reader`: the function that it is for. */
  matrix(expr: Expr, reader?: string): MatrixPlan;
  string(expr: Expr): string;
  /** What is said beside a result names the place in the text: `(1:5)`. */
  place(expr: Expr): string;
}
