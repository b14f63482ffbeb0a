import { globSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { parseDurationMs } from '../../config/model/duration.ts';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import type { Labels } from '../../config/model/labels.ts';
import { RuleTestFile, TestGroup } from '../../config/schema/rule-test.ts';
import { checkPart, readYamlFile, type Fault, type YamlFile } from '../../config/yaml-file.ts';
import type { Item } from './difference.ts';
import { labelsIn, numberIn, seriesIn, valuesIn, type SeriesValue } from './notation.ts';

/** A file of tests, ready to run. */
export interface TestPlan {
  readonly file: string;
  readonly ruleFiles: readonly string[];
  readonly evaluationIntervalMs: number;
  readonly groupOrder: readonly string[];
  readonly tests: readonly PlannedTest[];
}

/** All instants are milliseconds from `startMs`. */
export interface PlannedTest {
  readonly name: string;
  readonly line: number;
  readonly startMs: number;
  readonly intervalMs: number;
  readonly series: readonly { readonly labels: Labels; readonly values: readonly SeriesValue[] }[];
  readonly alerts: readonly PlannedAlert[];
  readonly expressions: readonly PlannedExpression[];
  readonly externalLabels: Labels;
  readonly externalUrl: string;
}

export interface PlannedAlert {
  readonly atMs: number;
  readonly name: string;
  readonly expected: readonly Item[];
}

export interface PlannedExpression {
  readonly atMs: number;
  readonly expression: string;
  readonly expected: readonly Item[];
}

const DEFAULT_INTERVAL_MS = 60_000;
/** More evaluations are a mistyped time. */
const MAX_EVALUATIONS = 1_000_000;

/** Reads a file of tests. Where it has faults there is no plan. */
export function readPlan(path: string): { readonly plan?: TestPlan; readonly faults: readonly Fault[] } {
  const file = readYamlFile(path, RuleTestFile);
  if (file.value === undefined) return { faults: file.faults };
  const faults: Fault[] = [];
  const planning: Planning = {
    file,
    evaluationIntervalMs: lengthMs(file.value.evaluation_interval) || DEFAULT_INTERVAL_MS,
    attempt(place, make, otherwise) {
      try {
        return make();
      } catch (error) {
        faults.push(file.faultAt(place, messageOf(error)));
        return otherwise;
      }
    },
  };
  if (file.value.fuzzy_compare === true) {
    faults.push(file.faultAt(['fuzzy_compare'], 'is not done here: numbers have to be equal'));
  }
  const ruleFiles = (file.value.rule_files ?? []).flatMap((pattern, index) =>
    planning.attempt(['rule_files', index], () => filesOf(path, pattern), []),
  );
  const plan = {
    file: path,
    ruleFiles,
    evaluationIntervalMs: planning.evaluationIntervalMs,
    groupOrder: file.value.group_eval_order ?? [],
    tests: (file.value.tests ?? []).flatMap((part, index) => {
      const { value: test, faults: partFaults } = checkPart(file, ['tests', index], filled(part), TestGroup);
      faults.push(...partFaults);
      return test === undefined ? [] : [plannedTest(test, index, planning)];
    }),
  };
  return faults.length === 0 ? { plan, faults } : { faults };
}

/** Without the fields that are left empty, as in `exp_alerts:`. */
function filled(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(filled);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).flatMap(([name, value]) => (value === null ? [] : [[name, filled(value)]])),
  );
}

interface Planning {
  readonly file: YamlFile<RuleTestFile>;
  readonly evaluationIntervalMs: number;
  /** What `make` makes; when it throws, that is a fault of the place. */
  readonly attempt: <T>(place: readonly (string | number)[], make: () => T, otherwise: T) => T;
}

function filesOf(testFile: string, pattern: string): readonly string[] {
  const path = isAbsolute(pattern) ? pattern : join(dirname(testFile), pattern);
  if (!/[*?[{]/.test(pattern)) return [path];
  const found = globSync(path).sort();
  if (found.length === 0) throw new WatchkeeperError('not_found', `no file is like ${pattern}`);
  return found;
}

function plannedTest(test: TestGroup, index: number, planning: Planning): PlannedTest {
  const { file, evaluationIntervalMs, attempt } = planning;
  const place = ['tests', index];
  const planned: PlannedTest = {
    name: test.name ?? `test ${index + 1}`,
    line: file.faultAt(place, '').line ?? 1,
    startMs: attempt([...place, 'start_timestamp'], () => startMs(test.start_timestamp), 0),
    intervalMs: lengthMs(test.interval) || evaluationIntervalMs,
    series: (test.input_series ?? []).flatMap(({ series, values }, at) =>
      attempt(
        [...place, 'input_series', at],
        () => [{ labels: seriesIn(series), values: valuesIn(String(values)) }],
        [],
      ),
    ),
    alerts: (test.alert_rule_test ?? []).map(({ eval_time: time, alertname, exp_alerts: alerts }) => ({
      atMs: lengthMs(time),
      name: alertname,
      expected: (alerts ?? []).map(({ exp_labels: labels, exp_annotations: annotations }) => ({
        labels: { ...texts(labels), alertname },
        fields: texts(annotations),
      })),
    })),
    expressions: (test.promql_expr_test ?? []).map(({ expr, eval_time: time, exp_samples: samples }, at) => ({
      atMs: lengthMs(time),
      expression: expr,
      expected: (samples ?? []).flatMap((sample, number) =>
        attempt(
          [...place, 'promql_expr_test', at, 'exp_samples', number],
          () => [expectedSample(sample)],
          [],
        ),
      ),
    })),
    externalLabels: texts(test.external_labels),
    externalUrl: test.external_url ?? '',
  };
  attempt(place, () => requireBounded(planned, evaluationIntervalMs), undefined);
  return planned;
}

type Sample = NonNullable<NonNullable<TestGroup['promql_expr_test']>[number]['exp_samples']>[number];

function expectedSample({ labels, value, histogram }: Sample): Item {
  if (histogram !== undefined) {
    throw new WatchkeeperError('invalid_request', 'histogram: there are no native histograms here');
  }
  const number = numberIn(String(value ?? 0));
  if (Number.isNaN(number) && !/nan/i.test(String(value))) {
    throw new WatchkeeperError('invalid_request', `value: ${JSON.stringify(value)} is no number`);
  }
  return { labels: labelsIn(labels ?? ''), fields: { value: String(number) } };
}

/** The last instant that something is asked for. */
export function lastMs({ alerts, expressions }: PlannedTest): number {
  return Math.max(0, ...[...alerts, ...expressions].map(({ atMs }) => atMs));
}

function requireBounded(test: PlannedTest, evaluationIntervalMs: number): void {
  if (lastMs(test) / evaluationIntervalMs <= MAX_EVALUATIONS) return;
  throw new WatchkeeperError('invalid_request', `it takes more than ${MAX_EVALUATIONS} evaluations`);
}

function startMs(text: number | string | undefined): number {
  if (text === undefined) return 0;
  const seconds = Number(text);
  const atMs = Number.isNaN(seconds) ? Date.parse(String(text)) : seconds * 1_000;
  if (Number.isSafeInteger(Math.round(atMs))) return Math.round(atMs);
  throw new WatchkeeperError('invalid_request', `${JSON.stringify(text)} is no instant`);
}

function lengthMs(text: string | 0 | undefined): number {
  return text === undefined ? 0 : (parseDurationMs(String(text)) ?? 0);
}

function texts(values: TestGroup['external_labels']): Record<string, string> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value ?? '')]));
}
