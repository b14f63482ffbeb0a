import { historySettings, type HistorySettings } from '../../config/history.ts';
import { createHead } from '../../collector/series/head.ts';
import { PieceGatherer } from '../../collector/series/history/gather-pieces.ts';
import { DAY_MS } from '../../collector/series/history/layout.ts';
import { Batch } from '../../collector/series/history/pieces.ts';
import type { HistoryStore } from '../../collector/series/history/store.ts';

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
  const gatherer = new PieceGatherer(new Set());
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
  const rawFromMs = Math.max(START_MS, toMs - 3 * DAY_MS);
  const ask = {
    matchers: [{ name: '__name__', op: '=', value: 'm' }],
    toMs,
    aspects: ['last'],
    maxLines: 1e6,
  } as const;
  const raw = await store.read({ ...ask, fromMs: rawFromMs + 1, tier: 'raw' });
  for (const { labels, timesMs, columns } of raw.series) {
    const expected = (toMs - rawFromMs) / STEP_MS;
    if (timesMs.length !== expected)
      return `series ${labels['series']} has ${timesMs.length} samples instead of ${expected}`;
    for (const [at, atMs] of timesMs.entries()) {
      const value = columns[0]?.[at];
      if (atMs !== rawFromMs + (at + 1) * STEP_MS || value !== valueAt(Number(labels['series']), atMs)) {
        return `series ${labels['series']} has ${value} at ${new Date(atMs).toISOString()}`;
      }
    }
  }
  if (raw.series.length !== SERIES && toMs > START_MS) return `there are ${raw.series.length} series`;
  // Of everything, a line for each hour: from what is oldest on.
  const hours = await store.read({ ...ask, fromMs: START_MS + 1, tier: '1h' });
  for (const { labels, timesMs, columns } of hours.series) {
    const spans = new Set([...timesMs].map((atMs) => Math.ceil(atMs / 3_600_000)));
    if (spans.size !== (toMs - START_MS) / 3_600_000)
      return `series ${labels['series']} has ${spans.size} hours`;
    for (const [at, atMs] of timesMs.entries()) {
      if (columns[0]?.[at] !== valueAt(Number(labels['series']), atMs)) {
        return `series ${labels['series']} has another hour at ${new Date(atMs).toISOString()}`;
      }
    }
  }
  return undefined;
}
