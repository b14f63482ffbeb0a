import type { RuleExpression, RuleQuery, VectorElement } from '../../alerting/ports.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { Matcher, SeriesSource } from '../../config/model/series.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Expr } from './ast.ts';
import { typeOf } from './check-types.ts';
import { createCompiler } from './evaluate/compile.ts';
import type { Compiler, NameRules } from './evaluate/compiler.ts';
import { duplicateGuard, namingLabels, withoutLabels } from './evaluate/labels.ts';
import { runSteps } from './evaluate/subquery.ts';
import type { Query, Scope, Vector, VectorPlan, Window } from './evaluate/types.ts';
import { parseExpression } from './parse.ts';
import { plotted } from './plotted.ts';
import { metricsOf, selectorsOf } from './selectors.ts';
import { withoutFilters } from './unfiltered.ts';

export interface EngineOptions {
  readonly source: SeriesSource;
  /** How long a sample stands for its series when no newer one comes. */
  readonly lookbackMs?: number;
  /** The step of subqueries that name none. */
  readonly defaultStepMs?: number;
  /** How many samples one query may read. */
  readonly maxSamples?: number;
  /** Names are taken from results when all is done, so that a function may still use them. Off in the product. */
  readonly isNameDroppedLate?: boolean;
  /** `__type__` and `__unit__` go with the name. Off in the product. */
  readonly typeAndUnit?: boolean;
  /** How long each query may take, an evaluation of a rule too; without it, as long as it does. */
  readonly deadline?: Deadline;
}

export interface Deadline {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly limitMs: number;
}

/** What a query yields: of a range vector or a range of instants, the samples of each series. */
export type QueryValue =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly elements: readonly VectorElement[] }
  | { readonly type: 'matrix'; readonly series: readonly SampledSeries[] };

export interface SampledSeries {
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

export interface QueryResult {
  readonly value: QueryValue;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

export interface Range {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** A prepared expression of a rule, with what it selects. */
export interface CompiledExpression extends RuleExpression {
  readonly selectors: readonly (readonly Matcher[])[];
}

/** A query of one instant, to be asked again and again. */
export interface Prepared {
  readonly expr: Expr;
  instant(atMs: number): QueryResult;
}

/** Evaluates PromQL. Errors: `query_invalid`, `query_failed`, `query_limit`. */
export interface Engine extends RuleQuery {
  instant(expression: string, atMs: number): QueryResult;
  prepare(expression: string): Prepared;
  range(expression: string, range: Range): QueryResult;
  compile(expression: string): CompiledExpression;
}

const DEFAULTS = {
  lookbackMs: 5 * 60_000,
  defaultStepMs: 60_000,
  maxSamples: 50_000_000,
  isNameDroppedLate: false,
  typeAndUnit: false,
};

export function createEngine(options: EngineOptions): Engine {
  const settings = { ...DEFAULTS, ...options };
  const rules: NameRules = { isLate: settings.isNameDroppedLate, typeAndUnit: settings.typeAndUnit };
  const begin: Begin = ({ startMs, endMs }, heardForMs) => {
    if (heardForMs === undefined) return beginQuery(settings, startMs, endMs);
    return beginQuery({ ...settings, source: heardIn(settings.source, heardForMs) }, startMs, endMs);
  };

  const prepare = (expression: string): Prepared => prepared(expression, rules, begin);

  return {
    instant: (expression, atMs) => prepare(expression).instant(atMs),
    prepare,
    range(expression, range) {
      const expr = parseExpression(expression);
      const type = typeOf(expr);
      if (type !== 'vector' && type !== 'scalar') {
        const message = `invalid expression type "${type}" for range query, must be Scalar or instant Vector`;
        throw new WatchkeeperError('query_invalid', message);
      }
      const started = begin(range);
      const plan = elementsPlan(expr, rules, expression);
      return started.result({
        type: 'matrix',
        series: stepped(plan, { query: started.query, range, rules }),
      });
    },
    compile(expression) {
      const expr = parseExpression(expression);
      const type = typeOf(expr);
      if (type !== 'vector' && type !== 'scalar') {
        throw new WatchkeeperError('query_invalid', `a rule cannot use a ${type}`);
      }
      const evaluator = (chosen: Expr) => {
        const plan = elementsPlan(chosen, rules, expression);
        const finish = finisher(rules);
        return (atMs: number, heardForMs?: number): Vector => {
          const { query } = begin({ startMs: atMs, endMs: atMs }, heardForMs);
          return finish(plan({ query, startMs: atMs, endMs: atMs, kept: [] }, atMs));
        };
      };
      const selectors = selectorsOf(expr);
      const metrics = metricsOf(selectors);
      const curves = (chosen: Expr, range: Range): readonly SampledSeries[] =>
        stepped(elementsPlan(chosen, rules, expression), { query: begin(range).query, range, rules });
      return {
        evaluate: evaluator(expr),
        unfiltered: evaluator(withoutFilters(expr)),
        selectors,
        ...(metrics === undefined ? {} : { metrics }),
        ...plotOf(expr, curves),
      };
    },
  };
}

/** @param heardForMs only series that have a sample of so long before the end of what is read of them */
type Begin = (span: Pick<Range, 'startMs' | 'endMs'>, heardForMs?: number) => ReturnType<typeof beginQuery>;

/** What is looked at with an offset was heard where it was so at that time. */
function heardIn(source: SeriesSource, forMs: number): SeriesSource {
  return {
    *select(matchers, fromMs, toMs, detail) {
      for (const slice of source.select(matchers, fromMs, toMs, detail))
        if (slice.end > slice.start && (slice.timesMs[slice.end - 1] ?? 0) > toMs - forMs) yield slice;
    },
  };
}

function prepared(expression: string, rules: NameRules, begin: Begin): Prepared {
  const expr = parseExpression(expression);
  const plan = instantPlan(expr, createCompiler(rules, expression));
  return {
    expr,
    instant(atMs) {
      const { query, result } = begin({ startMs: atMs, endMs: atMs });
      return result(plan({ query, startMs: atMs, endMs: atMs, kept: [] }));
    },
  };
}

function plotOf(
  expr: Expr,
  curves: (side: Expr, range: Range) => readonly SampledSeries[],
): Pick<CompiledExpression, 'plot'> {
  const sides = plotted(expr);
  if (sides === undefined) return {};
  const { value, limit } = sides;
  return {
    plot: (range) => ({
      values: curves(value, range),
      limits: limit === undefined ? [] : curves(limit, range),
    }),
  };
}

/** What a plan yields at each step of a range. */
function stepped(
  plan: VectorPlan,
  { query, range, rules }: { readonly query: Query; readonly range: Range; readonly rules: NameRules },
): readonly SampledSeries[] {
  const finish = finisher(rules);
  return runSteps({ query, ...range }, (scope, atMs) => finish(plan(scope, atMs))).map(seriesOf);
}

/** The plan of a vector; a scalar is one element without labels. */
function elementsPlan(expr: Expr, rules: NameRules, text: string): VectorPlan {
  const compiler = createCompiler(rules, text);
  if (typeOf(expr) === 'vector') return compiler.vector(expr);
  const scalar = compiler.scalar(expr);
  return (scope, atMs) => [{ labels: {}, value: scalar(scope, atMs), dropsName: false }];
}

function instantPlan(expr: Expr, compiler: Compiler): (scope: Scope) => QueryValue {
  const type = typeOf(expr);
  switch (type) {
    case 'scalar': {
      const plan = compiler.scalar(expr);
      return (scope) => ({ type, value: plan(scope, scope.endMs) });
    }
    case 'string': {
      const value = compiler.string(expr);
      return () => ({ type, value });
    }
    case 'vector': {
      const plan = compiler.vector(expr);
      const finish = finisher(compiler.rules);
      return (scope) => ({ type, elements: finish(plan(scope, scope.endMs)) });
    }
    case 'matrix': {
      const plan = compiler.matrix(expr);
      return (scope) => ({ type, series: plan(scope, scope.endMs).windows.map(seriesOf) });
    }
    default:
      throw type satisfies never;
  }
}

function seriesOf({ labels, timesMs, values, start, end }: Window): SampledSeries {
  return { labels, timesMs: timesMs.slice(start, end), values: values.slice(start, end) };
}

/** Takes away the names that are still to go, and refuses what then cannot be told apart. */
function finisher({ isLate, typeAndUnit }: NameRules): (vector: Vector) => Vector {
  // Where names go at once, each step has looked already.
  if (!isLate) return (vector) => vector;
  const names = namingLabels(typeAndUnit);
  const refuse = duplicateGuard();
  return (vector) => {
    const finished = vector.some(({ dropsName }) => dropsName)
      ? vector.map((element) =>
          element.dropsName
            ? { ...element, labels: withoutLabels(element.labels, names), dropsName: false }
            : element,
        )
      : vector;
    refuse(finished);
    return finished;
  };
}

type Settings = Required<Omit<EngineOptions, 'deadline'>> & Pick<EngineOptions, 'deadline'>;

function beginQuery(
  { source, lookbackMs, defaultStepMs, maxSamples, deadline }: Settings,
  startMs: number,
  endMs: number,
) {
  const warnings = new Set<string>();
  const infos = new Set<string>();
  const checkTime = deadline === undefined ? () => undefined : timeLimit(deadline);
  let samples = 0;
  const query: Query = {
    source,
    lookbackMs,
    defaultStepMs,
    startMs,
    endMs,
    spend(count) {
      samples += count;
      if (samples > maxSamples) {
        throw new WatchkeeperError('query_limit', `the query reads more than ${maxSamples} samples`);
      }
      checkTime();
    },
    checkTime,
    warn: (text) => warnings.add(text),
    inform: (text) => infos.add(text),
  };
  const result = (value: QueryValue): QueryResult => ({ value, warnings: [...warnings], infos: [...infos] });
  return { query, result };
}

/** Throws `query_limit` when it is called later than it may be. */
function timeLimit({ clock, limitMs }: Deadline): () => void {
  const endMs = clock.nowMs() + limitMs;
  return () => {
    if (clock.nowMs() <= endMs) return;
    throw new WatchkeeperError('query_limit', `the query takes longer than ${limitMs / 1_000} s`);
  };
}
