import { visit, type Expr, type Shift } from './ast.ts';

/**
 * How far before the instant of its evaluation an expression looks, in milliseconds, the time for which a sample stands
 * included; infinite where it names an instant.
 */
export function reachOf(expr: Expr, lookbackMs = 5 * 60_000): number {
  const all = (exprs: readonly Expr[]): number =>
    Math.max(0, ...exprs.map((inner) => reachOf(inner, lookbackMs)));
  return visit<number>(expr, {
    number: () => 0,
    string: () => 0,
    selector: ({ shift }) => shifted(shift) + lookbackMs,
    matrix: ({ selector, rangeMs }) => shifted(selector.shift) + rangeMs,
    subquery: ({ expr: inner, rangeMs, shift }) => shifted(shift) + rangeMs + all([inner]),
    paren: ({ expr: inner }) => all([inner]),
    unary: ({ expr: inner }) => all([inner]),
    call: ({ args }) => all(args),
    aggregate: ({ param, expr: inner }) => all(param === undefined ? [inner] : [param, inner]),
    binary: ({ left, right }) => all([left, right]),
  });
}

function shifted({ offsetMs, at }: Shift): number {
  return at === undefined ? Math.max(0, offsetMs) : Number.POSITIVE_INFINITY;
}
