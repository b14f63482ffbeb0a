import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import { METRICS, type Metric } from '../../../config/model/metrics.ts';
import { TIMEOUT_SHARE } from '../../ingest/scraper.ts';
import type { TargetHealth } from '../../ingest/target.ts';
import type { Matcher } from '../../../config/model/series.ts';
import type { JoinedSeries } from '../../series/history/joined.ts';

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** The labels of the series that one of the selectors selects and that may have a sample in the span, each once. */
export async function seriesIn(
  source: Pick<JoinedSeries, 'names'>,
  selectors: readonly (readonly Matcher[])[],
  { startMs, endMs }: Span,
): Promise<readonly Labels[]> {
  const found = new Map<string, Labels>();
  for (const matchers of selectors) {
    for (const labels of await source.names(matchers, startMs, endMs)) found.set(labelsKey(labels), labels);
  }
  return [...found.values()];
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

/** The targets that are scraped, and how they do. */
export function targetsData(targets: readonly TargetHealth[], scrapeIntervalMs: number) {
  return { activeTargets: targets.map((target) => targetData(target, scrapeIntervalMs)), droppedTargets: [] };
}

function targetData({ config, isUp, ...last }: TargetHealth, scrapeIntervalMs: number) {
  const { job, instance, url, page } = config;
  const intervalMs = page?.intervalMs ?? scrapeIntervalMs;
  const { lastScrapeAtMs = 0, lastError = '', samples = 0, durationSeconds = 0 } = last;
  return {
    discoveredLabels: { __address__: new URL(url).host, job },
    labels: { ...page?.labels, job, instance },
    scrapePool: job,
    scrapeUrl: url,
    globalUrl: url,
    lastError,
    lastScrape: new Date(lastScrapeAtMs).toISOString(),
    lastScrapeDuration: durationSeconds,
    lastScrapeSamples: samples,
    health: healthWord(isUp),
    scrapeInterval: `${intervalMs / 1_000}s`,
    scrapeTimeout: `${(page?.timeoutMs ?? intervalMs * TIMEOUT_SHARE) / 1_000}s`,
  };
}

function healthWord(isUp: boolean | undefined): string {
  if (isUp === undefined) return 'unknown';
  return isUp ? 'up' : 'down';
}
