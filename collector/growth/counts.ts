import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GroupRun } from '../../alerting/engine/group.ts';
import type { GrowthBody, GrowthShare } from '../../config/model/growth-api.ts';
import { METRIC_NAME } from '../../config/model/labels.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Head } from '../series/head.ts';
import { DAY_MS, dayOf } from '../series/history/layout.ts';
import type { History, SeriesCount } from '../series/history/keep.ts';
import type { Series } from '../series/series.ts';

export interface CountsDeps {
  readonly history: Pick<History, 'counts' | 'flushedToMs'> | undefined;
  /** Who keeps history instead; what is in memory is counted then. */
  readonly elsewhere?: unknown;
  readonly head: Pick<Head, 'all'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

type Counting = () => Promise<readonly SeriesCount[]>;

/** How many samples each series has in a day. Counting takes time, and a page asks each few seconds. */
export function countsOf(deps: CountsDeps): Counting {
  let last: { readonly of: number; readonly counts: Promise<readonly SeriesCount[]> } | undefined;
  return () => {
    const { of, count } = countingOf(deps);
    if (last?.of === of) return last.counts;
    const counts = count();
    last = { of, counts };
    counts.catch(() => {
      last = undefined;
    });
    return counts;
  };
}

const COUNT_EACH_MS = 60_000;

/** `of` says of which time: as long as that is the same, so are the counts. */
function countingOf({ history, elsewhere, head, clock }: CountsDeps): {
  readonly of: number;
  readonly count: Counting;
} {
  const nowMs = clock.nowMs();
  if (elsewhere !== undefined)
    return { of: Math.floor(nowMs / COUNT_EACH_MS), count: () => countedInMemory(head, nowMs) };
  const flushedToMs = history?.flushedToMs;
  if (history === undefined || flushedToMs === undefined) return { of: 0, count: async () => [] };
  return { of: flushedToMs, count: () => lastDay(history, nowMs, flushedToMs) };
}

/** The last whole day, or what there is where there is none yet. */
async function lastDay(
  history: Pick<History, 'counts'>,
  nowMs: number,
  flushedToMs: number,
): Promise<readonly SeriesCount[]> {
  const endMs = dayOf(Math.min(flushedToMs, nowMs) + 1);
  const whole = await history.counts(endMs - DAY_MS + 1, endMs);
  return whole.length > 0 ? whole : history.counts(endMs + 1, flushedToMs);
}

const SHOWN = 30;

/** What of the last day was whose, the most first. */
export function shares(
  counts: readonly SeriesCount[],
  used: ReadonlySet<string>,
): Pick<GrowthBody, 'devices' | 'metrics'> {
  const total = counts.reduce((sum, { samples }) => sum + samples, 0);
  const by = (label: string): readonly GrowthShare[] => {
    const found = new Map<string, { series: number; samplesPerDay: number }>();
    for (const { labels, samples } of counts) {
      const name = labels[label] ?? '';
      const own = found.get(name) ?? { series: 0, samplesPerDay: 0 };
      found.set(name, { series: own.series + 1, samplesPerDay: own.samplesPerDay + samples });
    }
    return [...found]
      .map(([name, own]) => ({ name, ...own, share: own.samplesPerDay / total }))
      .sort((a, b) => b.samplesPerDay - a.samplesPerDay || (a.name < b.name ? -1 : 1))
      .slice(0, SHOWN);
  };
  return {
    devices: by('device'),
    metrics: by(METRIC_NAME).map((share) => ({ ...share, isUnused: !used.has(share.name) })),
  };
}

/** Metrics that rules select by their name. */
export function usedMetrics(groups: readonly GroupRun[]): ReadonlySet<string> {
  return new Set(
    groups.flatMap(({ runs }) => runs).flatMap(({ rule }) => [...(rule.expression.metrics ?? [])]),
  );
}

const COUNTED_MS = 3_600_000;
/** A shorter time says nothing of a day. */
const SHORTEST_MS = 60_000;
const SERIES_PER_TURN = 1_000;

/** About how many samples each series has in a day, by the last hour in memory: as many go out. */
export async function countedInMemory(
  head: Pick<Head, 'all'>,
  nowMs: number,
): Promise<readonly SeriesCount[]> {
  const counts: SeriesCount[] = [];
  let firstMs = nowMs;
  let turn = 0;
  for (const series of head.all()) {
    const own = samplesOf(series, nowMs - COUNTED_MS, nowMs);
    firstMs = Math.min(firstMs, own.firstMs);
    if (own.samples > 0) counts.push({ labels: series.labels, samples: own.samples });
    turn += 1;
    if (turn % SERIES_PER_TURN === 0) await nextTurn();
  }
  const times = DAY_MS / Math.max(SHORTEST_MS, nowMs - firstMs);
  return counts.map(({ labels, samples }) => ({ labels, samples: Math.round(samples * times) }));
}

/** Blocks at the beginning count whole. */
function samplesOf(series: Series, fromMs: number, toMs: number) {
  let samples = 0;
  let firstMs = toMs;
  series.visitPacked({ fromMs, toMs }, (block) => {
    samples += block.count;
    firstMs = Math.min(firstMs, block.fromMs);
  });
  const { timesMs, start, end } = series.slice(Math.max(fromMs, series.packedToMs + 1), toMs);
  if (end > start) firstMs = Math.min(firstMs, timesMs[start] ?? toMs);
  return { samples: samples + end - start, firstMs };
}
