import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { historySettings } from '../../../../../config/history.ts';
import { isStale } from '../../../../../config/model/sample.ts';
import type { Tier } from '../../../../../config/model/tiers.ts';
import { createHead, type Head } from '../../../../../collector/series/head.ts';
import { PieceGatherer } from '../../../../../collector/series/history/gather-pieces.ts';
import { DAY_MS } from '../../../../../collector/series/history/layout.ts';
import { readManifest } from '../../../../../collector/series/history/manifest.ts';
import { Batch } from '../../../../../collector/series/history/pieces.ts';
import { openStore, type HistoryStore } from '../../../../../collector/series/history/store.ts';
import { SeriesSet } from '../../../../../collector/series/series-set.ts';
import { folderWith as temporaryFolder } from '../../../../support/folder.ts';

const DAY = Date.UTC(2026, 10, 3);
const STEP_MS = 60_000;
const SETTINGS = historySettings({ keep_free_gigabytes: 0 });
const open: HistoryStore[] = [];

afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

async function openIn(folder: string): Promise<HistoryStore> {
  const store = await openStore(folder, () => DAY);
  open.push(store);
  return store;
}

const valueAt = (device: number, atMs: number): number => 200 + device + ((atMs / STEP_MS) % 17) / 10;

/** Two series, a sample each minute of the span. */
function filled(fromMs: number, toMs: number): Head {
  const head = createHead();
  for (let atMs = fromMs + STEP_MS; atMs <= toMs; atMs += STEP_MS) {
    for (const device of [1, 2]) {
      head.append({ __name__: 'watts', device: `d-${device}` }, atMs, valueAt(device, atMs));
    }
  }
  return head;
}

async function flush(
  store: HistoryStore,
  head: Head,
  span: { fromMs: number; toMs: number; isLate?: boolean },
): Promise<void> {
  const batch = new Batch(store.catalogue, new Map());
  const gatherer = new PieceGatherer(new SeriesSet());
  for (const series of head.all()) gatherer.add(series, span.fromMs, span.toMs);
  batch.add(gatherer.take());
  await store.flush(batch, { isLate: false, ...span });
}

async function upkeep(store: HistoryStore, nowMs: number): Promise<readonly string[]> {
  const steps: string[] = [];
  for (;;) {
    if (SETTINGS === undefined) throw new Error('history is on');
    const step = await store.upkeep({ settings: SETTINGS, nowMs });
    if (step === undefined) return steps;
    steps.push(step.kind);
  }
}

const WATTS = [{ name: '__name__', op: '=', value: 'watts' }] as const;

async function read(store: HistoryStore, fromMs: number, toMs: number, tier: Tier = 'raw') {
  const aspects = tier === 'raw' ? (['last'] as const) : (['min', 'max', 'avg', 'count', 'last'] as const);
  return store.read({ matchers: WATTS, fromMs, toMs, tier, aspects, maxLines: 1_000_000 });
}

async function days(folder: string, count: number): Promise<HistoryStore> {
  const store = await openIn(folder);
  for (let day = 0; day < count; day += 1) {
    for (let half = 0; half < 2; half += 1) {
      const fromMs = DAY + day * DAY_MS + (half * DAY_MS) / 2;
      const span = { fromMs, toMs: fromMs + DAY_MS / 2 };
      await flush(store, filled(span.fromMs, span.toMs), span);
    }
  }
  return store;
}

describe('history on disk', () => {
  it('gives back every sample that was written, before and after the day is made one file', async () => {
    const folder = temporaryFolder();
    const store = await days(folder, 1);
    const check = async () => {
      const { series } = await read(store, DAY, DAY + DAY_MS);
      expect(series.map(({ labels }) => labels['device'])).toEqual(['d-1', 'd-2']);
      for (const [index, { timesMs, columns }] of series.entries()) {
        expect(timesMs.length).toBe(1_440);
        for (const [at, atMs] of timesMs.entries()) {
          expect(atMs).toBe(DAY + (at + 1) * STEP_MS);
          expect(columns[0]?.[at]).toBe(valueAt(index + 1, atMs));
        }
      }
    };
    await check();
    expect(await upkeep(store, DAY + DAY_MS + 2 * 3_600_000)).toEqual(['merge', 'coarsen']);
    expect(readdirSync(join(folder, 'raw'))).toEqual([
      expect.stringMatching(/^2026-11-03\.\d{6}\.whole\.parquet$/),
    ]);
    await check();
  });

  it('keeps minimum, maximum, mean, count and last of 5 minutes and of hours; a span ends at its instant', async () => {
    const store = await days(temporaryFolder(), 1);
    await upkeep(store, DAY + 2 * DAY_MS);
    for (const [tier, spanMs] of [['5m', 300_000] as const, ['1h', 3_600_000] as const]) {
      const { series, coarse } = await read(store, DAY, DAY + DAY_MS, tier);
      expect(coarse?.resolutionMs).toBe(spanMs);
      const [first] = series;
      expect(first?.timesMs.length).toBe(DAY_MS / spanMs);
      for (const [at, atMs] of (first?.timesMs ?? []).entries()) {
        expect(atMs).toBe(DAY + (at + 1) * spanMs);
        const all = Array.from({ length: spanMs / STEP_MS }, (_, index) =>
          valueAt(1, atMs - index * STEP_MS),
        );
        const [min, max, avg, count, last] = (first?.columns ?? []).map((column) => column[at]);
        expect([min, max, count, last]).toEqual([Math.min(...all), Math.max(...all), all.length, all[0]]);
        expect(avg).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / all.length, 6);
      }
    }
  });

  it('puts late samples over what is there, in a second file of their day, and into the coarse lines', async () => {
    const folder = temporaryFolder();
    const store = await days(folder, 1);
    await upkeep(store, DAY + 2 * DAY_MS);
    const late = createHead();
    const atMs = DAY + 90_000;
    late.append({ __name__: 'watts', device: 'd-1' }, atMs, 999);
    await flush(store, late, { fromMs: atMs - 1, toMs: atMs, isLate: true });
    expect(readdirSync(join(folder, 'raw')).length).toBe(2);
    const { series } = await read(store, DAY, DAY + 3 * STEP_MS);
    expect([...(series[0]?.timesMs ?? [])]).toEqual([
      DAY + STEP_MS,
      atMs,
      DAY + 2 * STEP_MS,
      DAY + 3 * STEP_MS,
    ]);
    expect(series[0]?.columns[0]?.[1]).toBe(999);
    expect(await upkeep(store, DAY + 2 * DAY_MS)).toEqual(['coarsen']);
    const hours = await read(store, DAY, DAY + 3_600_000, '1h');
    expect(hours.series[0]?.columns.map((column) => column[0])[1]).toBe(999);
    expect(hours.series[0]?.timesMs.length).toBe(1);
    expect(store.manifest().flushedToMs).toBe(DAY + DAY_MS);
  });

  it('makes one file of a month of coarse lines, and lets go of what is too old', async () => {
    const folder = temporaryFolder();
    const store = await openIn(folder);
    for (let day = 0; day < 30; day += 1) {
      const fromMs = DAY + day * DAY_MS;
      const toMs = fromMs + DAY_MS;
      const head = createHead();
      for (let atMs = fromMs + 3_600_000; atMs <= toMs; atMs += 3_600_000) {
        head.append({ __name__: 'watts', device: 'd-1' }, atMs, day);
      }
      await flush(store, head, { fromMs, toMs });
    }
    await upkeep(store, DAY + 31 * DAY_MS);
    expect(readdirSync(join(folder, '1h')).sort()[0]).toMatch(/^2026-11\.\d{6}\.whole\.parquet$/);
    const { series } = await read(store, DAY, DAY + 30 * DAY_MS, '1h');
    expect(series[0]?.timesMs.length).toBe(30 * 24);
    expect(await upkeep(store, DAY + 120 * DAY_MS)).toEqual(['expire']);
    const left = await read(store, DAY, DAY + 30 * DAY_MS);
    // The raw samples of the first days are gone: their coarse lines answer.
    expect(left.coarse?.resolutionMs).toBe(300_000);
    expect(left.series[0]?.timesMs.length).toBe(30 * 24);
  });

  it('keeps the end of a series apart from a value', async () => {
    const store = await openIn(temporaryFolder());
    const head = createHead();
    const series = head.seriesOf({ __name__: 'watts', device: 'd-1' });
    series?.append(DAY + 1_000, Number.NaN);
    series?.append(DAY + 2_000, 5);
    series?.end(DAY + 3_000);
    await flush(store, head, { fromMs: DAY, toMs: DAY + 3_600_000 });
    const { series: found } = await read(store, DAY, DAY + DAY_MS);
    const values = found[0]?.columns[0] ?? new Float64Array(0);
    expect([...values]).toEqual([Number.NaN, 5, Number.NaN]);
    expect([isStale(values, 0), isStale(values, 2)]).toEqual([false, true]);
  });

  it('sets a damaged file aside, names it, and answers from the rest', async () => {
    const folder = temporaryFolder();
    const store = await days(folder, 2);
    await upkeep(store, DAY + 3 * DAY_MS);
    await store.close();
    open.length = 0;
    const [first = '', second = ''] = readdirSync(join(folder, 'raw')).sort();
    truncateSync(join(folder, 'raw', first), 100);
    const again = await openIn(folder);
    const { series, coarse } = await read(again, DAY, DAY + 2 * DAY_MS);
    expect(again.faults().join()).toContain(`raw/${first} has 100 bytes instead of`);
    expect(readdirSync(join(folder, 'raw')).sort()).toEqual([`${first}.damaged`, second]);
    // Its day is answered by its coarse lines, the other by its samples.
    expect(coarse).toEqual({ toMs: DAY + DAY_MS, resolutionMs: 300_000 });
    expect(series[0]?.timesMs.length).toBe(288 + 1_440);
  });

  it('finds its files again when the list of them is damaged, and refuses those of a newer program', async () => {
    const folder = temporaryFolder();
    const store = await days(folder, 2);
    await upkeep(store, DAY + 3 * DAY_MS);
    await store.close();
    open.length = 0;
    writeFileSync(join(folder, 'manifest.json'), 'nonsense');
    writeFileSync(join(folder, 'manifest.before.json'), '');
    const again = await openIn(folder);
    expect(again.faults().join()).toContain('manifest.json is damaged');
    expect((await read(again, DAY, DAY + 2 * DAY_MS)).series[0]?.timesMs.length).toBe(2_880);
    expect(again.manifest().flushedToMs).toBe(DAY + 2 * DAY_MS);
    expect(readManifest(folder).isLost).toBe(false);
  });

  it('ends a read that asks for more than it may', async () => {
    const store = await days(temporaryFolder(), 1);
    const ask = { matchers: WATTS, fromMs: DAY, toMs: DAY + DAY_MS, tier: 'raw', aspects: ['last'] } as const;
    await expect(store.read({ ...ask, maxLines: 2_879 })).rejects.toThrow(
      'the query reads more than 2879 samples of history',
    );
  });
});
