import { defined } from '../../config/model/defined.ts';
import { messageOf } from '../../config/model/errors.ts';
import { METRIC_NAME, type Labels } from '../../config/model/labels.ts';
import type { ScrapePage } from '../../config/scrape.ts';
import { monotonicMs } from '../../config/runtime/system-clock.ts';
import type { Head } from '../series/head.ts';
import { SeriesSet } from '../series/series-set.ts';
import { Series } from '../series/series.ts';
import { createPageSource } from './fetch-page.ts';
import { createPageReader, readPieces, type Page } from './page.ts';
import { parseSeriesText } from './series-text.ts';

/** What is scraped, and what its series are called. */
export interface TargetConfig {
  readonly job: string;
  readonly instance: string;
  /** Of the page itself. */
  readonly url: string;
  /** What `collector.yaml` says of it; absent for an agent. */
  readonly page?: ScrapePage;
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
  /** Of the last page. */
  readonly samples?: number;
  readonly durationSeconds?: number;
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

/** A line of the page: its place in the head, or its labels while it has none. Nothing beside it: there are so many. */
type Meaning = Series | Unplaced;

interface Unplaced {
  readonly labels: Labels;
}

/** A sample dated further ahead would keep its series from taking others. */
const MAX_AHEAD_MS = 10 * 60_000;

export function createTarget({
  config,
  head,
  timeoutMs,
  limits: given = DEFAULT_LIMITS,
}: TargetDeps): Target {
  const { page: settings } = config;
  const limits = { ...given, ...settings?.limits };
  const source = createPageSource(
    defined({ url: config.url, maxBytes: limits.maxBytes, timeoutMs, access: settings }),
  );
  const reader = createPageReader({ maxSamples: limits.maxSamples, interpret: interpreter(config, limits) });
  let health: TargetHealth = { config };
  /** Of the latest page that counts. */
  let live: readonly Meaning[] = [];
  /** Of which the page states the times: these do not end by being absent. */
  const timed = new SeriesSet();

  const own = ownLabels(config);
  const endAll = (atMs: number): void => {
    endLines(live, timed, atMs);
    live = [];
  };
  const take = (page: Page<Meaning>, slotMs: number): number => {
    const added = appendPage(page, { head, slotMs, honorsTimes: settings?.honorsTimes ?? true, timed });
    endLines(page.gone, timed, slotMs);
    live = page.meanings;
    return added;
  };
  const judge = (slotMs: number, lastError: string | undefined, figures: Figures): void => {
    health = healthAfter(health, { slotMs, lastError, figures });
    tellOwn(head, own, { slotMs, isUp: lastError === undefined, figures });
  };

  return {
    config,
    health: () => health,
    async scrape(slotMs, signal) {
      const startedMs = monotonicMs();
      // The clock was set back: else nothing would be taken, and all look fresh, until it has caught up.
      if (slotMs < (health.lastScrapeAtMs ?? slotMs)) head.dropAfter(slotMs);
      const figures = { samples: 0, added: 0, durationSeconds: 0 };
      let fault: string | undefined;
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const page = await readPieces(reader, await source.fetch(deadline));
        figures.samples = page.count;
        figures.added = take(page, slotMs);
      } catch (error) {
        if (signal.aborted) return;
        endAll(slotMs);
        fault = messageOf(error);
      }
      figures.durationSeconds = (monotonicMs() - startedMs) / 1000;
      judge(slotMs, fault, figures);
    },
    leave(atMs) {
      source.close();
      endAll(atMs);
      endOwn(head, own, atMs);
    },
  };
}

/** What is told of each scrape, beside its samples; the names are Prometheus'. */
const OWN_METRICS = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const;

function tellOwn(
  head: Head,
  own: Labels,
  { slotMs, isUp, figures }: { readonly slotMs: number; readonly isUp: boolean; readonly figures: Figures },
): void {
  const { samples, added, durationSeconds } = figures;
  for (const [index, value] of [isUp ? 1 : 0, durationSeconds, samples, samples, added].entries()) {
    head.append({ ...own, [METRIC_NAME]: OWN_METRICS[index] ?? '' }, slotMs, value);
  }
}

function endOwn(head: Head, own: Labels, atMs: number): void {
  for (const metric of OWN_METRICS) head.seriesOf({ ...own, [METRIC_NAME]: metric })?.end(atMs);
}

function healthAfter(
  before: TargetHealth,
  after: { readonly slotMs: number; readonly lastError: string | undefined; readonly figures: Figures },
): TargetHealth {
  const { slotMs, lastError, figures } = after;
  const isUp = lastError === undefined;
  const sinceMs = before.isUp === isUp ? before.sinceMs : slotMs;
  const { samples, durationSeconds } = figures;
  return defined({
    config: before.config,
    isUp,
    sinceMs,
    lastScrapeAtMs: slotMs,
    lastError,
    samples,
    durationSeconds,
  });
}

interface Figures {
  readonly samples: number;
  /** Series that are there for the first time, or again. */
  readonly added: number;
  readonly durationSeconds: number;
}

/** What all series of a target have in common. */
function ownLabels({ job, instance, page }: TargetConfig): Labels {
  return { ...page?.labels, job, instance };
}

function interpreter(
  config: TargetConfig,
  { maxLabels, maxLabelChars }: TargetLimits,
): (text: string) => Meaning | string {
  const own = ownLabels(config);
  const honorsLabels = config.page?.honorsLabels ?? false;
  return (text) => {
    const labels = parseSeriesText(text);
    if (typeof labels === 'string') return labels;
    const entries = Object.entries(labels);
    if (entries.length > maxLabels) return `there are more than ${maxLabels} labels`;
    const isLong = entries.some(([name, value]) => Math.max(name.length, value.length) > maxLabelChars);
    if (isLong) return `a label is longer than ${maxLabelChars} characters`;
    const all = honorsLabels ? { ...own, ...labels } : { ...exported(labels, own), ...own };
    return { labels: all };
  };
}

/** What a page calls as its target's own labels are called gives way to them. */
function exported(labels: Labels, own: Labels): Labels {
  const entries = Object.entries(labels).map(([name, value]) => {
    let free = name;
    if (Object.hasOwn(own, name))
      do free = `exported_${free}`;
      while (Object.hasOwn(labels, free));
    return [free, value] as const;
  });
  return Object.fromEntries(entries);
}

interface Appending {
  readonly head: Head;
  readonly slotMs: number;
  readonly honorsTimes: boolean;
  readonly timed: SeriesSet;
}

/** @returns how many series are new to the target. */
function appendPage({ count, meanings, values, timesMs }: Page<Meaning>, to: Appending): number {
  let added = 0;
  const stated = to.honorsTimes ? timesMs : NO_TIMES;
  for (let index = 0; index < count; index += 1) {
    const meaning = meanings[index];
    if (meaning === undefined) continue;
    if (!(meaning instanceof Series)) added += 1;
    const statedMs = timeAt(stated, index);
    const isTimed = statedMs === statedMs;
    const atMs = isTimed ? statedMs : to.slotMs;
    const series = appendLine(meaning, to, { isTimed, atMs, value: values[index] ?? Number.NaN });
    if (series !== undefined && series !== meaning) meanings[index] = series;
  }
  return added;
}

const NO_TIMES = new Float64Array();

function timeAt(timesMs: Float64Array, index: number): number {
  // Beyond the end a column is slow to ask, and most pages state no times.
  return index < timesMs.length ? (timesMs[index] ?? Number.NaN) : Number.NaN;
}

interface LineSample {
  readonly isTimed: boolean;
  readonly atMs: number;
  readonly value: number;
}

/** @returns the place of the line in the head, if it has one. */
function appendLine(
  meaning: Meaning,
  { head, slotMs, timed }: Appending,
  { isTimed, atMs, value }: LineSample,
): Series | undefined {
  const isAhead = atMs > slotMs + MAX_AHEAD_MS;
  const series = isAhead ? placeOf(meaning) : (placeOf(meaning) ?? head.seriesOf(meaning.labels));
  if (series === undefined) return undefined;
  if (isTimed) timed.add(series);
  else timed.delete(series);
  if (!isAhead) series.append(atMs, value);
  return series;
}

function placeOf(meaning: Meaning): Series | undefined {
  return meaning instanceof Series && !meaning.isGone ? meaning : undefined;
}

function endLines(meanings: Iterable<Meaning>, timed: SeriesSet, atMs: number): void {
  for (const meaning of meanings) if (meaning instanceof Series && !timed.has(meaning)) meaning.end(atMs);
}
