import type { Labels } from '../../../config/model/labels.ts';
import { METRIC_NAME } from '../../../config/model/labels.ts';
import type { Call, Expr } from '../ast.ts';
import { unwrapped } from '../ast.ts';
import { argument } from './argument.ts';
import type { Compiler } from './compiler.ts';
import type { VectorPlan } from './types.ts';

/** One element where there is none, else none. */
export function absentPlan(call: Call, compiler: Compiler): VectorPlan {
  const expr = argument(call, 0);
  const one = [{ labels: labelsAsked(expr), value: 1, dropsName: false }];
  if (call.name === 'absent') {
    const operand = compiler.vector(expr);
    return (scope, atMs) => (operand(scope, atMs).length === 0 ? one : []);
  }
  const operand = compiler.matrix(expr);
  return (scope, atMs) => (operand(scope, atMs).windows.length === 0 ? one : []);
}

/** What a selector says of its series: the labels that it asks to be equal to one value. */
function labelsAsked(expr: Expr): Labels {
  const inner = unwrapped(expr);
  const selector = inner.kind === 'matrix' ? inner.selector : inner;
  if (selector.kind !== 'selector') return {};
  const asked: Record<string, string> = {};
  for (const { name, op, value } of selector.matchers) {
    if (name === METRIC_NAME) continue;
    const isOnly = selector.matchers.filter((other) => other.name === name).length === 1;
    if (op === '=' && isOnly && value !== '') asked[name] = value;
  }
  return asked;
}
