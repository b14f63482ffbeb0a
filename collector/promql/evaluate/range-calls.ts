import type { Call } from '../ast.ts';
import { argument } from './argument.ts';
import type { Compiler } from './compiler.ts';
import { renaming } from './map.ts';
import { predicted, REDUCTIONS } from './over-time.ts';
import { maybeNoCounter, shareOutside } from './remarks.ts';
import type { Element, Matrix, ScalarPlan, Scope, VectorPlan } from './types.ts';

/** Functions that make one value of the samples of each series. */
export const RANGE_CALLS: ReadonlySet<string> = new Set([...Object.keys(REDUCTIONS), 'predict_linear']);

/** Their value is still a sample of the metric. */
const KEEPS_NAME: ReadonlySet<string> = new Set(['last_over_time']);

/** What a counter's name ends in. */
const COUNTER_NAME = /_(?:total|sum|count|bucket)$/;

export function rangeCallPlan(call: Call, compiler: Compiler): VectorPlan {
  const { name } = call;
  const isQuantile = name === 'quantile_over_time';
  const operand = compiler.matrix(argument(call, isQuantile ? 1 : 0), name);
  const param = parameter(call, compiler);
  const reduce = REDUCTIONS[name];
  const rename = renaming(compiler.rules);
  const place = compiler.place(argument(call, 0));
  const remark = remarks({ name, place, typeAndUnit: compiler.rules.typeAndUnit });
  return (scope, atMs) => {
    const matrix = operand(scope, atMs);
    const number = param(scope, atMs);
    remark(scope, matrix, number);
    const results: Element[] = [];
    for (const [index, window] of matrix.windows.entries()) {
      const value = reduce === undefined ? predicted(window, atMs, number) : reduce(window, matrix, number);
      if (value === undefined) continue;
      const { labels, dropsName } = window;
      results.push(KEEPS_NAME.has(name) ? { labels, value, dropsName } : rename(window, value, index));
    }
    return results;
  };
}

function parameter(call: Call, compiler: Compiler): ScalarPlan {
  if (call.name === 'quantile_over_time') return compiler.scalar(argument(call, 0));
  return call.name === 'predict_linear' ? compiler.scalar(argument(call, 1)) : () => 0;
}

interface About {
  readonly name: string;
  readonly place: string;
  readonly typeAndUnit: boolean;
}

/** What is worth saying about the arguments, though there is a result. */
function remarks({
  name,
  place,
  typeAndUnit,
}: About): (scope: Scope, matrix: Matrix, number: number) => void {
  if (name === 'quantile_over_time') {
    return ({ query }, { windows }, share) => {
      if (windows.length === 0 || (share >= 0 && share <= 1)) return;
      query.warn(shareOutside(share, place));
    };
  }
  if (name !== 'rate' && name !== 'increase') return () => undefined;
  return ({ query }, { windows }) => {
    const first = windows[0]?.labels;
    const metric = first?.['__name__'] ?? '';
    const isCounter =
      typeAndUnit && first?.['__type__'] !== undefined
        ? first['__type__'] === 'counter'
        : COUNTER_NAME.test(metric);
    if (metric === '' || isCounter) return;
    query.inform(maybeNoCounter(metric, place));
  };
}
