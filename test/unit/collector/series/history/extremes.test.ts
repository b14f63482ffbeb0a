import { expect, it } from 'vitest';
import { createHead } from '../../../../../collector/series/head.ts';
import { extremesOf } from '../../../../../collector/series/history/extremes.ts';

it('tells the least and the greatest of each series between two instants, over spans and samples', async () => {
  const head = createHead();
  const labels = { __name__: 'celsius', device: 'th-1' };
  head.append(labels, 5_000, 24);
  head.append(labels, 6_000, 31);
  head.seriesOf(labels)?.end(7_000);
  head.append({ __name__: 'celsius', device: 'silent' }, 6_000, Number.NaN);
  const one = (value: number): Float64Array => Float64Array.of(value);
  const older = [
    { labels, timesMs: one(4_000), avg: one(22), count: one(30), min: one(19), max: one(26), last: one(23) },
  ];
  const lines = async () => ({ older, newer: head.select([], 5_000, 8_000) });
  expect(await extremesOf({ lines }, [], { fromMs: 0, toMs: 8_000 })).toEqual([
    { labels, min: 19, minAtMs: 4_000, max: 31, maxAtMs: 6_000, samples: 32 },
  ]);
});
