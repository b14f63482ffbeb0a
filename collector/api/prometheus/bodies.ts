import type { AlertView } from '../../../config/model/api.ts';
import type { Labels } from '../../../config/model/labels.ts';
import type { RuleGroup } from '../../../alerting/rules/rule.ts';
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

export function alertData({ labels, summary, response, consequence, phase, value }: AlertView) {
  return {
    labels,
    annotations: { summary: summary.en, response: response.en, consequence: consequence.en },
    state: phase.kind === 'pending' ? 'pending' : 'firing',
    activeAt: new Date(phase.kind === 'resolved' ? phase.firedAtMs : phase.sinceMs).toISOString(),
    value: numberText(value),
  };
}

export function ruleGroupData(
  { name, file, intervalMs = 0, limit, rules }: RuleGroup,
  alerts: readonly AlertView[],
) {
  return {
    name,
    file,
    interval: intervalMs / 1_000,
    limit,
    rules: rules.map((rule) => ruleData(rule, alerts)),
  };
}

function ruleData(rule: RuleGroup['rules'][number], alerts: readonly AlertView[]) {
  const { name, query } = rule;
  const common = { name, query, health: 'ok', lastError: '' };
  if (rule.kind === 'record') return { ...common, type: 'recording', labels: rule.labels };
  const own = alerts.filter(({ labels }) => labels['alertname'] === name).map(alertData);
  return {
    ...common,
    type: 'alerting',
    duration: rule.forMs / 1_000,
    keepFiringFor: rule.keepFiringForMs / 1_000,
    labels: sourcesOf(rule.labels),
    annotations: sourcesOf(rule.annotations),
    state: own.length > 0 ? 'firing' : 'inactive',
    alerts: own,
  };
}

function sourcesOf(templates: Readonly<Record<string, { readonly source: string }>>): Labels {
  return Object.fromEntries(Object.entries(templates).map(([name, { source }]) => [name, source]));
}
