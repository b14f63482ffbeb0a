import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import { markStale } from '../../../config/model/sample.ts';
import type { SeriesSlice, SeriesSource } from '../../../config/model/series.ts';
import { createMatcherCompiler } from '../../../collector/series/matchers.ts';
import type { SeriesValue as Value } from '../../../collector/rule-tests/notation.ts';

/** The series that a test file has loaded. */
export interface Store extends SeriesSource {
  /** One value for each step, from time zero. */
  load(labels: Labels, stepMs: number, values: readonly Value[]): void;
  copy(): Store;
}

type Samples = Map<number, Value>;

export function createStore(loaded: ReadonlyMap<string, [Labels, Samples]> = new Map()): Store {
  const series = new Map(loaded);
  const compile = createMatcherCompiler();
  return {
    load(labels, stepMs, values) {
      const key = labelsKey(labels);
      const samples: Samples = new Map(series.get(key)?.[1]);
      for (const [index, value] of values.entries()) {
        if (value !== undefined) samples.set(index * stepMs, value);
      }
      series.set(key, [labels, samples]);
    },
    copy: () => createStore(series),
    *select(matchers, fromMs, toMs) {
      const tests = matchers.map(compile);
      for (const [labels, samples] of series.values()) {
        if (tests.every(({ name, accepts }) => accepts(labels[name] ?? '')))
          yield slice(labels, samples, fromMs, toMs);
      }
    },
  };
}

function slice(labels: Labels, samples: Samples, fromMs: number, toMs: number): SeriesSlice {
  const times = [...samples.keys()].filter((atMs) => atMs >= fromMs && atMs <= toMs).sort((a, b) => a - b);
  const values = new Float64Array(times.length);
  for (const [index, atMs] of times.entries()) {
    const value = samples.get(atMs);
    if (value === 'stale') markStale(values, index);
    else values[index] = value ?? Number.NaN;
  }
  return { labels, timesMs: Float64Array.from(times), values, start: 0, end: times.length };
}
