import { describe, expect, it } from 'vitest';
import { chartOf, chartSpan, chartTier, MAX_CHART_POINTS } from '../../../../collector/devices/chart.ts';
import { createHead } from '../../../../collector/series/head.ts';
import type { ChartBody } from '../../../../config/model/api.ts';

const SCRAPE = 5_000;

describe('the steps of a chart', () => {
  it.each([
    [0, 60_000, 5_000, 13],
    [2_000, 60_000, 5_000, 13],
    [0, 3 * 3_600_000, 30_000, 361],
    [0, 366 * 86_400_000, undefined, undefined],
    [0, 1, 5_000, 1],
  ])('from %i to %i', (fromMs, toMs, stepMs, points) => {
    const span = chartSpan(fromMs, toMs, SCRAPE);
    expect(span.points).toBeLessThanOrEqual(MAX_CHART_POINTS);
    expect(span.stepMs % SCRAPE).toBe(0);
    expect(span.fromMs).toBeLessThanOrEqual(fromMs);
    expect(span.fromMs + span.points * span.stepMs).toBeGreaterThan(toMs);
    if (stepMs !== undefined) expect(span).toMatchObject({ stepMs, points });
  });

  it('stay the same as time goes on', () => {
    const span = chartSpan(1_000_000, 11_800_000, SCRAPE);
    const later = chartSpan(1_005_000, 11_805_000, SCRAPE);
    expect((later.fromMs - span.fromMs) % span.stepMs).toBe(0);
  });
});

describe('a chart', () => {
  function drawn(
    metric: string,
    samples: readonly [number, number][],
    toMs = 20_000,
    labels = {},
  ): ChartBody {
    const head = createHead();
    const series = head.seriesOf({
      __name__: metric,
      job: 'agent',
      instance: 'local',
      device: 'd',
      ...labels,
    });
    for (const [atMs, value] of samples) {
      if (value === 404) series?.end(atMs);
      else series?.append(atMs, value);
    }
    const span = { fromMs: 0, stepMs: 10_000, points: 1 + toMs / 10_000 };
    return chartOf({ older: [], newer: head.select([], 0, toMs) }, metric, {
      ...span,
      scrapeIntervalMs: 10_000,
    });
  }

  it('has one line for each set of labels, without those that every series has', () => {
    const head = createHead();
    for (const line of ['2', '1'])
      head.append({ __name__: 'ups_input_volts', job: 'agent', device: 'd', line }, 0, 230);
    const { lines, timesMs } = chartOf({ older: [], newer: head.select([], 0, 1) }, 'ups_input_volts', {
      scrapeIntervalMs: 1,
      fromMs: 0,
      stepMs: 1,
      points: 2,
    });
    expect(lines).toEqual([
      { labels: { line: '1' }, values: [230, null] },
      { labels: { line: '2' }, values: [230, null] },
    ]);
    expect(timesMs).toEqual([0, 1]);
  });

  it.each<[string, string, [number, number][], (number | null)[]]>([
    [
      'the mean of a gauge',
      'sensor_celsius',
      [
        [0, 20],
        [5_000, 22],
        [10_000, 24],
      ],
      [21, 24, null],
    ],
    [
      'where a counter stood',
      'interface_receive_bytes_total',
      [
        [0, 5],
        [5_000, 9],
        [10_000, 12],
      ],
      [9, 12, null],
    ],
    [
      'a flag that was up for a moment',
      'leak_detected',
      [
        [0, 0],
        [2_000, 1],
        [5_000, 0],
        [10_000, 0],
      ],
      [1, 0, null],
    ],
    [
      'a gap where nothing was',
      'sensor_celsius',
      [
        [0, 20],
        [20_000, 22],
      ],
      [20, null, 22],
    ],
    [
      'a gap where the series had ended',
      'sensor_celsius',
      [
        [0, 20],
        [10_000, 404],
      ],
      [20, null, null],
    ],
    [
      'a gap where the value is none',
      'sensor_celsius',
      [
        [0, 20],
        [10_000, Number.NaN],
        [20_000, Number.POSITIVE_INFINITY],
      ],
      [20, null, null],
    ],
  ])('shows %s', (_, metric, samples, values) => {
    expect(drawn(metric, samples).lines[0]?.values).toEqual(values);
  });

  it('has no line without series', () => {
    const span = { fromMs: 0, stepMs: 5, points: 2, scrapeIntervalMs: 5 };
    expect(chartOf({ older: [], newer: [] }, 'x', span)).toEqual({ timesMs: [0, 5], lines: [] });
  });

  it('has the least and the greatest of each step that is longer than a scrape, from spans and from samples', () => {
    const head = createHead();
    for (const [atMs, value] of [
      [21_000, 4],
      [26_000, 8],
    ] as const) {
      head.append({ __name__: 'm', device: 'd', job: 'agent' }, atMs, value);
    }
    const one = (value: number): Float64Array => Float64Array.of(value, value);
    const older = {
      labels: { __name__: 'm', device: 'd', job: 'agent' },
      // The first ends where the second step begins.
      timesMs: Float64Array.of(10_000, 19_000),
      avg: one(5),
      count: Float64Array.of(3, 1),
      min: one(1),
      max: one(9),
      last: one(6),
    };
    const span = { fromMs: 0, stepMs: 10_000, points: 3, scrapeIntervalMs: 5_000 };
    const { lines } = chartOf({ older: [older], newer: head.select([], 20_000, 30_000) }, 'm', span);
    expect(lines).toEqual([{ labels: {}, values: [5, 5, 6], band: { min: [1, 1, 4], max: [9, 9, 8] } }]);
  });

  it('is cut into whole spans of history where its steps are longer', () => {
    const day = 86_400_000;
    expect(chartSpan(0, 7 * day, 5_000).stepMs % 300_000).toBe(0);
    expect(chartSpan(0, 365 * day, 5_000).stepMs % 3_600_000).toBe(0);
    expect([day / 24, day, 7 * day, 365 * day].map((ms) => chartTier(chartSpan(0, ms, 5_000)))).toEqual([
      'raw',
      'raw',
      '5m',
      '1h',
    ]);
  });

  it('has a bounded number of lines', () => {
    const head = createHead();
    for (let id = 0; id < 150; id += 1) head.append({ __name__: 'm', id: String(id) }, 0, 1);
    const span = { fromMs: 0, stepMs: 1, points: 1, scrapeIntervalMs: 1 };
    expect(chartOf({ older: [], newer: head.select([], 0, 1) }, 'm', span).lines).toHaveLength(100);
  });
});
