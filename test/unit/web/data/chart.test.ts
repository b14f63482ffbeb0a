import { describe, expect, it } from 'vitest';
import type { ChartBody, ReadingView } from '../../../../config/model/api.ts';
import {
  appendReadings,
  asRate,
  isCounter,
  lonely,
  paddedRange,
  pickLine,
  spanOf,
  startMs,
  summarizeLine,
} from '../../../../web/data/chart.ts';

function chart(timesMs: readonly number[], ...lines: readonly (readonly (number | null)[])[]): ChartBody {
  return {
    timesMs,
    lines: lines.map((values, index) => ({ labels: { device: 'ups-a', line: String(index + 1) }, values })),
  };
}

function reading(line: string, value: number, atMs: number): ReadingView {
  return { metric: 'ups_load_ratio', labels: { line }, value, atMs };
}

describe('a curve in words', () => {
  it('has its least, mean, greatest and last value', () => {
    expect(summarizeLine([1, 4, 2, 1])).toEqual({ min: 1, mean: 2, max: 4, last: 1, gaps: 0 });
  });

  it('counts the gaps between values, not the ends', () => {
    expect(summarizeLine([null, 1, null, null, 2, null, 3, null])).toMatchObject({
      gaps: 2,
      last: 3,
      mean: 2,
    });
  });

  it('says nothing of a line without a value', () => {
    expect(summarizeLine([null, null])).toBeUndefined();
    expect(summarizeLine([])).toBeUndefined();
  });
});

describe('a chart that goes on', () => {
  it('takes in the newest reading of each line', () => {
    const longer = appendReadings(
      chart([10, 20], [1, 2], [3, 4]),
      [reading('2', 9, 30), reading('1', 8, 30)],
      0,
    );
    expect(longer.timesMs).toEqual([10, 20, 30]);
    expect(longer.lines.map(({ values }) => values)).toEqual([
      [1, 2, 8],
      [3, 4, 9],
    ]);
  });

  it('shows a line that was not told as a gap', () => {
    const longer = appendReadings(chart([10, 20], [1, 2], [3, 4]), [reading('1', 8, 30)], 0);
    expect(longer.lines[1]?.values.at(-1)).toBeNull();
  });

  it('does not bridge the time in which nothing was heard', () => {
    const longer = appendReadings(chart([10, 20, 30], [1, 2, 3]), [reading('1', 8, 300)], 0);
    expect(longer.timesMs).toEqual([10, 20, 30, 31, 300]);
    expect(longer.lines[0]?.values).toEqual([1, 2, 3, null, 8]);
  });

  it('drops what has left the span', () => {
    expect(appendReadings(chart([10, 20], [1, 2]), [reading('1', 3, 30)], 15).timesMs).toEqual([20, 30]);
  });

  it('ignores a reading that it has', () => {
    const same = chart([10, 20], [1, 2]);
    expect(appendReadings(same, [reading('1', 7, 20)], 0)).toBe(same);
    expect(appendReadings(same, [], 0)).toBe(same);
  });

  it('begins from nothing', () => {
    expect(appendReadings(chart([], []), [reading('1', 5, 10)], 0)).toMatchObject({ timesMs: [10] });
  });
});

describe('a chart of one line', () => {
  it('is found by its labels, whatever the scraper added', () => {
    const both = chart([10], [1], [2]);
    expect(pickLine(both, { line: '2' }).lines.map(({ values }) => values)).toEqual([[2]]);
    expect(pickLine(both, undefined)).toBe(both);
    expect(pickLine(both, { line: '9' }).lines).toEqual([]);
  });
});

describe('a counter', () => {
  it('is known by the catalogue or by its name', () => {
    expect(isCounter('interface_receive_bytes_total')).toBe(true);
    expect(isCounter('node_network_receive_bytes_total')).toBe(true);
    expect(isCounter('ups_load_ratio')).toBe(false);
  });

  it('is drawn by how fast it counts', () => {
    expect(asRate(chart([0, 2000, 4000], [10, 30, 30])).lines[0]?.values).toEqual([null, 10, 0]);
  });

  it('says nothing across a restart or a gap', () => {
    expect(asRate(chart([0, 1000, 2000, 3000, 4000], [10, 2, null, 5, 6])).lines[0]?.values).toEqual([
      null,
      null,
      null,
      null,
      1,
    ]);
  });
});

describe('the range of a chart', () => {
  it('leaves room above and below', () => {
    const [low, high] = paddedRange(10, 20);
    expect(low).toBeLessThan(10);
    expect(high).toBeGreaterThan(20);
  });

  it('does not make a storm of a steady value', () => {
    const [low, high] = paddedRange(230, 230.1);
    expect(high - low).toBeGreaterThan(10);
  });

  it('does not go below zero for what cannot be negative, and is never empty', () => {
    expect(paddedRange(0, 0.1)[0]).toBe(0);
    const [low, high] = paddedRange(0, 0);
    expect(high).toBeGreaterThan(low);
  });
});

describe('the start of a chart', () => {
  it('is the span that was asked for', () => {
    expect(startMs(chart([0, 3_600_000], [1, 2]), 3_600_000, 3_600_000)).toBe(0);
  });

  it('is where the data begins, when there is less of it', () => {
    const half = chart([0, 1_800_000, 3_600_000], [null, 1, 2]);
    expect(startMs(half, 3_600_000, 3_600_000)).toBe(3_600_000 - 1_890_000);
  });

  it('leaves at least two minutes', () => {
    expect(startMs(chart([1_000_000], [1]), 1_000_000, 3_600_000)).toBe(1_000_000 - 126_000);
    expect(startMs(chart([], []), 1_000_000, 60_000)).toBe(940_000);
  });
});

describe('the span of a chart', () => {
  it('is an hour unless the address says a known other', () => {
    expect(spanOf('7d')).toBe('7d');
    expect(spanOf(undefined)).toBe('3h');
    expect(spanOf('constructor')).toBe('3h');
  });
});

it.each([
  [[], null],
  [[null, 1, 2, null], null],
  [[3], [0]],
  [
    [null, 3, null, 1, 2, null, 0],
    [1, 6],
  ],
  [[undefined, 3, undefined], [1]],
])('of %j a point shows what stands alone: %j', (values, found) => {
  expect(lonely(values)).toEqual(found);
});
