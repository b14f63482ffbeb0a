import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import type { CoarseReach, Detail, Matcher, SeriesSlice } from '../../../config/model/series.ts';
import type { Tier } from '../../../config/model/tiers.ts';
import type { Head } from '../head.ts';
import { firstAt } from '../sorted.ts';
import { byKey, type History } from './keep.ts';
import type { HistoryLines } from './store.ts';

/** Head and history as one: where a query reaches back before the head, history is put before it. */
export interface JoinedSeries {
  /** At once where the head has all of the span. Later samples are read as they are when the iteration comes to them. */
  select(
    matchers: readonly Matcher[],
    fromMs: number,
    toMs: number,
    detail?: Detail,
  ): Iterable<SeriesSlice> | Promise<Iterable<SeriesSlice>>;
  /** What charts are drawn of: samples of the head, and before them what history keeps of spans. */
  lines(
    matchers: readonly Matcher[],
    fromMs: number,
    toMs: number,
    tier: Tier,
  ): Promise<{ readonly older: readonly SpanLines[]; readonly newer: Iterable<SeriesSlice> }>;
  /** The labels of the series that the matchers accept and that may have samples in the span. */
  names(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<readonly Labels[]>;
  labelNames(): Promise<readonly string[]>;
  labelValues(name: string): Promise<readonly string[]>;
}

/** Lines of one series; `timesMs[i]` is the last sample of its span, which ends there or later. */
export interface SpanLines {
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  readonly avg: Float64Array;
  readonly count: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly last: Float64Array;
}

const ASPECTS = ['avg', 'count', 'min', 'max', 'last'] as const;

export interface JoinedDeps {
  readonly head: Pick<Head, 'select' | 'labelNames' | 'labelValues'>;
  /** Absent where none is kept. */
  readonly history:
    | Pick<History, 'read' | 'names' | 'labelNames' | 'labelValues' | 'flushedToMs'>
    | undefined;
  /** The head has every sample from then on. */
  readonly headFromMs: () => number;
  readonly maxSamples: number;
}

/** The head lets go of so much at most while history is read. */
const MARGIN_MS = 10 * 60_000;

export function joinSeries({ head, history, headFromMs, maxSamples }: JoinedDeps): JoinedSeries {
  const isInHead = (fromMs: number): boolean =>
    history?.flushedToMs === undefined || fromMs >= headFromMs() || fromMs > history.flushedToMs;
  return {
    select(matchers, fromMs, toMs, detail) {
      if (history === undefined || isInHead(fromMs)) return head.select(matchers, fromMs, toMs, detail);
      const { tier = 'raw', aspect = 'last' } = detail ?? {};
      // The head may let go of some while history is read: what both have counts once.
      const endMs = Math.min(toMs, headFromMs() + MARGIN_MS);
      return history
        .read({ matchers, fromMs, toMs: endMs, tier, aspects: [aspect], maxLines: maxSamples })
        .then(({ series, coarse }) => {
          const cutMs = headFromMs();
          const older = byKey(series);
          return merged(older, head.select(matchers, Math.max(fromMs, cutMs), toMs), { cutMs, coarse });
        });
    },
    async lines(matchers, fromMs, toMs, tier) {
      if (history === undefined || isInHead(fromMs)) {
        return { older: [], newer: head.select(matchers, fromMs, toMs) };
      }
      const endMs = Math.min(toMs, headFromMs() + MARGIN_MS);
      const { series } = await history.read({
        matchers,
        fromMs,
        toMs: endMs,
        tier,
        aspects: ASPECTS,
        maxLines: maxSamples,
      });
      const cutMs = headFromMs();
      return {
        older: series.map((lines) => spanLines(lines, cutMs)),
        newer: head.select(matchers, Math.max(fromMs, cutMs), toMs),
      };
    },
    async names(matchers, fromMs, toMs) {
      const own = new Map<string, Labels>();
      for (const { labels, start, end } of head.select(matchers, fromMs, toMs)) {
        if (end > start) own.set(labelsKey(labels), labels);
      }
      if (history === undefined || isInHead(fromMs)) return [...own.values()];
      for (const labels of await history.names(matchers, fromMs, toMs)) own.set(labelsKey(labels), labels);
      return [...own.values()];
    },
    labelNames: async () => together(head.labelNames(), await history?.labelNames()),
    labelValues: async (name) => together(head.labelValues(name), await history?.labelValues(name)),
  };
}

function spanLines({ labels, timesMs, columns }: HistoryLines, beforeMs: number): SpanLines {
  const end = firstAt(timesMs, 0, timesMs.length, beforeMs);
  const column = (index: number): Float64Array => (columns[index] ?? NONE).subarray(0, end);
  return {
    labels,
    timesMs: timesMs.subarray(0, end),
    avg: column(0),
    count: column(1),
    min: column(2),
    max: column(3),
    last: column(4),
  };
}

const NONE = new Float64Array(0);

function together(own: readonly string[], older: readonly string[] = []): readonly string[] {
  return [...new Set([...own, ...older])].sort();
}

function* merged(
  older: Map<string, HistoryLines>,
  newer: Iterable<SeriesSlice>,
  { cutMs, coarse }: { readonly cutMs: number; readonly coarse: CoarseReach | undefined },
): Generator<SeriesSlice> {
  for (const slice of newer) {
    const key = labelsKey(slice.labels);
    const before = older.get(key);
    older.delete(key);
    yield before === undefined ? slice : withCoarse(behind(before, slice, cutMs), coarse);
  }
  for (const { labels, timesMs, columns } of older.values()) {
    const values = columns[0] ?? new Float64Array(0);
    const end = firstAt(timesMs, 0, timesMs.length, cutMs);
    yield withCoarse({ labels, timesMs, values, start: 0, end }, coarse);
  }
}

function withCoarse(slice: SeriesSlice, coarse: CoarseReach | undefined): SeriesSlice {
  return coarse === undefined ? slice : { ...slice, coarse };
}

/** What history has before the instant, then the slice. */
function behind(before: HistoryLines, slice: SeriesSlice, cutMs: number): SeriesSlice {
  const older = firstAt(before.timesMs, 0, before.timesMs.length, cutMs);
  const newer = slice.end - slice.start;
  const timesMs = new Float64Array(older + newer);
  const values = new Float64Array(older + newer);
  timesMs.set(before.timesMs.subarray(0, older));
  values.set((before.columns[0] ?? values).subarray(0, older));
  timesMs.set(slice.timesMs.subarray(slice.start, slice.end), older);
  values.set(slice.values.subarray(slice.start, slice.end), older);
  return { labels: slice.labels, timesMs, values, start: 0, end: older + newer };
}
