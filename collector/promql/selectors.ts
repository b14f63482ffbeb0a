import type { Matcher } from '../../config/model/series.ts';
import { visit, type Expr } from './ast.ts';

type Selectors = readonly (readonly Matcher[])[];

/** The matchers of every selector in an expression. */
export function selectorsOf(expr: Expr): Selectors {
  const inner = (outer: { readonly expr: Expr }): Selectors => selectorsOf(outer.expr);
  return visit<Selectors>(expr, {
    number: () => [],
    string: () => [],
    selector: ({ matchers }) => [matchers],
    matrix: ({ selector }) => [selector.matchers],
    subquery: inner,
    unary: inner,
    paren: inner,
    call: ({ args }) => args.flatMap(selectorsOf),
    aggregate: ({ param, expr: operand }) => [
      ...(param === undefined ? [] : selectorsOf(param)),
      ...selectorsOf(operand),
    ],
    binary: ({ left, right }) => [...selectorsOf(left), ...selectorsOf(right)],
  });
}
