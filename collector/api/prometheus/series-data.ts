import { METRIC_NAME, type Labels } from '../../../config/model/labels.ts';
import { METRICS, type Metric } from '../../../config/model/metrics.ts';
import type { Matcher, SeriesSource } from '../../../config/model/series.ts';

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** The labels of the series that one of the selectors selects and that have a sample in the span, each once. */
export function seriesIn(
  source: SeriesSource,
  selectors: readonly (readonly Matcher[])[],
  { startMs, endMs }: Span,
): readonly Labels[] {
  const found = new Set<Labels>();
  for (const matchers of selectors) {
    for (const { labels, start, end } of source.select(matchers, startMs, endMs)) {
      if (end > start) found.add(labels);
    }
  }
  return [...found];
}

export function labelNamesOf(series: readonly Labels[]): readonly string[] {
  return [...new Set(series.flatMap((labels) => Object.keys(labels)))].sort();
}

export function labelValuesOf(series: readonly Labels[], name: string): readonly string[] {
  const values = series.map((labels) => labels[name] ?? '').filter((value) => value !== '');
  return [...new Set(values)].sort();
}

/** What each metric is, by its name. */
export function metricMetadata(limit: number, wanted: string | null) {
  const all: readonly (readonly [string, Metric])[] = Object.entries(METRICS);
  const chosen = wanted === null ? all : all.filter(([name]) => name === wanted);
  return Object.fromEntries(
    chosen
      .slice(0, limit)
      .map(([name, { type, help }]) => [name, [{ type: type === 'state' ? 'gauge' : type, help, unit: '' }]]),
  );
}

/** The targets that are scraped, as their `up` says. */
export function targetsIn(source: SeriesSource, { startMs, endMs }: Span) {
  const targets = [];
  const up: readonly Matcher[] = [{ name: METRIC_NAME, op: '=', value: 'up' }];
  for (const { labels, timesMs, values, start, end } of source.select(up, startMs, endMs)) {
    if (end === start) continue;
    const { [METRIC_NAME]: _, ...own } = labels;
    targets.push({
      discoveredLabels: {},
      labels: own,
      scrapePool: own['job'] ?? '',
      lastError: '',
      lastScrape: new Date(timesMs[end - 1] ?? 0).toISOString(),
      health: values[end - 1] === 1 ? 'up' : 'down',
    });
  }
  return { activeTargets: targets, droppedTargets: [] };
}
