import { join } from 'node:path';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { historySettings } from '../../../../../config/history.ts';
import { createEngine } from '../../../../../collector/promql/engine.ts';
import { createQueries, type Queries } from '../../../../../collector/promql/worker/queries.ts';
import { createHead } from '../../../../../collector/series/head.ts';
import { joinSeries } from '../../../../../collector/series/history/joined.ts';
import { openHistory, type History } from '../../../../../collector/series/history/keep.ts';
import { sharedFolderWith } from '../../../../support/folder.ts';
import { manualClock } from '../../../../support/manual-clock.ts';
import { silentLog } from '../../../../support/silent-log.ts';

const HOUR_MS = 3_600_000;
const START = Date.UTC(2026, 10, 27, 20);
const HOURS = 9;
const END = START + HOURS * HOUR_MS;
const RETENTION_MS = 2 * HOUR_MS;

/** All samples ever, beside what is left in memory after most of it went into history. */
const whole = createHead();
const head = createHead();
const clock = manualClock(START);
let headFromMs = START;
let history: History;
let queries: Queries;
const never = new AbortController().signal;

const valueAt = (device: number, step: number): number => 20 + device + ((step * 7 + device * 3) % 23) / 10;

function append(labels: Record<string, string>, atMs: number, value: number): void {
  for (const each of [whole, head]) each.append(labels, atMs, value);
}

/** Samples each 10 s with what happens to series: gaps, resets, ends, a late start. */
function tick(atMs: number): void {
  const step = (atMs - START) / 10_000;
  for (const device of [1, 2, 3]) {
    if (device === 2 && step % 700 > 500) continue;
    append({ __name__: 'celsius', device: `d-${device}` }, atMs, valueAt(device, step));
  }
  append({ __name__: 'packets_total', device: 'd-1' }, atMs, (step * 37) % 20_000);
  if (step < 1_000) append({ __name__: 'gone', device: 'd-9' }, atMs, step);
  if (step === 1_000)
    for (const each of [whole, head]) each.seriesOf({ __name__: 'gone', device: 'd-9' })?.end(atMs);
  if (step > 2_500) append({ __name__: 'born', device: 'd-8' }, atMs, step);
}

beforeAll(async () => {
  const settings = historySettings({ keep_free_gigabytes: 0 });
  if (settings === undefined) throw new Error('history is on');
  history = openHistory({
    head,
    wasCut: false,
    folder: join(sharedFolderWith(), 'history'),
    clock,
    log: silentLog(),
    settings: () => settings,
    headRetentionMs: () => RETENTION_MS,
    outOfOrderMs: () => 600_000,
  });
  for (let atMs = START; atMs <= END; atMs += 10_000) {
    tick(atMs);
    if ((atMs - START) % HOUR_MS !== 1_800_000) continue;
    if (atMs === START + 5.5 * HOUR_MS) {
      const series = head.seriesOf({ __name__: 'celsius', device: 'd-3' });
      for (const each of [whole, head])
        each.seriesOf({ __name__: 'celsius', device: 'd-3' })?.insert(atMs - 5_001_234, 99);
      if (series !== undefined) history.late(series, atMs - 5_001_234);
    }
    await history.work(atMs);
    headFromMs = history.dropBeforeMs(atMs);
    head.dropBefore(headFromMs);
  }
  const source = joinSeries({ head, history, headFromMs: () => headFromMs, maxSamples: 1e6 });
  queries = createQueries({ source, limitMs: 60_000, maxSamples: 1e7 });
}, 120_000);

afterAll(async () => {
  await queries.stop();
  await history.stop();
});

describe('a query over memory and history', () => {
  it('finds history written up to the hour before', () => {
    expect(history.faults()).toEqual([]);
    expect(history.flushedToMs).toBe(START + 8 * HOUR_MS);
    expect(headFromMs).toBeGreaterThan(START + 6 * HOUR_MS);
  });

  const EXPRESSIONS = [
    'celsius',
    'celsius offset 3h',
    'sum by (device) (celsius)',
    'rate(packets_total[5m])',
    'increase(packets_total[1h])',
    'max_over_time(celsius[17m])',
    'avg_over_time(celsius[30m] offset 1h)',
    'count_over_time(celsius[10m])',
    'quantile_over_time(0.9, celsius{device!="d-1"}[20m])',
    'absent(gone)',
    'gone or born',
    'timestamp(celsius)',
    'max_over_time(rate(packets_total[2m])[20m:1m])',
    'celsius @ 1764288000',
    'changes(celsius[15m])',
  ];

  it.each(EXPRESSIONS)('answers %s at every instant as if all were in memory', async (expression) => {
    const engine = createEngine({ source: whole });
    // Across the end of memory, the writes of each hour and midnight, at uneven instants too.
    const range = { startMs: START + 1_000, endMs: END, stepMs: 97_000 };
    const expected = engine.range(expression, range);
    const found = await queries.range(expression, range, never);
    expect(sorted(found.value)).toEqual(sorted(expected.value));
  });

  it('answers each second around the seam', async () => {
    const engine = createEngine({ source: whole });
    const range = { startMs: headFromMs - 300_000, endMs: headFromMs + 300_000, stepMs: 1_000 };
    for (const expression of ['celsius', 'rate(packets_total[1m])']) {
      const found = await queries.range(expression, range, never);
      expect(sorted(found.value)).toEqual(sorted(engine.range(expression, range).value));
    }
  });

  it('ends one that reads too much', async () => {
    const source = joinSeries({ head, history, headFromMs: () => headFromMs, maxSamples: 1_000 });
    const few = createQueries({ source, limitMs: 60_000, maxSamples: 1e7 });
    await expect(few.instant('count_over_time(celsius[8h])', END, never)).rejects.toThrow(
      'reads more than 1000 samples of history',
    );
    await few.stop();
  });
});

function sorted(value: Awaited<ReturnType<Queries['range']>>['value']) {
  if (value.type !== 'matrix') throw new Error('a range yields a matrix');
  return value.series
    .map(({ labels, timesMs, values }) => ({
      labels,
      points: [...timesMs].map((atMs, at) => [atMs, values[at]]),
    }))
    .sort((a, b) => JSON.stringify(a.labels).localeCompare(JSON.stringify(b.labels)));
}
