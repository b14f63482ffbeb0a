import type { ChartBody } from '../../config/model/api.ts';
import { labelsKey, METRIC_NAME, without } from '../../config/model/labels.ts';
import { metricOf } from '../../config/model/metrics.ts';
import { isStale } from '../../config/model/sample.ts';
import type { SeriesSlice } from '../../config/model/series.ts';

/** As many points as a page can show beside each other. */
export const MAX_CHART_POINTS = 400;
const MAX_LINES = 100;

/** The span of a chart in equal steps. */
export interface ChartSpan {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly points: number;
}

type Line = ChartBody['lines'][number];

/**
 * Cuts a span into steps of whole scrapes, each as long as the points allow. The first begins at or before `fromMs`, so
 * that the same instants make the same steps as time goes on.
 */
export function chartSpan(fromMs: number, toMs: number, scrapeIntervalMs: number): ChartSpan {
  const scrapes = Math.ceil((toMs - fromMs) / scrapeIntervalMs / (MAX_CHART_POINTS - 1));
  const stepMs = Math.max(1, scrapes) * scrapeIntervalMs;
  const startMs = Math.floor(fromMs / stepMs) * stepMs;
  return { fromMs: startMs, stepMs, points: Math.floor((toMs - startMs) / stepMs) + 1 };
}

/** Draws the series of one metric of one device: one line for each set of labels, a step without samples is a gap. */
export function chartOf(slices: Iterable<SeriesSlice>, metric: string, span: ChartSpan): ChartBody {
  const { fromMs, stepMs, points } = span;
  const combine = combinationOf(metric);
  const lines = new Map<string, Line & { values: (number | null)[] }>();
  for (const slice of slices) {
    const labels = without(slice.labels, METRIC_NAME, 'device', 'job', 'instance');
    const key = labelsKey(labels);
    const line = lines.get(key) ?? { labels, values: Array.from({ length: points }, () => null) };
    if (lines.size < MAX_LINES) lines.set(key, line);
    draw(slice, span, { combine, into: line.values });
  }
  const timesMs = Array.from({ length: points }, (_, index) => fromMs + index * stepMs);
  return { timesMs, lines: [...lines.keys()].sort().flatMap((key) => lines.get(key) ?? []) };
}

interface Step {
  sum: number;
  count: number;
  max: number;
  last: number;
}

type Combine = (step: Step) => number;

/** What a step shows of its samples: a flag that was up in it, where a counter stood, else the mean. */
function combinationOf(metric: string): Combine {
  const known = metricOf(metric);
  if (known?.unit === 'flag' || known?.type === 'state') return ({ max }) => max;
  if (known?.type === 'counter') return ({ last }) => last;
  return ({ sum, count }) => sum / count;
}

function draw(
  { timesMs, values, start, end }: SeriesSlice,
  { fromMs, stepMs, points }: ChartSpan,
  { combine, into }: { combine: Combine; into: (number | null)[] },
): void {
  const steps = new Map<number, Step>();
  for (let index = start; index < end; index += 1) {
    const value = values[index] ?? Number.NaN;
    const at = Math.floor(((timesMs[index] ?? 0) - fromMs) / stepMs);
    if (!Number.isFinite(value) || isStale(values, index) || at < 0 || at >= points) continue;
    const step = steps.get(at) ?? { sum: 0, count: 0, max: Number.NEGATIVE_INFINITY, last: value };
    step.sum += value;
    step.count += 1;
    step.max = Math.max(step.max, value);
    step.last = value;
    steps.set(at, step);
  }
  for (const [at, step] of steps) into[at] = combine(step);
}
