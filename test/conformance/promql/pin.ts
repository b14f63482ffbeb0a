import { visit, type Expr, type Shift } from '../../../collector/promql/ast.ts';
import { parseExpression } from '../../../collector/promql/parse.ts';

/** Their result depends on the instant of the evaluation, whatever their arguments say. */
const OF_NOW: ReadonlySet<string> = new Set([
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'days_in_month',
  'hour',
  'minute',
  'month',
  'predict_linear',
  'time',
  'timestamp',
  'year',
]);

/** The expression with every selector fixed to the instant; `undefined` if it has parts that cannot be fixed. */
export function pinnedAt(text: string, atMs: number): string | undefined {
  const ends = endsOf(parseExpression(text));
  if (ends === undefined) return undefined;
  const mark = ` @ ${(atMs / 1_000).toFixed(3)}`;
  return [...ends]
    .sort((a, b) => b - a)
    .reduce((pinned, end) => pinned.slice(0, end) + mark + pinned.slice(end), text);
}

type Ends = readonly number[] | undefined;

function endsOf(expr: Expr): Ends {
  const own = ({ to }: Expr, { at }: Shift): Ends => (at === undefined ? [to] : []);
  const inner = (outer: { readonly expr: Expr }): Ends => endsOf(outer.expr);
  return visit<Ends>(expr, {
    number: () => [],
    string: () => [],
    selector: (selector) => own(selector, selector.shift),
    matrix: (matrix) => own(matrix, matrix.selector.shift),
    // What stands in a subquery follows it.
    subquery: (subquery) => own(subquery, subquery.shift),
    unary: inner,
    paren: inner,
    call: ({ name, args }) => (OF_NOW.has(name) ? undefined : together(args)),
    aggregate: ({ param, expr: operand }) => together(param === undefined ? [operand] : [param, operand]),
    binary: ({ left, right }) => together([left, right]),
  });
}

function together(parts: readonly Expr[]): Ends {
  const ends: number[] = [];
  for (const part of parts) {
    const own = endsOf(part);
    if (own === undefined) return undefined;
    ends.push(...own);
  }
  return ends;
}
