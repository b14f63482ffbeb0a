import { defined } from '../../config/model/defined.ts';
import { messageOf } from '../../config/model/errors.ts';
import { METRIC_NAME, type Labels } from '../../config/model/labels.ts';
import { monotonicMs } from '../../config/runtime/system-clock.ts';
import type { Head } from '../series/head.ts';
import type { Series } from '../series/series.ts';
import { createPageSource } from './fetch-page.ts';
import { createPageReader, type Page, type PageLine } from './page.ts';
import { parseSeriesText } from './series-text.ts';

/** What is scraped, and what its series are called. */
export interface TargetConfig {
  readonly job: string;
  readonly instance: string;
  /** Of the page itself. */
  readonly url: string;
}

/** Bounds for a page; one that breaks a bound counts as a failed scrape. */
export interface TargetLimits {
  readonly maxBytes: number;
  readonly maxSamples: number;
  readonly maxLabels: number;
  readonly maxLabelChars: number;
}

export const DEFAULT_LIMITS: TargetLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxSamples: 200_000,
  maxLabels: 64,
  maxLabelChars: 4_096,
};

/** How a target does. */
export interface TargetHealth {
  readonly config: TargetConfig;
  /** Absent before the first scrape. */
  readonly isUp?: boolean;
  /** Since when it is up or not. */
  readonly sinceMs?: number;
  readonly lastScrapeAtMs?: number;
  readonly lastError?: string;
}

/** A target and the series that came from it. */
export interface Target {
  readonly config: TargetConfig;
  health(): TargetHealth;
  /** One scrape; its samples carry the instant of the slot. A failure is a state of the target, never thrown. */
  scrape(slotMs: number, signal: AbortSignal): Promise<void>;
  /** The target is scraped no more: its series end. */
  leave(atMs: number): void;
}

export interface TargetDeps {
  readonly config: TargetConfig;
  readonly head: Head;
  readonly timeoutMs: number;
  readonly limits?: TargetLimits;
}

/** A line of the page and its place in the head. */
interface Meaning {
  readonly labels: Labels;
  series: Series | undefined;
  /** The page states its times: it does not end by being absent. */
  isTimed: boolean;
}

type Line = PageLine<Meaning>;

/** A sample dated further ahead would keep its series from taking others. */
const MAX_AHEAD_MS = 10 * 60_000;

export function createTarget({ config, head, timeoutMs, limits = DEFAULT_LIMITS }: TargetDeps): Target {
  const source = createPageSource({ url: config.url, maxBytes: limits.maxBytes, timeoutMs });
  const reader = createPageReader({ maxSamples: limits.maxSamples, interpret: interpreter(config, limits) });
  let health: TargetHealth = { config };
  /** The lines of the latest page that counts. */
  let live: readonly Line[] = [];

  const tell = (metric: string, atMs: number, value: number): void => {
    head.append({ [METRIC_NAME]: metric, job: config.job, instance: config.instance }, atMs, value);
  };
  const endAll = (atMs: number): void => {
    for (const line of live) endLine(line, atMs);
    live = [];
  };
  const take = (page: Page<Meaning>, slotMs: number): void => {
    appendPage(page, head, slotMs);
    for (const line of live) if (line.page !== page.number) endLine(line, slotMs);
    live = page.lines;
  };
  const judge = (slotMs: number, lastError: string | undefined): void => {
    const isUp = lastError === undefined;
    const sinceMs = health.isUp === isUp ? health.sinceMs : slotMs;
    health = defined({ config, isUp, sinceMs, lastScrapeAtMs: slotMs, lastError });
  };

  return {
    config,
    health: () => health,
    async scrape(slotMs, signal) {
      const startedMs = monotonicMs();
      // The clock was set back: else nothing would be taken, and all look fresh, until it has caught up.
      if (slotMs < (health.lastScrapeAtMs ?? slotMs)) head.dropAfter(slotMs);
      let samples = 0;
      try {
        const body = await source.fetch(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
        const page = reader.read(body);
        samples = page.count;
        take(page, slotMs);
        judge(slotMs, undefined);
      } catch (error) {
        if (signal.aborted) return;
        endAll(slotMs);
        judge(slotMs, messageOf(error));
      }
      tell('up', slotMs, health.isUp === true ? 1 : 0);
      tell('scrape_duration_seconds', slotMs, (monotonicMs() - startedMs) / 1000);
      tell('scrape_samples_scraped', slotMs, samples);
    },
    leave(atMs) {
      source.close();
      endAll(atMs);
      for (const metric of OWN_METRICS) {
        head.seriesOf({ [METRIC_NAME]: metric, job: config.job, instance: config.instance })?.end(atMs);
      }
    },
  };
}

const OWN_METRICS = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped'] as const;

function interpreter(
  { job, instance }: TargetConfig,
  { maxLabels, maxLabelChars }: TargetLimits,
): (text: string) => Meaning | string {
  return (text) => {
    const labels = parseSeriesText(text);
    if (typeof labels === 'string') return labels;
    const entries = Object.entries(labels);
    if (entries.length > maxLabels) return `there are more than ${maxLabels} labels`;
    const isLong = entries.some(([name, value]) => Math.max(name.length, value.length) > maxLabelChars);
    if (isLong) return `a label is longer than ${maxLabelChars} characters`;
    return { labels: { ...exported(labels), job, instance }, series: undefined, isTimed: false };
  };
}

/** What a page calls `job` and `instance` gives way to the target's own. */
function exported(labels: Labels): Labels {
  const entries = Object.entries(labels).map(([name, value]) => {
    let free = name;
    if (name === 'job' || name === 'instance')
      do free = `exported_${free}`;
      while (Object.hasOwn(labels, free));
    return [free, value] as const;
  });
  return Object.fromEntries(entries);
}

function appendPage({ count, lines, values, timesMs }: Page<Meaning>, head: Head, slotMs: number): void {
  for (let index = 0; index < count; index += 1) {
    const meaning = lines[index]?.meaning;
    if (meaning === undefined) continue;
    const statedMs = timesMs[index] ?? Number.NaN;
    meaning.isTimed = statedMs === statedMs;
    const atMs = meaning.isTimed ? statedMs : slotMs;
    if (atMs <= slotMs + MAX_AHEAD_MS) seriesOf(meaning, head)?.append(atMs, values[index] ?? Number.NaN);
  }
}

function seriesOf(meaning: Meaning, head: Head): Series | undefined {
  if (meaning.series === undefined || meaning.series.isGone) meaning.series = head.seriesOf(meaning.labels);
  return meaning.series;
}

function endLine({ meaning: { series, isTimed } }: Line, atMs: number): void {
  if (!isTimed) series?.end(atMs);
}
