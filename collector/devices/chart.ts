import type { ChartBody } from '../../config/model/api.ts';
import { labelsKey, METRIC_NAME, without, type Labels } from '../../config/model/labels.ts';
import { metricOf } from '../../config/model/metrics.ts';
import type { SeriesSlice } from '../../config/model/series.ts';
import { TIER_MS, type Tier } from '../../config/model/tiers.ts';
import type { JoinedSeries, SpanLines } from '../series/history/joined.ts';

/** As many points as a page can show beside each other. */
export const MAX_CHART_POINTS = 400;
const MAX_LINES = 100;
/** What every series has; a line is known by the others. */
const HIDDEN_LABELS = [METRIC_NAME, 'job', 'instance'];

/** The span of a chart in equal steps. */
export interface ChartSpan {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly points: number;
}

/**
 * Cuts a span into steps of whole scrapes, or of whole spans of history where they are longer, each as long as the points
 * allow. The first begins at or before `fromMs`, so that the same instants make the same steps as time goes on.
 */
export function chartSpan(fromMs: number, toMs: number, scrapeIntervalMs: number): ChartSpan {
  const leastMs = (toMs - fromMs) / (MAX_CHART_POINTS - 1);
  const unitMs = [TIER_MS['1h'], TIER_MS['5m']].find((ms) => leastMs > ms) ?? scrapeIntervalMs;
  const stepMs = Math.max(1, Math.ceil(leastMs / unitMs)) * unitMs;
  const startMs = Math.floor(fromMs / stepMs) * stepMs;
  return { fromMs: startMs, stepMs, points: Math.floor((toMs - startMs) / stepMs) + 1 };
}

/** In what detail a chart needs history. */
export function chartTier({ stepMs }: Pick<ChartSpan, 'stepMs'>): Tier {
  if (stepMs >= TIER_MS['1h']) return '1h';
  return stepMs >= TIER_MS['5m'] ? '5m' : 'raw';
}

type Drawing = ChartSpan & {
  readonly scrapeIntervalMs: number;
  readonly maxLines?: number;
  /** They are of several devices, and told apart by them. */
  readonly isOfMany?: boolean;
};
type Chartable = Awaited<ReturnType<JoinedSeries['lines']>>;

/** Draws series of one metric: one line for each set of labels, a step without samples is a gap. */
export function chartOf({ older, newer }: Chartable, metric: string, drawing: Drawing): ChartBody {
  const { fromMs, stepMs, points, scrapeIntervalMs, maxLines = MAX_LINES, isOfMany = false } = drawing;
  const hidden = isOfMany ? HIDDEN_LABELS : [...HIDDEN_LABELS, 'device'];
  const steps = new Map<string, { readonly labels: Labels; readonly steps: Map<number, Step> }>();
  const stepsOf = (all: Labels): Map<number, Step> | undefined => {
    const labels = without(all, ...hidden);
    const key = labelsKey(labels);
    const known = steps.get(key);
    if (known !== undefined) return known.steps;
    const made = { labels, steps: new Map<number, Step>() };
    if (steps.size < maxLines) steps.set(key, made);
    return made.steps;
  };
  for (const lines of older) takeSpans(lines, drawing, stepsOf(lines.labels) ?? new Map<number, Step>());
  for (const slice of newer) takeSamples(slice, drawing, stepsOf(slice.labels) ?? new Map<number, Step>());
  const combine = combinationOf(metric);
  const lines = [...steps]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, own]) => {
      const row = (value: (step: Step) => number): (number | null)[] =>
        Array.from({ length: points }, (_, at) => {
          const step = own.steps.get(at);
          return step === undefined ? null : value(step);
        });
      const line = { labels: own.labels, values: row(combine) };
      return stepMs <= scrapeIntervalMs
        ? line
        : { ...line, band: { min: row(({ min }) => min), max: row(({ max }) => max) } };
    });
  return { timesMs: Array.from({ length: points }, (_, index) => fromMs + index * stepMs), lines };
}

/** As many sensors as one room has. */
const MAX_SPREAD = 2_000;

/**
 * One line for all series: at each step their mean, with the least and the greatest that any of them had. A step at which none
 * has a sample is a gap.
 */
export function spreadOf(lines: Chartable, metric: string, drawing: Drawing): ChartBody {
  const chart = chartOf(lines, metric, { ...drawing, maxLines: MAX_SPREAD, isOfMany: true });
  if (chart.lines.length === 0) return chart;
  const at = (index: number, pick: (numbers: readonly number[]) => number, aspect?: 'min' | 'max') => {
    const row = chart.lines.flatMap(({ values, band }) => {
      const value = (aspect === undefined ? undefined : band?.[aspect])?.[index] ?? values[index];
      return value === null || value === undefined ? [] : [value];
    });
    return row.length === 0 ? null : pick(row);
  };
  const mean = (row: readonly number[]): number => row.reduce((sum, value) => sum + value, 0) / row.length;
  const rowOf = (...how: [pick: (numbers: readonly number[]) => number, aspect?: 'min' | 'max']) =>
    chart.timesMs.map((_atMs, index) => at(index, ...how));
  const band = {
    min: rowOf((row) => Math.min(...row), 'min'),
    max: rowOf((row) => Math.max(...row), 'max'),
  };
  return { timesMs: chart.timesMs, lines: [{ labels: {}, values: rowOf(mean), band }] };
}

interface Step {
  sum: number;
  count: number;
  min: number;
  max: number;
  last: number;
}

type Combine = (step: Step) => number;

/** What a step shows of its samples: a flag that was up in it, where a counter stood, else the mean. */
function combinationOf(metric: string): Combine {
  const known = metricOf(metric);
  if (known?.unit === 'flag' || known?.type === 'state') return ({ max }) => max;
  if (known?.type === 'counter' || metric.endsWith('_total')) return ({ last }) => last;
  return ({ sum, count }) => sum / count;
}

function take(steps: Map<number, Step>, at: number, more: Step): void {
  const step = steps.get(at);
  if (step === undefined) {
    steps.set(at, more);
    return;
  }
  step.sum += more.sum;
  step.count += more.count;
  step.min = Math.min(step.min, more.min);
  step.max = Math.max(step.max, more.max);
  step.last = more.last;
}

function takeSamples(
  { timesMs, values, start, end }: SeriesSlice,
  { fromMs, stepMs, points }: ChartSpan,
  steps: Map<number, Step>,
): void {
  for (let index = start; index < end; index += 1) {
    const value = values[index] ?? Number.NaN;
    const at = Math.floor(((timesMs[index] ?? 0) - fromMs) / stepMs);
    if (!Number.isFinite(value) || at < 0 || at >= points) continue;
    take(steps, at, { sum: value, count: 1, min: value, max: value, last: value });
  }
}

function takeSpans(lines: SpanLines, { fromMs, stepMs, points }: ChartSpan, steps: Map<number, Step>): void {
  const { timesMs, avg, count, min, max, last } = lines;
  for (let index = 0; index < timesMs.length; index += 1) {
    // A span that ends where a step begins belongs to the one before.
    const at = Math.floor(((timesMs[index] ?? 0) - 1 - fromMs) / stepMs);
    const mean = avg[index] ?? Number.NaN;
    if (!Number.isFinite(mean) || at < 0 || at >= points) continue;
    // What is no number ended with it.
    const or = (column: Float64Array): number => {
      const value = column[index] ?? mean;
      return Number.isFinite(value) ? value : mean;
    };
    const own = { min: or(min), max: or(max), last: or(last) };
    take(steps, at, { ...own, sum: mean * (count[index] ?? 1), count: count[index] ?? 1 });
  }
}
