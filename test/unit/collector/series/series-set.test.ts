import { describe, expect, it } from 'vitest';
import { createHead, type Head } from '../../../../collector/series/head.ts';
import { SeriesSet } from '../../../../collector/series/series-set.ts';
import type { Series } from '../../../../collector/series/series.ts';

function seriesAt(head: Head, id: number, atMs: number): Series {
  const series = head.seriesOf({ __name__: 'm', id: `${id}` });
  if (series?.append(atMs, id) !== true) throw new Error('unreachable');
  return series;
}

describe('a set of series', () => {
  it('has those that were put in, of many, until they are taken out or it is cleared', () => {
    const head = createHead();
    const set = new SeriesSet();
    const all = Array.from({ length: 5_000 }, (_, id) => seriesAt(head, id, 1_000));
    for (const [index, series] of all.entries()) if (index % 3 === 0) set.add(series);
    expect(all.filter((series) => set.has(series))).toEqual(all.filter((_, index) => index % 3 === 0));
    for (const series of all.slice(0, 2_500)) set.delete(series);
    expect(all.filter((series) => set.has(series))).toEqual(
      all.filter((_, index) => index >= 2_500 && index % 3 === 0),
    );
    set.clear();
    expect(all.filter((series) => set.has(series))).toEqual([]);
  });

  it('has neither a series that is gone nor the one that gets its place', () => {
    const head = createHead();
    const set = new SeriesSet();
    const gone = seriesAt(head, 1, 1_000);
    set.add(gone);
    const { place, id } = gone;
    head.dropBefore(2_000);
    const next = seriesAt(head, 2, 3_000);
    expect(next.place).toBe(place);
    expect(gone).toMatchObject({ isGone: true, id });
    set.add(gone);
    expect([gone, next].map((series) => set.has(series))).toEqual([false, false]);
  });
});
