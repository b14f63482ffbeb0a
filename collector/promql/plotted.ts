import { isComparison, unwrapped, type Expr } from './ast.ts';
import { typeOf } from './check-types.ts';

/** What a rule holds against what. */
export interface Plotted {
  readonly value: Expr;
  /** Absent where the rule asks whether it is equal: a line would say nothing. */
  readonly limit?: Expr;
}

/**
 * The two sides of the comparison that decides whether an expression is true: of `temperature > 30 and on(device) up`
 * the temperature and 30. `undefined` where none does.
 */
export function plotted(expr: Expr): Plotted | undefined {
  const top = unwrapped(expr);
  if (top.kind !== 'binary') return undefined;
  const { op, left, right } = top;
  if (op === 'and' || op === 'unless' || op === 'or') return plotted(left);
  if (!isComparison(op) || top.isBool) return undefined;
  const [value, limit] = typeOf(left) === 'scalar' ? [right, left] : [left, right];
  return op === '==' || op === '!=' ? { value } : { value, limit };
}
