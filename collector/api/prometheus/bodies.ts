import type { GroupRun, RuleRun } from '../../../alerting/engine/group.ts';
import type { AlertInstance } from '../../../config/model/alert.ts';
import type { Labels } from '../../../config/model/labels.ts';
import type { QueryResult, QueryValue } from '../../promql/engine.ts';

/** A number in the text that JSON has no number for. */
function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

type Point = readonly [seconds: number, value: string];

const point = (atMs: number, value: number): Point => [atMs / 1_000, numberText(value)];

/** The body of an answer that is one. */
export function success(data: unknown, remarks: Partial<Pick<QueryResult, 'warnings' | 'infos'>> = {}) {
  const { warnings = [], infos = [] } = remarks;
  return {
    status: 'success',
    data,
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(infos.length > 0 ? { infos } : {}),
  };
}

export function queryData(value: QueryValue, atMs: number) {
  switch (value.type) {
    case 'scalar':
      return { resultType: value.type, result: point(atMs, value.value) };
    case 'string':
      return { resultType: value.type, result: [atMs / 1_000, value.value] };
    case 'vector':
      return {
        resultType: value.type,
        result: value.elements.map(({ labels, value: number }) => ({
          metric: labels,
          value: point(atMs, number),
        })),
      };
    case 'matrix':
      return {
        resultType: value.type,
        result: value.series.map(({ labels, timesMs, values }) => ({
          metric: labels,
          values: Array.from(values, (number, index) => point(timesMs[index] ?? 0, number)),
        })),
      };
    default:
      throw value satisfies never;
  }
}

/** An instance that has not resolved; one that is held stands as firing. */
function alertData({ labels, annotations, phase, value }: AlertInstance) {
  if (phase.kind === 'resolved') return [];
  return [
    {
      labels,
      annotations,
      state: phase.kind === 'pending' ? 'pending' : 'firing',
      activeAt: dateText(phase.sinceMs),
      value: numberText(value),
    },
  ];
}

export function alertsOf(groups: readonly GroupRun[]) {
  return groups
    .flatMap(({ runs }) => runs)
    .flatMap(({ instances }) => [...instances.values()])
    .flatMap(alertData);
}

export function ruleGroupData({ group, intervalMs, runs, lastEvaluatedAtMs, durationMs = 0 }: GroupRun) {
  return {
    name: group.name,
    file: group.file,
    interval: intervalMs / 1_000,
    limit: group.limit,
    evaluationTime: durationMs / 1_000,
    lastEvaluation: dateText(lastEvaluatedAtMs),
    rules: runs.map(ruleData),
  };
}

/** Prometheus' words. */
const HEALTHS = { unknown: 'unknown', ok: 'ok', failed: 'err' } as const;

function ruleData(run: RuleRun) {
  const { rule, health, lastError = '', durationMs = 0, lastEvaluatedAtMs } = run;
  const common = {
    name: rule.name,
    query: rule.query,
    health: HEALTHS[health],
    lastError,
    evaluationTime: durationMs / 1_000,
    lastEvaluation: dateText(lastEvaluatedAtMs),
  };
  if (rule.kind === 'record') return { ...common, type: 'recording', labels: rule.labels };
  const alerts = [...run.instances.values()].flatMap(alertData);
  return {
    ...common,
    type: 'alerting',
    duration: rule.forMs / 1_000,
    keepFiringFor: rule.keepFiringForMs / 1_000,
    labels: sourcesOf(rule.labels),
    annotations: sourcesOf(rule.annotations),
    state: ['firing', 'pending'].find((word) => alerts.some(({ state }) => state === word)) ?? 'inactive',
    alerts,
  };
}

/** An instant as Go writes it; the zero of its time where there is none. */
function dateText(atMs: number | undefined): string {
  return atMs === undefined ? '0001-01-01T00:00:00Z' : new Date(atMs).toISOString();
}

function sourcesOf(templates: Readonly<Record<string, { readonly source: string }>>): Labels {
  return Object.fromEntries(Object.entries(templates).map(([name, { source }]) => [name, source]));
}
