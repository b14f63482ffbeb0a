import type { ChartBody, ChartLine, ReadingView } from '../../config/model/api.ts';
import { labelsKey, without, type Labels } from '../../config/model/labels.ts';
import { metricOf } from '../../config/model/metrics.ts';

/** What a line of a chart says in words. */
export interface LineSummary {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly last: number;
  /** Stretches without data between the first value and the last. */
  readonly gaps: number;
}

type Values = readonly (number | null)[];

/** `undefined` where there is no value at all. */
export function summarizeLine(values: Values, band?: ChartLine['band']): LineSummary | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;
  let last = Number.NaN;
  let gaps = 0;
  let isInGap = false;
  for (const [at, value] of values.entries()) {
    if (value === null) {
      isInGap = count > 0;
      continue;
    }
    if (isInGap) gaps += 1;
    isInGap = false;
    min = Math.min(min, band?.min[at] ?? value);
    max = Math.max(max, band?.max[at] ?? value);
    sum += value;
    count += 1;
    last = value;
  }
  return count === 0 ? undefined : { min, mean: sum / count, max, last, gaps };
}

/** Where a value stands alone between gaps: a line cannot show it, a point can. `null` where none does. */
export function lonely(values: ArrayLike<number | null | undefined>): number[] | null {
  const found: number[] = [];
  for (let at = 0; at < values.length; at += 1) {
    const isAlone = (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
    if (isAlone && (values[at] ?? null) !== null) found.push(at);
  }
  return found.length === 0 ? null : found;
}

/** Labels that tell lines of one device apart. */
function lineLabels(labels: Labels): Labels {
  return without(labels, 'device', 'job', 'instance', '__name__');
}

function isSameLine(a: Labels, b: Labels): boolean {
  return labelsKey(lineLabels(a)) === labelsKey(lineLabels(b));
}

/** Only the line with these labels; all of them when absent. */
export function pickLine(chart: ChartBody, labels: Labels | undefined): ChartBody {
  if (labels === undefined) return chart;
  return { ...chart, lines: chart.lines.filter((line) => isSameLine(line.labels, labels)) };
}

/** Twice the usual distance between two points means that some are missing. */
function usualStepMs(timesMs: readonly number[]): number {
  const steps = timesMs.slice(1).map((atMs, index) => atMs - (timesMs[index] ?? atMs));
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? Number.POSITIVE_INFINITY;
}

/** Continues a chart by what the device just told, so that nobody has to ask for it again. */
export function appendReadings(
  chart: ChartBody,
  readings: readonly ReadingView[],
  fromMs: number,
): ChartBody {
  const lastMs = chart.timesMs.at(-1) ?? 0;
  const atMs = Math.max(0, ...readings.map((reading) => reading.atMs));
  if (atMs <= lastMs) return chart;
  const isAfterGap = lastMs > 0 && atMs - lastMs > 3 * usualStepMs(chart.timesMs);
  const newTimesMs = isAfterGap ? [lastMs + 1, atMs] : [atMs];
  const start = chart.timesMs.findIndex((timeMs) => timeMs >= fromMs);
  const kept = start === -1 ? chart.timesMs.length : start;
  return {
    timesMs: [...chart.timesMs.slice(kept), ...newTimesMs],
    lines: chart.lines.map(({ labels, values, band }) => {
      const value = readings.find((reading) => isSameLine(reading.labels, labels))?.value ?? null;
      const continued = (before: Values): Values => [
        ...before.slice(kept),
        ...(isAfterGap ? [null, value] : [value]),
      ];
      const line = { labels, values: continued(values) };
      return band === undefined
        ? line
        : { ...line, band: { min: continued(band.min), max: continued(band.max) } };
    }),
  };
}

export function isCounter(metric: string): boolean {
  return metricOf(metric)?.type === 'counter' || metric.endsWith('_total');
}

function perSecond(timesMs: readonly number[], values: Values): Values {
  return values.map((value, index) => {
    const before = values[index - 1];
    const beforeMs = timesMs[index - 1];
    const atMs = timesMs[index];
    if (value === null || before === null || before === undefined) return null;
    if (beforeMs === undefined || atMs === undefined || atMs <= beforeMs) return null;
    // A counter that fell was started anew: nothing can be said of this step.
    return value < before ? null : ((value - before) * 1000) / (atMs - beforeMs);
  });
}

/** A counter says nothing as a curve, how fast it counts does. */
export function asRate(chart: ChartBody): ChartBody {
  return {
    ...chart,
    // What lies between two ends of a step says nothing of how fast it went.
    lines: chart.lines.map(({ labels, values }) => ({ labels, values: perSecond(chart.timesMs, values) })),
  };
}

/** Room above and below, and never so narrow that the noise of a steady value looks like a storm. */
export function paddedRange(min: number, max: number): readonly [number, number] {
  const middle = (min + max) / 2;
  const half = Math.max((max - min) * 0.6, Math.abs(middle) * 0.04, 1e-9);
  const low = middle - half;
  return [min >= 0 ? Math.max(0, low) : low, middle + half];
}

/** The least that a chart shows, so that two points do not fill it. */
const NARROWEST_MS = 120_000;

/** From where a chart is drawn: the span that was asked for, or since when there is anything to show in it. */
export function startMs({ timesMs, lines }: ChartBody, toMs: number, spanMs: number): number {
  const first = timesMs.findIndex((_, index) => lines.some(({ values }) => values[index] !== null));
  const coveredMs = Math.max(NARROWEST_MS, toMs - (timesMs[first] ?? toMs));
  return toMs - Math.min(spanMs, coveredMs * 1.05);
}

const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;

export const SPANS = {
  '15m': 900_000,
  '1h': 3_600_000,
  '3h': 10_800_000,
  '1d': DAY_MS,
  '7d': WEEK_MS,
  '30d': 30 * DAY_MS,
  '1y': 365 * DAY_MS,
} as const;
export type Span = keyof typeof SPANS;

/** Longer charts are read anew from time to time; shorter ones are continued by what the socket brings. */
export function isContinued(span: Span): boolean {
  return SPANS[span] <= SPANS['3h'];
}

/** The same lines a week before, where they are now; those that there were not are absent. */
export function besides(
  chart: ChartBody,
  before: ChartBody,
  shiftMs: number,
): readonly (Values | undefined)[] {
  const stepMs = usualStepMs(before.timesMs);
  const firstMs = (before.timesMs[0] ?? 0) + shiftMs;
  return chart.lines.map(({ labels }) => {
    const line = before.lines.find((each) => isSameLine(each.labels, labels));
    return line && chart.timesMs.map((atMs) => line.values[Math.round((atMs - firstMs) / stepMs)] ?? null);
  });
}

/** The span that a chart has where none, or none that there is, was asked for. */
const FIRST_SPAN: Span = '3h';

export function spanOf(text: string | undefined): Span {
  return text !== undefined && Object.hasOwn(SPANS, text) ? (text as Span) : FIRST_SPAN;
}

/** The point that a key leads to, from the one that is read out; `undefined` for a key that leads nowhere. */
export function movedPoint(key: string, point: number | undefined, count: number): number | undefined {
  const last = count - 1;
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, (point ?? count) - 1);
    case 'ArrowRight':
      return Math.min(last, (point ?? -1) + 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
