import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { SeriesSlice, SeriesSource } from '../../../config/model/series.ts';
import { monotonicMs, systemClock } from '../../../config/runtime/system-clock.ts';
import { visit, type Expr } from '../ast.ts';
import { createEngine, type Engine, type Prepared, type QueryResult } from '../engine.ts';
import { metricsOf, selectorsOf } from '../selectors.ts';
import { createSharedSource } from '../shared-source.ts';
import type { LaterSeries } from './series-desk.ts';

/**
 * Answers what costs less than to hand its series to a worker: what few series say now. `undefined`: it may be dear, or
 * history has to be read. Errors are the engine's.
 */
export type AtOnce = (expression: string, atMs: number) => QueryResult | undefined;

/**
 * The main loop is not kept from its other work for longer. What is asked first, before its code is compiled, takes a few
 * times as long as later; a worker for that alone would take its memory for minutes.
 */
const LIMIT_MS = 25;
/** So many times a node of an expression may look at a series. */
const MAX_LOOKS = 50_000;
/** The head surely has what is looked at from then on. */
const NOW_WITHIN_MS = 60_000;
/** Pages ask the same again and again. */
const MAX_PREPARED = 200;
const MAX_PREPARED_CHARS = 1_000;

interface Known {
  readonly prepared: Prepared;
  /** `undefined`: not to be answered here. */
  readonly maxSeries: number | undefined;
}

export function createAtOnce(later: LaterSeries, limitMs = LIMIT_MS): AtOnce {
  let seriesLeft = 0;
  const source: SeriesSource = {
    *select(matchers, fromMs, toMs, detail) {
      for (const slice of now(later.select(matchers, fromMs, toMs, detail))) {
        seriesLeft -= 1;
        if (seriesLeft < 0) throw new NotAtOnce();
        yield slice;
      }
    },
  };
  const shared = createSharedSource(source);
  const engine = createEngine({ source: shared, deadline: { clock: { nowMs: monotonicMs }, limitMs } });
  const known = new Map<string, Known>();

  return (expression, atMs) => {
    if (atMs < systemClock.nowMs() - NOW_WITHIN_MS || expression.length > MAX_PREPARED_CHARS)
      return undefined;
    const { prepared, maxSeries } = known.get(expression) ?? prepare(engine, expression);
    if (known.size >= MAX_PREPARED) known.clear();
    known.set(expression, { prepared, maxSeries });
    if (maxSeries === undefined) return undefined;
    seriesLeft = maxSeries;
    try {
      return prepared.instant(atMs);
    } catch (error) {
      if (error instanceof NotAtOnce) return undefined;
      if (error instanceof WatchkeeperError && error.code === 'query_limit') return undefined;
      throw error;
    } finally {
      shared.forget();
    }
  };
}

class NotAtOnce extends Error {}

function now(found: Iterable<SeriesSlice> | Promise<Iterable<SeriesSlice>>): Iterable<SeriesSlice> {
  if (!(found instanceof Promise)) return found;
  // The worker asks again; who reads it here has gone.
  found.catch(() => undefined);
  throw new NotAtOnce();
}

function prepare(engine: Engine, expression: string): Known {
  const prepared = engine.prepare(expression);
  const { expr } = prepared;
  const selectors = selectorsOf(expr);
  const isNarrow = selectors.every((matchers) => matchers.every(({ op }) => op === '=' || op === '!='));
  const isCheap = isNarrow && metricsOf(selectors) !== undefined;
  const nodes = isCheap ? nodesOf(expr) : Number.POSITIVE_INFINITY;
  return { prepared, maxSeries: Number.isFinite(nodes) ? Math.floor(MAX_LOOKS / nodes) : undefined };
}

/** How many nodes an expression has; infinitely many where it looks at more than the newest samples, or not at now. */
function nodesOf(expr: Expr): number {
  const inner = (outer: { readonly expr: Expr }): number => 1 + nodesOf(outer.expr);
  return visit<number>(expr, {
    number: () => 1,
    string: () => 1,
    selector: ({ shift: { offsetMs, at } }) =>
      offsetMs === 0 && at === undefined ? 1 : Number.POSITIVE_INFINITY,
    matrix: () => Number.POSITIVE_INFINITY,
    subquery: () => Number.POSITIVE_INFINITY,
    unary: inner,
    paren: inner,
    call: ({ args }) => args.reduce((sum, arg) => sum + nodesOf(arg), 1),
    aggregate: ({ param, expr: operand }) =>
      1 + (param === undefined ? 0 : nodesOf(param)) + nodesOf(operand),
    binary: ({ left, right }) => 1 + nodesOf(left) + nodesOf(right),
  });
}
