import { expect, it, onTestFinished } from 'vitest';
import { shares } from '../../../../collector/growth/counts.ts';
import { forecastOf, forecastsOf } from '../../../../collector/growth/forecast.ts';
import { startGrowth } from '../../../../collector/growth/growth.ts';
import { createQueries, type Queries } from '../../../../collector/promql/worker/queries.ts';
import { createHead } from '../../../../collector/series/head.ts';
import { eventually } from '../../../support/eventually.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { silentLog } from '../../../support/silent-log.ts';

it.each([
  [0.5, 0.01, 50],
  [0.9, -0.01, undefined],
  [0.9, 0, undefined],
  [0.1, 0.000_1, undefined],
  [1, 0, 0],
])('what is %f full and adds %f a day has so many days left: %s', (used, perDay, daysLeft) => {
  const left = forecastOf('storage', { device: 'nas-1' }, used, perDay).daysLeft;
  if (daysLeft === undefined) expect(left).toBeUndefined();
  else expect(left).toBeCloseTo(daysLeft, 6);
});

it('tells what devices and metrics cost, the most first, and what no rule asks for', () => {
  const counts = [
    { labels: { __name__: 'watts', device: 'ups-a' }, samples: 60 },
    { labels: { __name__: 'volts', device: 'ups-a' }, samples: 20 },
    { labels: { __name__: 'watts', device: 'ups-b' }, samples: 20 },
  ];
  expect(shares(counts, new Set(['volts']))).toEqual({
    devices: [
      { name: 'ups-a', series: 2, samplesPerDay: 80, share: 0.8 },
      { name: 'ups-b', series: 1, samplesPerDay: 20, share: 0.2 },
    ],
    metrics: [
      { name: 'watts', series: 2, samplesPerDay: 80, share: 0.8, isUnused: true },
      { name: 'volts', series: 1, samplesPerDay: 20, share: 0.2, isUnused: false },
    ],
  });
});

it('asks for a line through thirty days only where something is told that fills up', async () => {
  const asked: string[] = [];
  const instant: Queries['instant'] = async (expression) => {
    asked.push(expression);
    return { value: { type: 'vector', elements: [] }, warnings: [], infos: [] };
  };
  const { signal } = new AbortController();
  expect(await forecastsOf({ instant }, () => false, 0, signal)).toEqual([]);
  expect(asked).toEqual([]);
  await forecastsOf({ instant }, (metric) => metric === 'host_storage_used_ratio', 0, signal);
  expect(asked).toEqual([
    'deriv(host_storage_used_ratio[30d]) and host_storage_used_ratio offset 3d',
    'host_storage_used_ratio',
  ]);
});

it('makes forecasts of what fills up, and tells them to the rules', async () => {
  const clock = manualClock();
  const nowMs = clock.nowMs();
  const head = createHead();
  for (let day = 30; day >= 0; day -= 1) {
    const labels = { __name__: 'host_storage_used_ratio', device: 'nas-1', storage: '/data' };
    head.append(labels, nowMs - day * 86_400_000 + 60_000, 0.8 - day * 0.005);
  }
  const queries = createQueries({ source: head, limitMs: 20_000, maxSamples: 1e6 });
  const flushedToMs = nowMs;
  const growth = startGrowth({
    history: { flushedToMs, counts: async () => [], state: undefined } as never,
    settings: () => undefined,
    queries: { instant: (...asked) => queries.instant(...asked) },
    head,
    clock,
    log: silentLog(),
    usedMetrics: () => new Set(),
  });
  onTestFinished(async () => {
    await growth.stop();
    await queries.stop();
  });
  const told = () => [
    ...head.select([{ name: '__name__', op: '=', value: 'watchkeeper_capacity_days_left' }], 0, 1e15),
  ];
  // The worker answers in its own time.
  await eventually(async () => {
    await clock.advance(60_000);
    expect(told()).not.toEqual([]);
  });
  const [slice] = told();
  expect(slice?.labels).toMatchObject({ device: 'nas-1', kind: 'storage', storage: '/data' });
  expect(slice?.values[slice.start]).toBeCloseTo(40, 0);
  expect((await growth.body()).forecasts[0]).toMatchObject({ kind: 'storage' });
}, 60_000);
