import { formatLabels, METRIC_NAME, type Labels } from '../../config/model/labels.ts';
import { parseDurationMs } from '../../config/model/duration.ts';

export const VIEWS = ['chart', 'table'] as const;
export type View = (typeof VIEWS)[number];

/** What is asked, over which time; all of it stands in the address. */
export interface Exploration {
  readonly query: string;
  readonly range: RangeName;
  /** Absent: until now. */
  readonly endMs?: number;
  /** Absent: as fine as the range allows. */
  readonly step?: StepName;
  readonly view: View;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const RANGES = {
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
  '90d': 90 * 24 * HOUR_MS,
  '1y': 365 * 24 * HOUR_MS,
} as const;
export type RangeName = keyof typeof RANGES;

export const STEPS = ['1s', '5s', '10s', '30s', '1m', '5m', '15m', '1h', '6h', '1d'] as const;
export type StepName = (typeof STEPS)[number];

const DEFAULT_RANGE: RangeName = '1h';
/** What the collector answers at most, and what a screen has room for. */
const MAX_POINTS = 11_000;
const ENOUGH_POINTS = 600;
/** So many lines can be told apart, and drawn fluidly. */
export const MAX_LINES = 20;

/** Reads what an address asks; what is no value there counts as absent. */
export function explorationIn(params: URLSearchParams): Exploration {
  const range = params.get('range') ?? '';
  const step = STEPS.find((name) => name === params.get('step'));
  const end = params.get('end') ?? '';
  return {
    query: params.get('q') ?? '',
    range: Object.hasOwn(RANGES, range) ? (range as RangeName) : DEFAULT_RANGE,
    view: VIEWS.find((view) => view === params.get('view')) ?? 'chart',
    ...(/^\d{1,15}$/.test(end) ? { endMs: Number(end) } : {}),
    ...(step === undefined ? {} : { step }),
  };
}

/** Parts of an exploration; `undefined` takes one away. */
export type ExplorationChange = { readonly [K in keyof Exploration]?: Exploration[K] | undefined };

/** The address of an exploration, to go to or to share. */
export function explorePath({ query, range, endMs, step, view }: ExplorationChange = {}): string {
  const params = new URLSearchParams();
  if (query !== undefined && query !== '') params.set('q', query);
  if (range !== undefined && range !== DEFAULT_RANGE) params.set('range', range);
  if (endMs !== undefined) params.set('end', String(endMs));
  if (step !== undefined) params.set('step', step);
  if (view === 'table') params.set('view', view);
  const text = params.toString();
  return text === '' ? '/explore' : `/explore?${text}`;
}

/** Where a range query begins and ends, in whole steps, and its step. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

export function spanOf({ range, endMs, step }: Exploration, nowMs: number): Span {
  const rangeMs = RANGES[range];
  const least = Math.ceil(rangeMs / MAX_POINTS / 1_000) * 1_000;
  const wanted = step === undefined ? fineStep(rangeMs) : (parseDurationMs(step) ?? 0);
  const stepMs = Math.max(wanted, least);
  const end = Math.floor((endMs ?? nowMs) / stepMs) * stepMs;
  return { startMs: end - rangeMs, endMs: end, stepMs };
}

function fineStep(rangeMs: number): number {
  const sizes = STEPS.map((name) => parseDurationMs(name) ?? 0);
  return sizes.find((sizeMs) => sizeMs >= 5_000 && rangeMs / sizeMs <= ENOUGH_POINTS) ?? 24 * HOUR_MS;
}

/** The largest range that is not longer than a part of the chart that was chosen. */
export function zoomed(exploration: Exploration, fromMs: number, toMs: number): Exploration {
  const lengthMs = toMs - fromMs;
  const names = Object.keys(RANGES) as RangeName[];
  const range = names.find((name) => RANGES[name] >= lengthMs) ?? exploration.range;
  const middleMs = (fromMs + toMs) / 2;
  return { ...exploration, range, endMs: Math.round(middleMs + RANGES[range] / 2) };
}

/** One line of an answer; `null` is a gap. */
export interface Line {
  readonly labels: Labels;
  readonly values: readonly (number | null)[];
}

/** Lines on one row of instants, as a chart draws them. */
export interface Lines {
  readonly timesMs: readonly number[];
  readonly lines: readonly Line[];
}

/** `[seconds, text]` as Prometheus writes a sample. */
export type Point = readonly [seconds: number, value: string];

export interface MatrixResult {
  readonly metric: Labels;
  readonly values: readonly Point[];
}

/** Puts the samples of an answer onto the steps that were asked for. */
export function linesOf(result: readonly MatrixResult[], { startMs, endMs, stepMs }: Span): Lines {
  const count = Math.floor((endMs - startMs) / stepMs) + 1;
  const timesMs = Array.from({ length: count }, (_, index) => startMs + index * stepMs);
  const lines = result.map(({ metric, values }): Line => {
    const row: (number | null)[] = Array.from({ length: count }, () => null);
    for (const [seconds, text] of values) {
      const index = Math.round((seconds * 1_000 - startMs) / stepMs);
      const value = numberIn(text);
      if (index >= 0 && index < count && Number.isFinite(value)) row[index] = value;
    }
    return { labels: metric, values: row };
  });
  return { timesMs, lines };
}

/** A number as Prometheus writes it. */
export function numberIn(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

/** Six digits are enough to read. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+∞' : '−∞';
  return String(Number(value.toPrecision(6)));
}

/** `metric{label="value"}` */
export function seriesName(labels: Labels): string {
  const { [METRIC_NAME]: name = '', ...others } = labels;
  return Object.keys(others).length === 0 && name !== '' ? name : name + formatLabels(others);
}

/** Where an error of the collector stands in the text that was asked: `1:6: parse error: …`. */
export function faultPlace(
  message: string,
  text: string,
): { readonly from: number; readonly to: number } | undefined {
  const [, line = '', column = ''] = /^(?:.*: )?(\d+):(\d+): parse error/.exec(message) ?? [];
  if (line === '') return undefined;
  const lines = text.split('\n');
  const before = lines.slice(0, Number(line) - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const from = Math.min(before + Number(column) - 1, text.length);
  return { from: Math.max(0, from), to: Math.min(from + 1, text.length) };
}
