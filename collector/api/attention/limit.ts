import type { Expr } from '../../promql/ast.ts';
import { parseExpression } from '../../promql/parse.ts';
import type { Limit } from '../../../alerting/attention/proposals.ts';

/** A rule that holds one value against one number. */
export interface LimitRule extends Limit {
  /** What is held against the limit. */
  readonly expression: string;
}

/** Whether what stands on the left is above what stands on the right. */
const DIRECTIONS: ReadonlyMap<string, boolean> = new Map([
  ['>', true],
  ['>=', true],
  ['<', false],
  ['<=', false],
]);

/** Finds the limit of an expression such as `ups_load_ratio > 0.6`; `undefined` for any other. */
export function limitOf(query: string): LimitRule | undefined {
  const whole = bare(parseExpression(query));
  if (whole.kind !== 'binary' || whole.isBool) return undefined;
  const isAbove = DIRECTIONS.get(whole.op);
  if (isAbove === undefined) return undefined;
  const [left, right] = [bare(whole.left), bare(whole.right)];
  const [limit, valued] = [numberIn(right), numberIn(left)];
  if (limit !== undefined && valued === undefined) return { expression: textOf(query, left), limit, isAbove };
  if (valued !== undefined && limit === undefined)
    return { expression: textOf(query, right), limit: valued, isAbove: !isAbove };
  return undefined;
}

function bare(expr: Expr): Expr {
  return expr.kind === 'paren' ? bare(expr.expr) : expr;
}

function numberIn(expr: Expr): number | undefined {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind !== 'unary') return undefined;
  const value = numberIn(bare(expr.expr));
  return value === undefined || expr.op === '+' ? value : -value;
}

function textOf(query: string, { from, to }: Expr): string {
  return query.slice(from, to);
}
