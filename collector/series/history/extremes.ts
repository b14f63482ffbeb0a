import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import type { Matcher } from '../../../config/model/series.ts';
import type { JoinedSeries } from './joined.ts';

/** The least and the greatest of one series over a time, and when it was so first. */
export interface Extremes {
  readonly labels: Labels;
  readonly min: number;
  readonly minAtMs: number;
  readonly max: number;
  readonly maxAtMs: number;
  readonly samples: number;
}

/** Up to so long every sample is looked at; of longer times the lines of 5 minutes, which keep both, to 5 minutes. */
const RAW_MS = 2 * 86_400_000;

/** For the sheet of a shift: what each series did between two instants; those without a number then are absent. */
export async function extremesOf(
  series: Pick<JoinedSeries, 'lines'>,
  matchers: readonly Matcher[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly Extremes[]> {
  const tier = toMs - fromMs <= RAW_MS ? 'raw' : '5m';
  const { older, newer } = await series.lines(matchers, fromMs, toMs, tier);
  const found = new Map<string, Mutable>();
  const take = (labels: Labels, atMs: number, { min, max, count }: Span): void => {
    if (!Number.isFinite(min) || !Number.isFinite(max)) return;
    const key = labelsKey(labels);
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, { labels, min, minAtMs: atMs, max, maxAtMs: atMs, samples: count });
      return;
    }
    if (min < known.min) Object.assign(known, { min, minAtMs: atMs });
    if (max > known.max) Object.assign(known, { max, maxAtMs: atMs });
    known.samples += count;
  };
  for (const { labels, timesMs, min, max, count } of older) {
    for (const [at, atMs] of timesMs.entries()) {
      take(labels, atMs, { min: numberAt(min, at), max: numberAt(max, at), count: numberAt(count, at) });
    }
  }
  for (const { labels, timesMs, values, start, end } of newer) {
    for (let at = start; at < end; at += 1) {
      const value = numberAt(values, at);
      take(labels, numberAt(timesMs, at), { min: value, max: value, count: 1 });
    }
  }
  return [...found.values()];
}

interface Span {
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

type Mutable = { -readonly [K in keyof Extremes]: Extremes[K] };

function numberAt(column: Float64Array, index: number): number {
  return column[index] ?? Number.NaN;
}
