import {
  labelsKey,
  METRIC_NAME,
  formatLabels,
  without,
  type Labels,
} from '../../../../config/model/labels.ts';
import { createEngine, type EngineOptions, type QueryResult } from '../../../../collector/promql/engine.ts';
import { createHead } from '../../../../collector/series/head.ts';

/** Series of a test: values one minute apart from time zero; `undefined` is no sample. */
export type TestSeries = readonly [labels: Labels, values: readonly (number | undefined)[]];

export const MINUTE = 60_000;

export function engineOn(series: readonly TestSeries[], options: Partial<EngineOptions> = {}) {
  const head = createHead();
  for (const [labels, values] of series) {
    for (const [index, value] of values.entries()) {
      if (value !== undefined) head.append(labels, index * MINUTE, value);
    }
  }
  return { head, engine: createEngine({ source: head, ...options }) };
}

export function metric(name: string, labels: Labels = {}): Labels {
  return { [METRIC_NAME]: name, ...labels };
}

/** A result in a form that a test can read, `name{labels} value`, ordered by labels. */
export function shown({ value }: QueryResult): readonly string[] {
  if (value.type === 'scalar' || value.type === 'string') return [String(value.value)];
  if (value.type === 'vector') {
    return ordered(value.elements).map(({ labels, value: number }) => `${shownLabels(labels)} ${number}`);
  }
  return ordered(value.series).map(({ labels, timesMs, values }) => {
    const samples = [...values].map((number, index) => `${number}@${(timesMs[index] ?? 0) / MINUTE}`);
    return [shownLabels(labels), ...samples].join(' ');
  });
}

function ordered<T extends { readonly labels: Labels }>(series: readonly T[]): readonly T[] {
  const key = (one: T): string => labelsKey(one.labels);
  return [...series].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}

function shownLabels(labels: Labels): string {
  return `${labels[METRIC_NAME] ?? ''}${formatLabels(without(labels, METRIC_NAME))}`;
}
