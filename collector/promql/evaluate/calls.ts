import type { Call } from '../ast.ts';
import { evaluationFault } from '../faults.ts';
import { absentPlan } from './absent.ts';
import { argument } from './argument.ts';
import type { Compiler } from './compiler.ts';
import { histogramPlan } from './histogram-calls.ts';
import { labelJoinPlan, labelReplacePlan } from './label-calls.ts';
import { NO_LABELS } from './labels.ts';
import { mapped, renaming } from './map.ts';
import { BOUNDED, CALENDAR, POINTWISE } from './pointwise.ts';
import { vainSort } from './remarks.ts';
import { rangeCallPlan, RANGE_CALLS } from './range-calls.ts';
import { latestPlan } from './latest.ts';
import { ascending } from './statistics.ts';
import type { Element, ScalarPlan, Vector, VectorPlan } from './types.ts';

type Build = (call: Call, compiler: Compiler) => VectorPlan;

const BUILDERS: Readonly<Record<string, Build>> = {
  absent: absentPlan,
  absent_over_time: absentPlan,
  label_join: labelJoinPlan,
  label_replace: labelReplacePlan,
  sort: (call, compiler) => sortPlan(call, compiler, ascending),
  sort_desc: (call, compiler) => sortPlan(call, compiler, (left, right) => -ascending(left, right)),
  timestamp: timestampPlan,
  vector(call, compiler) {
    const scalar = compiler.scalar(argument(call, 0));
    return (scope, atMs) => [{ labels: NO_LABELS, value: scalar(scope, atMs), dropsName: false }];
  },
  ...everyKey(POINTWISE, pointwisePlan),
  ...everyKey(CALENDAR, calendarPlan),
  ...everyKey(BOUNDED, boundedPlan),
  ...Object.fromEntries([...RANGE_CALLS].map((name) => [name, rangeCallPlan])),
  histogram_fraction: histogramPlan,
  histogram_quantile: histogramPlan,
  // Of histograms that are one sample each; there are none here, and every other sample is passed over.
  ...everyKey(
    { histogram_avg: 0, histogram_count: 0, histogram_stddev: 0, histogram_stdvar: 0, histogram_sum: 0 },
    () => () => [],
  ),
};

function everyKey(table: Readonly<Record<string, unknown>>, build: Build): Readonly<Record<string, Build>> {
  return Object.fromEntries(Object.keys(table).map((name) => [name, build]));
}

export function callPlan(call: Call, compiler: Compiler): VectorPlan {
  const build = BUILDERS[call.name];
  if (build === undefined) throw evaluationFault(`the function ${call.name} yields no instant vector`);
  return build(call, compiler);
}

export function scalarCallPlan(call: Call, compiler: Compiler): ScalarPlan {
  if (call.name === 'time') return (_, atMs) => atMs / 1_000;
  if (call.name === 'pi') return () => Math.PI;
  const operand = compiler.vector(argument(call, 0));
  return (scope, atMs) => {
    const vector = operand(scope, atMs);
    return vector.length === 1 ? (vector[0]?.value ?? Number.NaN) : Number.NaN;
  };
}

function pointwisePlan(call: Call, compiler: Compiler): VectorPlan {
  const operand = compiler.vector(argument(call, 0));
  const change = mapped(POINTWISE[call.name] ?? Number, compiler.rules);
  return (scope, atMs) => change(operand(scope, atMs));
}

function calendarPlan(call: Call, compiler: Compiler): VectorPlan {
  const read = CALENDAR[call.name] ?? Number;
  if (call.args.length === 0) {
    return (_, atMs) => [{ labels: NO_LABELS, value: read(atMs / 1_000), dropsName: false }];
  }
  const operand = compiler.vector(argument(call, 0));
  const change = mapped(read, compiler.rules);
  return (scope, atMs) => change(operand(scope, atMs));
}

function boundedPlan(call: Call, compiler: Compiler): VectorPlan {
  const operand = compiler.vector(argument(call, 0));
  const numbers = call.args.slice(1).map((arg) => compiler.scalar(arg));
  const change = BOUNDED[call.name] ?? Number;
  const rename = renaming(compiler.rules);
  return (scope, atMs) => {
    const [first = 1, second = 0] = numbers.map((number) => number(scope, atMs));
    const results: Element[] = [];
    for (const [index, element] of operand(scope, atMs).entries()) {
      const value = change(element.value, first, second);
      if (value !== undefined) results.push(rename(element, value, index));
    }
    return results;
  };
}

function sortPlan(
  call: Call,
  compiler: Compiler,
  order: (left: number, right: number) => number,
): VectorPlan {
  const operand = compiler.vector(argument(call, 0));
  const place = compiler.place(call);
  return (scope, atMs): Vector => {
    if (scope.query.startMs < scope.query.endMs) scope.query.warn(vainSort(place));
    return [...operand(scope, atMs)].sort((left, right) => {
      // NaN stands last, whichever way the numbers go.
      const isLast = Number(Number.isNaN(left.value)) - Number(Number.isNaN(right.value));
      return isLast === 0 ? order(left.value, right.value) : isLast;
    });
  };
}

/** When the samples were taken; of anything but a plain selector that is now. */
function timestampPlan(call: Call, compiler: Compiler): VectorPlan {
  const expr = argument(call, 0);
  const rename = renaming(compiler.rules);
  const inner = expr.kind === 'paren' ? expr.expr : expr;
  if (inner.kind !== 'selector') {
    const operand = compiler.vector(expr);
    return (scope, atMs) =>
      operand(scope, atMs).map((element, index) => rename(element, atMs / 1_000, index));
  }
  const latest = latestPlan(inner, compiler.slots(1));
  return (scope, atMs) =>
    latest(scope, atMs, (labels, _, sampleMs, position) => rename({ labels }, sampleMs / 1_000, position));
}
