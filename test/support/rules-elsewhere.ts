import { loadRules } from '../../alerting/rules/load.ts';
import type { Rule } from '../../alerting/rules/rule.ts';
import type { RuleExpression, RuleQuery, VectorElement } from '../../alerting/ports.ts';
import type { Asking } from '../../collector/promql/elsewhere/asking.ts';
import { elsewhereQueries } from '../../collector/promql/elsewhere/queries.ts';
import { createEngine, type Engine, type SampledSeries } from '../../collector/promql/engine.ts';
import { parseExpression } from '../../collector/promql/parse.ts';
import { printed } from '../../collector/promql/print.ts';
import { metricsOf, selectorsOf } from '../../collector/promql/selectors.ts';
import { withoutFilters } from '../../collector/promql/unfiltered.ts';
import type { Queries } from '../../collector/promql/worker/queries.ts';
import { lastMs, type PlannedTest, type TestPlan } from '../../collector/rule-tests/plan.ts';
import { labelsKey, METRIC_NAME, without, type Labels } from '../../config/model/labels.ts';
import { markStale } from '../../config/model/sample.ts';
import { encodeWrite, REMOTE_WRITE_HEADERS, type OutgoingSeries } from '../../config/wire/remote-write.ts';

/** An engine that a test of rules is asked of, and where its samples are written to. */
export interface EngineElsewhere {
  readonly url: string;
  readonly asking: Asking;
  /** Makes all that was written readable. */
  readonly flush: () => Promise<void>;
  /**
   * Of a range with this step it answers at each instant what it answers for that instant alone; absent: with any step.
   * VictoriaMetrics looks back as far as a step, and five minutes for an instant.
   */
  readonly likeInstantsMs?: number;
}

/** The tests begin in 1970, where VictoriaMetrics has no ranges yet: they are moved by four weeks and an hour. */
const MOVED_MS = (28 * 24 + 1) * 3_600_000;

/** What the engine said of each expression, at the instants of the evaluations. */
type Answers = ReadonlyMap<string, ReadonlyMap<number, readonly VectorElement[]>>;

export interface AskedTest {
  readonly query: (engine: Engine) => RuleQuery;
  /** Where the answer for one instant was not that of the range. */
  readonly differing: readonly string[];
}

const NOBODY = {} as Queries;

/**
 * Writes the samples of a test to an engine and asks it what each rule says at each evaluation. `own` tells the test from
 * others in the same engine. What rules themselves write about alerts is answered here, as in the product.
 */
export async function askElsewhere(
  { url, asking, flush, likeInstantsMs }: EngineElsewhere,
  { plan, test, own }: { readonly plan: TestPlan; readonly test: PlannedTest; readonly own: Labels },
): Promise<AskedTest> {
  const write = async (series: readonly OutgoingSeries[]): Promise<void> => {
    const labelled = series.map((each) => ({ ...each, labels: { ...each.labels, ...own } }));
    for (let at = 0; at < labelled.length; at += 50) {
      const body = Buffer.from(encodeWrite(labelled.slice(at, at + 50)));
      const answer = await fetch(`${url}/api/v1/write`, {
        method: 'POST',
        headers: REMOTE_WRITE_HEADERS,
        body,
      });
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    }
    await flush();
  };
  const queries = elsewhereQueries(asking, NOBODY, own);
  const signal = new AbortController().signal;
  const stepMs = plan.evaluationIntervalMs;
  const startMs = test.startMs + MOVED_MS;
  const endMs = startMs + Math.floor(lastMs(test) / stepMs) * stepMs;
  const named = new Set(test.series.map(({ labels }) => labels[METRIC_NAME] ?? ''));
  const answers = new Map<string, Map<number, readonly VectorElement[]>>();
  const differing: string[] = [];
  const ask = async (text: string): Promise<ReadonlyMap<number, readonly VectorElement[]>> => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const found = new Map<number, readonly VectorElement[]>();
    // An answer to a rule about other metrics is the same whatever the step.
    const isOwn = [...(metricsOf(selectorsOf(parseExpression(text))) ?? named)].some((name) =>
      named.has(name),
    );
    const longStepMs = isOwn ? Math.max(stepMs, likeInstantsMs ?? stepMs) : stepMs;
    const phases = Array.from({ length: longStepMs / stepMs }, (_none, at) => startMs + at * stepMs);
    await Promise.all(
      phases
        .filter((fromMs) => fromMs <= endMs)
        .map(async (fromMs) => {
          const { value } = await queries.range(text, { startMs: fromMs, endMs, stepMs: longStepMs }, signal);
          addByInstant(value.type === 'matrix' ? value.series : [], found);
        }),
    );
    answers.set(text, found);
    return found;
  };
  const askAt = async (text: string, atMs: number): Promise<void> => {
    const { value } = await queries.instant(text, atMs, signal);
    const elements = value.type === 'vector' ? value.elements : [];
    const known = answers.get(text) ?? new Map<number, readonly VectorElement[]>();
    const before = known.get(atMs) ?? [];
    const isOfRange = (atMs - startMs) % stepMs === 0 && atMs <= endMs;
    if (isOfRange && answers.has(text) && shown(before) !== shown(elements))
      differing.push(
        `${text} at ${(atMs - startMs) / 1_000}: ${shown(elements)}, over a range ${shown(before)}`,
      );
    answers.set(text, known.set(atMs, elements));
  };

  await write(samplesOf(test));
  const rules = loadRules(plan.ruleFiles, createEngine({ source: { select: () => [] } }));
  for (const { rules: all } of rules.groups) {
    for (const rule of all) {
      for (const text of textsOf(rule)) {
        const found = await ask(text);
        const instants = new Set([...test.alerts, ...test.expressions].map(({ atMs }) => atMs));
        for (const atMs of instants) await askAt(text, startMs + atMs);
        if (rule.kind !== 'record') continue;
        named.add(rule.name);
        await write(recordedBy(rule, found, { startMs, endMs, stepMs }));
      }
    }
  }
  for (const { expression, atMs } of test.expressions)
    if (!isToldHere(expression)) await askAt(canonical(expression), startMs + atMs);
  return { query: (engine) => answering(engine, answers), differing };
}

function answering(engine: Engine, answers: Answers): RuleQuery {
  return {
    compile(expression): RuleExpression {
      const here = engine.compile(expression);
      if (isToldHere(expression)) return here;
      const expr = parseExpression(expression);
      const look = (text: string, fromHere: (atMs: number) => readonly VectorElement[]) => {
        const known = answers.get(text);
        // Queries of templates are known only when they are asked.
        return known === undefined ? fromHere : (atMs: number) => known.get(atMs + MOVED_MS) ?? [];
      };
      return {
        ...here,
        evaluate: look(printed(expr), (atMs) => here.evaluate(atMs)),
        unfiltered: look(printed(withoutFilters(expr)), (atMs) => here.unfiltered(atMs)),
      };
    },
  };
}

const canonical = (expression: string): string => printed(parseExpression(expression));

function textsOf(rule: Rule): readonly string[] {
  if (isToldHere(rule.query)) return [];
  const expr = parseExpression(rule.query);
  return rule.kind === 'alert' && rule.holds
    ? [printed(expr), printed(withoutFilters(expr))]
    : [printed(expr)];
}

function isToldHere(expression: string): boolean {
  const metrics = metricsOf(selectorsOf(parseExpression(expression)));
  return metrics !== undefined && [...metrics].some((metric) => metric.startsWith('ALERTS'));
}

function addByInstant(series: readonly SampledSeries[], found: Map<number, readonly VectorElement[]>): void {
  for (const { labels, timesMs, values } of series) {
    for (const [at, atMs] of timesMs.entries())
      found.set(atMs, [...(found.get(atMs) ?? []), { labels, value: values[at] ?? Number.NaN }]);
  }
}

function shown(elements: readonly VectorElement[]): string {
  return JSON.stringify(
    elements
      .map(
        ({ labels, value }) => `${labelsKey(without(labels, METRIC_NAME))} ${Number(value.toPrecision(9))}`,
      )
      .sort(),
  );
}

function samplesOf({ series, startMs, intervalMs }: PlannedTest): readonly OutgoingSeries[] {
  return series.map(({ labels, values }) => {
    const present = [...values.entries()].filter(([, value]) => value !== undefined);
    const numbers = new Float64Array(present.length);
    // What tells an instant is moved with the others.
    const moved = /_time(stamp)?_seconds$/.test(labels[METRIC_NAME] ?? '') ? MOVED_MS / 1_000 : 0;
    for (const [at, [, value]] of present.entries()) {
      if (value === 'stale') markStale(numbers, at);
      else numbers[at] = (value ?? 0) + moved;
    }
    const timesMs = present.map(([index]) => startMs + MOVED_MS + index * intervalMs);
    return { labels, timesMs, values: numbers };
  });
}

interface RecordedRow {
  readonly labels: Labels;
  readonly timesMs: number[];
  readonly values: (number | 'stale')[];
}

const emptyRow = (labels: Labels): RecordedRow => ({ labels, timesMs: [], values: [] });

/** What a rule records, with the marks of the ends. */
function recordedBy(
  rule: Extract<Rule, { kind: 'record' }>,
  found: ReadonlyMap<number, readonly VectorElement[]>,
  { startMs, endMs, stepMs }: { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
): readonly OutgoingSeries[] {
  const series = new Map<string, RecordedRow>();
  for (let atMs = startMs; atMs <= endMs; atMs += stepMs) {
    const present = new Set<string>();
    for (const { labels, value } of found.get(atMs) ?? []) {
      const own = { ...without(labels, METRIC_NAME), ...rule.labels, [METRIC_NAME]: rule.name };
      const key = labelsKey(own);
      const row = series.get(key) ?? emptyRow(own);
      series.set(key, row);
      row.timesMs.push(atMs);
      row.values.push(value);
      present.add(key);
    }
    for (const [key, row] of series) {
      if (present.has(key) || row.values.at(-1) === 'stale') continue;
      row.timesMs.push(atMs);
      row.values.push('stale');
    }
  }
  return [...series.values()].map(({ labels, timesMs, values }) => {
    const numbers = new Float64Array(values.length);
    for (const [at, value] of values.entries()) {
      if (value === 'stale') markStale(numbers, at);
      else numbers[at] = value;
    }
    return { labels, timesMs, values: numbers };
  });
}
