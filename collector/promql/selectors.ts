import { METRIC_NAME } from '../../config/model/labels.ts';
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

/** The metrics that selectors name; `undefined` where one of them names none. */
export function metricsOf(selectors: Selectors): ReadonlySet<string> | undefined {
  const metrics = new Set<string>();
  for (const matchers of selectors) {
    const named = matchers.find(({ name, op }) => name === METRIC_NAME && op === '=');
    if (named === undefined) return undefined;
    metrics.add(named.value);
  }
  return metrics;
}
