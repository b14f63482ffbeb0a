import { setImmediate } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { array, assert, constant, constantFrom, double, integer, oneof, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHead } from '../../../../collector/series/head.ts';
import type { Series } from '../../../../collector/series/series.ts';
import { Timeline } from '../../../../collector/series/timeline.ts';
import { markStale } from '../../../../config/model/sample.ts';
import type { SeriesSlice } from '../../../../config/model/series.ts';

const ENDED = 'ended';
type Told = number | typeof ENDED;

/** A run of numbers of one kind: a series mostly stays with its kind. */
const run = oneof(
  array(integer({ min: -40_000, max: 40_000 }), { maxLength: 60 }),
  array(
    integer({ min: 0, max: 99_999 }).map((whole) => whole / 100),
    { maxLength: 60 },
  ),
  array(
    integer({ min: 1e9, max: 3e9 }).map((whole) => whole + 0.25),
    { maxLength: 60 },
  ),
  array(double(), { maxLength: 10 }),
  array(constant(231.4), { maxLength: 100 }),
  array(constantFrom<Told[]>(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e-9, ENDED), {
    maxLength: 5,
  }),
);

function seriesOf(): Series {
  const series = createHead().seriesOf({ __name__: 'm' });
  if (series === undefined) throw new Error('there is room');
  return series;
}

function bitsIn(slice: Pick<SeriesSlice, 'values' | 'start' | 'end'>): readonly bigint[] {
  return [...new BigUint64Array(slice.values.slice(slice.start, slice.end).buffer)];
}

/** What a series answers that was told all of it, each a second later. */
function tell(series: Series, all: readonly Told[]): Float64Array {
  const kept = new Float64Array(all.length);
  let end = 0;
  for (const [second, each] of all.entries()) {
    if (each !== ENDED) {
      kept[end] = each;
      end += series.append(second * 1_000, each) ? 1 : 0;
    } else if (series.end(second * 1_000)) {
      markStale(kept, end);
      end += 1;
    }
  }
  return kept.subarray(0, end);
}

describe('open samples', () => {
  it('come back bit by bit, whatever numbers follow on each other', () => {
    assert(
      property(array(run, { minLength: 1, maxLength: 6 }), (runs) => {
        const series = seriesOf();
        const kept = tell(series, runs.flat());
        const expected = bitsIn({ values: kept, start: 0, end: kept.length });
        expect(bitsIn(series.slice(0, Number.MAX_SAFE_INTEGER))).toEqual(expected);
        expect(bitsIn(series.newest(0, Number.MAX_SAFE_INTEGER))).toEqual(expected.slice(-1));
      }),
      { seed: 11, numRuns: 400 },
    );
  });

  it('go on behind a mark of an end that is the oldest of them', () => {
    const series = seriesOf();
    tell(series, [1, ENDED, ...Array.from({ length: 90 }, (_, index) => index % 7), 2, ENDED]);
    series.dropAfter(1_000);
    expect(series.latest()).toMatchObject({ atMs: 0, value: 1, isEnded: true });
    for (const second of [2, 3]) series.append(second * 1_000, second + 0.5);
    const { values, start, end } = series.slice(0, 9_000);
    expect([...values.subarray(start, end)]).toEqual([1, Number.NaN, 2.5, 3.5]);
  });

  it('hold no instants that are long past', async () => {
    const head = createHead();
    const series = ['a', 'b'].map((id) => head.seriesOf({ __name__: 'm', id }));
    const timelinesAfter = async (fromSecond: number, toSecond: number): Promise<number> => {
      for (let second = fromSecond; second < toSecond; second += 1) {
        for (const each of series) each?.append(second * 1_000, 1);
        if (second % 500 === 0) head.dropBefore((second - 500) * 1_000);
      }
      // What a turn has looked at is held to its end.
      await setImmediate();
      return queryObjects(Timeline, { format: 'count' });
    };
    const before = await timelinesAfter(0, 10_000);
    expect(await timelinesAfter(10_000, 110_000)).toBeLessThanOrEqual(before);
  });

  it('are handed out as they were, whatever is written later', () => {
    const series = seriesOf();
    const all = Array.from({ length: 60 }, (_, second) => second / 10);
    tell(series, all);
    const slice = series.slice(0, Number.MAX_SAFE_INTEGER);
    for (let second = 60; second < 6_000; second += 1) series.append(second * 1_000, second / 7);
    expect([...slice.values.subarray(slice.start, slice.end)]).toEqual(all);
    expect(slice.timesMs[slice.end - 1]).toBe(59_000);
  });
});
