import { METRIC_NAME } from '../../config/model/labels.ts';
import type { Matcher } from '../../config/model/series.ts';
import {
  isComparison,
  unwrapped,
  visit,
  type Binary,
  type Call,
  type Expr,
  type VectorSelector,
  type Visitor,
} from './ast.ts';
import { typeOf } from './check-types.ts';

/**
 * The expression without its filters: it yields an element, of any value, for all that the expression has data to
 * judge, also where it judges false. `x > 60` becomes `x`, `a > 1 and b < 2` becomes `a and b`, `count(up == 0)`
 * becomes `count(up)`; `x > bool 60` is no filter. What `unless` takes away was judged; `absent(x)` can always judge.
 * Only the labels without the name count: values and names may differ.
 */
export function withoutFilters(expr: Expr): Expr {
  return visit<Expr>(expr, WITHOUT_FILTERS);
}

const same = (expr: Expr): Expr => expr;

const WITHOUT_FILTERS: Visitor<Expr> = {
  number: same,
  string: same,
  selector: same,
  matrix: same,
  paren: (expr) => ({ ...expr, expr: withoutFilters(expr.expr) }),
  unary: (expr) => ({ ...expr, expr: withoutFilters(expr.expr) }),
  subquery: (expr) => ({ ...expr, expr: withoutFilters(expr.expr) }),
  aggregate: (expr) => ({ ...expr, expr: withoutFilters(expr.expr) }),
  binary: (expr) => (typeOf(expr) === 'scalar' ? expr : binaryWithoutFilters(expr)),
  call: callWithoutFilters,
};

function binaryWithoutFilters(expr: Binary): Expr {
  const { op, isBool } = expr;
  const left = withoutFilters(expr.left);
  const right = withoutFilters(expr.right);
  if (op === 'unless') return left;
  // An element of the right side counts even where the left has data for the same match.
  if (op === 'or') return { ...expr, left, right, matching: undefined };
  if (!isComparison(op) || isBool) return { ...expr, left, right };
  if (typeOf(expr.left) === 'scalar') return right;
  if (typeOf(expr.right) === 'scalar') return left;
  return { ...expr, op: '+', left, right };
}

function callWithoutFilters(expr: Call): Expr {
  if (expr.name === 'absent' || expr.name === 'absent_over_time') return alwaysAbsent(expr);
  if (typeOf(expr) === 'scalar') return expr;
  return {
    ...expr,
    args: expr.args.map((arg) => (['vector', 'matrix'].includes(typeOf(arg)) ? withoutFilters(arg) : arg)),
  };
}

/** No series can have both. */
const NOTHING: readonly Matcher[] = [
  { name: METRIC_NAME, op: '=', value: '' },
  { name: METRIC_NAME, op: '!=', value: '' },
];

function alwaysAbsent(expr: Call): Expr {
  const impossible = (selector: VectorSelector): VectorSelector => ({
    ...selector,
    matchers: [...selector.matchers, ...NOTHING],
  });
  const [arg] = expr.args.map(unwrapped);
  if (arg?.kind === 'selector') return { ...expr, args: [impossible(arg)] };
  if (arg?.kind === 'matrix') return { ...expr, args: [{ ...arg, selector: impossible(arg.selector) }] };
  const { from, to } = expr;
  return { kind: 'call', name: 'vector', args: [{ kind: 'number', value: 1, from, to }], from, to };
}
