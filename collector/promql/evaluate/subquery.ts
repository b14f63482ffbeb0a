import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import type { Subquery } from '../ast.ts';
import { remembered } from './labels.ts';
import { shiftedMs, windowsOf, type WindowsIn } from './select.ts';
import type { MatrixPlan, Scope, VectorPlan, Window } from './types.ts';

/** Evaluates the inner expression at every whole step of the span that the scope looks at, once. */
export function subqueryPlan(expr: Subquery, inner: VectorPlan, slot: number): MatrixPlan {
  return (scope, atMs) => {
    const windowsIn = (scope.kept[slot] ??= windowsOf(evaluated(expr, inner, scope))) as WindowsIn;
    const toMs = shiftedMs(expr.shift, scope, atMs);
    const fromMs = toMs - expr.rangeMs;
    return { fromMs, toMs, windows: windowsIn(fromMs, toMs) };
  };
}

function evaluated(expr: Subquery, inner: VectorPlan, scope: Scope): readonly Window[] {
  const stepMs = expr.stepMs ?? scope.query.defaultStepMs;
  const afterMs = shiftedMs(expr.shift, scope, scope.startMs) - expr.rangeMs;
  const endMs = shiftedMs(expr.shift, scope, scope.endMs);
  const startMs = (Math.floor(afterMs / stepMs) + 1) * stepMs;
  return runSteps({ query: scope.query, startMs, endMs, stepMs }, inner);
}

export interface Steps extends Pick<Scope, 'query' | 'startMs' | 'endMs'> {
  readonly stepMs: number;
}

interface Growing {
  readonly labels: Labels;
  readonly timesMs: number[];
  readonly values: number[];
  dropsName: boolean;
}

/** The values of each series over the steps, oldest first. */
export function runSteps({ query, startMs, endMs, stepMs }: Steps, plan: VectorPlan): readonly Window[] {
  const scope: Scope = { query, startMs, endMs, stepMs, kept: [] };
  const series = new Map<string, Growing>();
  const byLabels = new Map<Labels, Growing>();
  const begun = (labels: Labels): Growing => {
    const key = labelsKey(labels);
    const known = series.get(key) ?? { labels, timesMs: [], values: [], dropsName: false };
    series.set(key, known);
    byLabels.set(labels, known);
    return known;
  };
  // At its place of the step before, mostly; else by its labels, which are the same object as long as nothing changes.
  const growingOf = remembered((labels) => byLabels.get(labels) ?? begun(labels));
  for (let atMs = startMs; atMs <= endMs; atMs += stepMs) {
    const vector = plan(scope, atMs);
    // A step counts too: there may be very many without a value.
    query.spend(vector.length + 1);
    for (const [index, { labels, value, dropsName }] of vector.entries()) {
      const growing = growingOf(labels, index);
      if (growing.values.length === 0) growing.dropsName = dropsName;
      growing.timesMs.push(atMs);
      growing.values.push(value);
    }
  }
  return [...series.values()].map(({ labels, timesMs, values, dropsName }) => ({
    labels,
    dropsName,
    timesMs: new Float64Array(timesMs),
    values: new Float64Array(values),
    start: 0,
    end: values.length,
  }));
}
