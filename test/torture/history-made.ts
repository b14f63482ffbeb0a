import { historySettings, type HistorySettings } from '../../config/history.ts';
import { createHead } from '../../collector/series/head.ts';
import { PieceGatherer } from '../../collector/series/history/gather-pieces.ts';
import { DAY_MS } from '../../collector/series/history/layout.ts';
import { Batch } from '../../collector/series/history/pieces.ts';
import type { HistoryLines, HistoryStore } from '../../collector/series/history/store.ts';
import { SeriesSet } from '../../collector/series/series-set.ts';

// What the torture of history writes: known at every instant, so that anything else is seen.
export const SERIES = 4;
export const STEP_MS = 600_000;
export const HALF_MS = DAY_MS / 2;
/** Begins shortly before a month ends, in a leap year. */
export const START_MS = Date.UTC(2028, 1, 26);

export function valueAt(series: number, atMs: number): number {
  return series * 1_000 + ((atMs / STEP_MS) % 997);
}

export const SETTINGS: HistorySettings = {
  ...(historySettings({ keep_free_gigabytes: 0 }) ?? neverOff()),
  keepMs: { raw: 5 * DAY_MS, '5m': 40 * DAY_MS, '1h': 400 * DAY_MS },
};

function neverOff(): never {
  throw new Error('history is on');
}

/** Writes the next half day, and some of it once more as late samples. */
export async function writeHalf(store: HistoryStore, fromMs: number, isLate: boolean): Promise<void> {
  const toMs = fromMs + HALF_MS;
  const head = createHead();
  for (let series = 0; series < SERIES; series += 1) {
    for (let atMs = fromMs + STEP_MS; atMs <= toMs; atMs += STEP_MS) {
      head.append({ __name__: 'm', series: String(series) }, atMs, valueAt(series, atMs));
    }
  }
  const batch = new Batch(store.catalogue, new Map());
  const gatherer = new PieceGatherer(new SeriesSet());
  for (const series of head.all()) gatherer.add(series, fromMs, toMs);
  batch.add(gatherer.take());
  await store.flush(batch, { fromMs, toMs, isLate });
}

/**
 * Reads all that should be there.
 * @returns what is not as it was written, in words; `undefined` when all is.
 */
export async function wrongIn(store: HistoryStore): Promise<string | undefined> {
  const toMs = store.manifest().flushedToMs ?? START_MS;
  if (toMs === START_MS) return undefined;
  const rawFromMs = Math.max(START_MS, toMs - 3 * DAY_MS);
  const ask = {
    matchers: [{ name: '__name__', op: '=', value: 'm' }],
    toMs,
    aspects: ['last'],
    maxLines: 1e6,
  } as const;
  const raw = (await store.read({ ...ask, fromMs: rawFromMs + 1, tier: 'raw' })).series;
  if (raw.length !== SERIES) return `there are ${raw.length} series`;
  // Of everything, a line for each hour: from what is oldest on.
  const hours = (await store.read({ ...ask, fromMs: START_MS + 1, tier: '1h' })).series;
  return (
    raw.map((lines) => wrongSamples(lines, rawFromMs, toMs)).find((wrong) => wrong !== undefined) ??
    hours.map((lines) => wrongHours(lines, toMs)).find((wrong) => wrong !== undefined)
  );
}

function wrongSamples(
  { labels, timesMs, columns }: HistoryLines,
  fromMs: number,
  toMs: number,
): string | undefined {
  const count = (toMs - fromMs) / STEP_MS;
  const name = `series ${labels['series']}`;
  if (timesMs.length !== count) return `${name} has ${timesMs.length} samples instead of ${count}`;
  const at = timesMs.findIndex((atMs, index) => atMs !== fromMs + (index + 1) * STEP_MS);
  if (at !== -1) return `${name} has no sample at ${new Date(fromMs + (at + 1) * STEP_MS).toISOString()}`;
  return wrongValue({ labels, timesMs, columns });
}

function wrongHours(lines: HistoryLines, toMs: number): string | undefined {
  const spans = new Set([...lines.timesMs].map((atMs) => Math.ceil(atMs / 3_600_000)));
  const count = (toMs - START_MS) / 3_600_000;
  if (spans.size !== count)
    return `series ${lines.labels['series']} has ${spans.size} hours instead of ${count}`;
  return wrongValue(lines);
}

function wrongValue({ labels, timesMs, columns }: HistoryLines): string | undefined {
  const series = Number(labels['series']);
  const at = timesMs.findIndex((atMs, index) => columns[0]?.[index] !== valueAt(series, atMs));
  if (at === -1) return undefined;
  return `series ${series} has ${columns[0]?.[at]} at ${new Date(timesMs[at] ?? 0).toISOString()}`;
}
