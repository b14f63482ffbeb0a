import { formatLabels } from '../../config/model/labels.ts';
import { isStale } from '../../config/model/sample.ts';
import type { Matcher, SeriesSlice, SeriesSource } from '../../config/model/series.ts';

/** A series in a form that a test can read: its labels, then `value@time`, `stale@time` for the marker of its end. */
export function formatSlice({ labels, timesMs, values, start, end }: SeriesSlice): string {
  const samples = Array.from({ length: end - start }, (_, index) => {
    const value = isStale(values, start + index) ? 'stale' : String(values[start + index]);
    return `${value}@${timesMs[start + index]}`;
  });
  return [formatLabels(labels), ...samples].join(' ');
}

/** All samples of the series that the matchers accept, in a form that a test can read. */
export function formatSeries(source: SeriesSource, matchers: readonly Matcher[]): string[] {
  return [...source.select(matchers, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)]
    .map(formatSlice)
    .sort();
}

/** The selector of one metric. */
export function metric(name: string): readonly Matcher[] {
  return [{ name: '__name__', op: '=', value: name }];
}
