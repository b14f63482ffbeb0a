import { describe, expect, it } from 'vitest';
import { examplesFor } from '../../../../web/data/explore-examples.ts';
import {
  explorationIn,
  explorePath,
  faultPlace,
  linesOf,
  numberText,
  seriesName,
  spanOf,
  zoomed,
  type Exploration,
} from '../../../../web/data/explore.ts';
import { SITE } from '../../../support/alerts.ts';

const HOUR = 3_600_000;
const PLAIN: Exploration = { query: 'up', range: '1h', view: 'chart' };
const read = (path: string): Exploration => explorationIn(new URL(path, 'http://x').searchParams);

describe('an exploration', () => {
  it.each<Exploration>([
    PLAIN,
    {
      query: 'sum by (a) (x{b="c&d"}) > 1',
      range: '6h',
      endMs: 1_700_000_000_000,
      step: '30s',
      view: 'table',
    },
    { query: '', range: '7d', view: 'chart' },
  ])('stands in its address whole: %j', (exploration) => {
    expect(read(explorePath(exploration))).toEqual(exploration);
  });

  it('reads what is no value in an address as absent', () => {
    expect(read('/explore?q=up&range=forever&end=-1&step=2s&view=pie')).toEqual(PLAIN);
  });

  it('is as fine as a screen has room for, if nobody says how fine', () => {
    expect(spanOf(PLAIN, 10 * HOUR)).toEqual({ startMs: 9 * HOUR, endMs: 10 * HOUR, stepMs: 10_000 });
    expect(spanOf({ ...PLAIN, range: '15m' }, 10 * HOUR).stepMs).toBe(5_000);
  });

  it('asks for no more points than the collector answers', () => {
    const { startMs, endMs, stepMs } = spanOf({ ...PLAIN, range: '7d', step: '1s' }, 1_000 * HOUR);
    expect((endMs - startMs) / stepMs).toBeLessThanOrEqual(11_000);
  });

  it('is zoomed to a range that holds the chosen part, around its middle', () => {
    const next = zoomed({ ...PLAIN, range: '1d' }, 10 * HOUR, 11.5 * HOUR);
    expect(next).toMatchObject({ range: '2h', endMs: 11.75 * HOUR });
  });
});

describe('an answer', () => {
  it('is put onto the steps, with gaps where there is nothing or no number', () => {
    const span = { startMs: 0, endMs: 30_000, stepMs: 10_000 };
    const result = [
      {
        metric: { a: '1' },
        values: [
          [0, '1'],
          [20, 'NaN'],
          [30, '+Inf'],
        ] as const,
      },
      { metric: { a: '2' }, values: [[10, '2.5']] as const },
    ];
    expect(linesOf(result, span)).toEqual({
      timesMs: [0, 10_000, 20_000, 30_000],
      lines: [
        { labels: { a: '1' }, values: [1, null, null, null] },
        { labels: { a: '2' }, values: [null, 2.5, null, null] },
      ],
    });
  });

  it.each([
    [0.1 + 0.2, '0.3'],
    [1_234_567.891, '1234570'],
    [1e-9, '1e-9'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('has numbers that can be read: %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it('names its series as PromQL does', () => {
    expect(seriesName({ __name__: 'up', b: '2', a: '1' })).toBe('up{a="1",b="2"}');
    expect(seriesName({ __name__: 'up' })).toBe('up');
    expect(seriesName({})).toBe('{}');
  });
});

describe('an error of the collector', () => {
  it.each([
    ['1:6: parse error: x', 'rate(up)', { from: 5, to: 6 }],
    ['2:1: parse error: x', 'a +\nb', { from: 4, to: 5 }],
    ['invalid parameter "query": 1:4: parse error: x', 'up', { from: 2, to: 2 }],
    ['found duplicate series', 'up', undefined],
  ])('%s is found in %j', (message, text, place) => {
    expect(faultPlace(message, text)).toEqual(place);
  });
});

it('examples speak of the devices that the room has', () => {
  const queries = examplesFor(SITE.devices).map(({ query }) => query);
  expect(queries).toContain('ups_battery_runtime_seconds{device="ups-a"} / 3600');
  expect(queries.join()).not.toContain('$device');
  expect(examplesFor([]).map(({ query }) => query)).toEqual([
    'device_up == 0',
    'sum by (alertname) (ALERTS{alertstate="firing"})',
  ]);
});
