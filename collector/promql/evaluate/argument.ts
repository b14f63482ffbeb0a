import type { Call, Expr } from '../ast.ts';
import { evaluationFault } from '../faults.ts';

/** The argument at this place; the types are checked, so it is there. */
export function argument({ args, name }: Call, index: number): Expr {
  const expr = args[index];
  if (expr === undefined) throw evaluationFault(`${name} lacks an argument`);
  return expr;
}
