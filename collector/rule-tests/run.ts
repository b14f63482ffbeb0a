import { simulate, type Simulation } from '../../alerting/engine/simulate.ts';
import { loadRules } from '../../alerting/rules/load.ts';
import type { RuleQuery } from '../../alerting/ports.ts';
import type { RuleGroup } from '../../alerting/rules/rule.ts';
import { isActive } from '../../config/model/alert.ts';
import { messageOf } from '../../config/model/errors.ts';
import type { Fault } from '../../config/yaml-file.ts';
import { createEngine, type Engine } from '../promql/engine.ts';
import { createHead, type Head } from '../series/head.ts';
import { difference, type Item } from './difference.ts';
import { lastMs, readPlan, type PlannedAlert, type PlannedTest, type TestPlan } from './plan.ts';
import { feeder } from './feeder.ts';

/** How a file of tests went. */
export interface TestFileOutcome {
  readonly file: string;
  /** How many tests it has. */
  readonly tests: number;
  /** Why it could not be run; there are no tests then. */
  readonly faults: readonly Fault[];
  readonly failures: readonly TestFailure[];
}

/** One expectation that was not met. */
export interface TestFailure {
  readonly test: string;
  /** Where the test stands in its file, from 1. */
  readonly line: number;
  /** What was looked at and when. */
  readonly what: string;
  /** What was expected and what was got instead, line by line. */
  readonly lines: readonly string[];
}

/** How rules and expressions of a test are asked; `engine` is the one that judges for real, over the samples of the test. */
export type Asks = (test: PlannedTest, engine: Engine) => RuleQuery;

/** Runs a file of rule tests in promtool's format, on the engine that judges for real, or as `asks` says. */
export function runTestFile(file: string, asks: Asks = (_test, engine) => engine): TestFileOutcome {
  const { plan, faults } = readPlan(file);
  if (plan === undefined) return { file, tests: 0, faults, failures: [] };
  const checked = loadRules(plan.ruleFiles, createEngine({ source: { select: () => [] } }));
  if (checked.faults.length > 0) return { file, tests: 0, faults: checked.faults, failures: [] };
  return {
    file,
    tests: plan.tests.length,
    faults: [],
    failures: plan.tests.flatMap((test) =>
      runTest(plan, test, asks).map((failure) => ({ test: test.name, line: test.line, ...failure })),
    ),
  };
}

type Failure = Pick<TestFailure, 'what' | 'lines'>;

interface Running {
  readonly head: Head;
  readonly query: RuleQuery;
  readonly simulation: Simulation;
}

function start({ ruleFiles, groupOrder }: TestPlan, test: PlannedTest, asks: Asks): Running {
  const head = createHead();
  const query = asks(test, createEngine({ source: head }));
  const groups = inOrder(loadRules(ruleFiles, query).groups, groupOrder);
  const { externalLabels, externalUrl } = test;
  return {
    head,
    query,
    simulation: simulate(groups, { query, series: head, externalLabels, externalUrl }),
  };
}

/** Those that are named first, in that order, then the others in theirs. */
function inOrder(groups: readonly RuleGroup[], order: readonly string[]): readonly RuleGroup[] {
  const rank = ({ name }: RuleGroup): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...groups].sort((a, b) => rank(a) - rank(b));
}

function runTest(plan: TestPlan, test: PlannedTest, asks: Asks): readonly Failure[] {
  const { evaluationIntervalMs } = plan;
  const running = start(plan, test, asks);
  const feed = feeder(running.head, test);
  const waiting = [...test.alerts].sort((a, b) => a.atMs - b.atMs);
  const failures: Failure[] = [];
  const endMs = lastMs(test);
  for (let atMs = 0; atMs <= endMs; atMs += evaluationIntervalMs) {
    feed(atMs);
    running.simulation.evaluateAt(test.startMs + atMs);
    const broken = brokenRules(running.simulation, atMs);
    if (broken.length > 0) return [...failures, ...broken];
    while ((waiting[0]?.atMs ?? Number.POSITIVE_INFINITY) < atMs + evaluationIntervalMs) {
      const due = waiting.shift();
      if (due !== undefined) failures.push(...alertFailure(due, running.simulation));
    }
  }
  return [...failures, ...expressionFailures(test, running.query)];
}

/** A rule that cannot be evaluated ends its test. */
function brokenRules({ groups }: Simulation, atMs: number): readonly Failure[] {
  return groups
    .flatMap(({ runs }) => runs)
    .filter(({ health }) => health === 'failed')
    .map(({ rule, lastError = '' }) => ({
      what: `rule ${rule.name} at ${lengthText(atMs)}`,
      lines: [`  it failed: ${lastError}`],
    }));
}

function alertFailure({ name, atMs, expected }: PlannedAlert, { groups }: Simulation): readonly Failure[] {
  const got = groups
    .flatMap(({ runs }) => runs)
    .filter(({ rule }) => rule.kind === 'alert' && rule.name === name)
    .flatMap(({ instances }) => [...instances.values()])
    .filter(isActive)
    .map(({ labels, annotations }): Item => ({ labels, fields: annotations }));
  const lines = difference(expected, got);
  return lines.length === 0 ? [] : [{ what: `alert ${name} at ${lengthText(atMs)}`, lines }];
}

function expressionFailures(test: PlannedTest, query: RuleQuery): readonly Failure[] {
  return test.expressions.flatMap(({ expression, atMs, expected }) => {
    const what = `${expression} at ${lengthText(atMs)}`;
    try {
      const got = samplesOf(query, expression, test.startMs + atMs);
      const lines = difference(expected, got);
      return lines.length === 0 ? [] : [{ what, lines }];
    } catch (error) {
      return [{ what, lines: [`  it failed: ${messageOf(error)}`] }];
    }
  });
}

function samplesOf(query: RuleQuery, expression: string, atMs: number): readonly Item[] {
  return query
    .compile(expression)
    .evaluate(atMs)
    .map(({ labels, value }) => ({ labels, fields: { value: String(value) } }));
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** `1h30m`, as it is written in the file. */
function lengthText(lengthMs: number): string {
  let left = lengthMs;
  let text = '';
  for (const [unit, unitMs] of UNITS) {
    const count = Math.floor(left / unitMs);
    left -= count * unitMs;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}
