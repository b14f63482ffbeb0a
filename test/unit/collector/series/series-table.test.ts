import { describe, expect, it } from 'vitest';
import { createHead } from '../../../../collector/series/head.ts';
import type { Labels } from '../../../../config/model/labels.ts';

const COUNT = 6_000;

/** Some have labels that others have too, and one more. */
function labelsOf(id: number): Labels {
  const labels = { __name__: `m${id % 7}`, id: `${id >> 1}` };
  return id % 2 === 0 ? labels : { ...labels, other: 'yes' };
}

describe('the series of a head', () => {
  it('are each found by their labels alone while others come and go', () => {
    const head = createHead();
    const ids = Array.from({ length: COUNT }, (_, id) => id);
    const atMs = (id: number): number => (id % 3 === 0 ? 9_000 : 1_000);
    const first = ids.map((id) => head.seriesOf(labelsOf(id)));
    for (const id of ids) first[id]?.append(atMs(id), id);
    expect(new Set(first).size).toBe(COUNT);
    expect(ids.map((id) => head.seriesOf(labelsOf(id)))).toEqual(first);
    head.dropBefore(5_000);
    expect(head.size.series).toBe(COUNT / 3);
    expect(new Set(head.all())).toEqual(new Set(first.filter((_, id) => id % 3 === 0)));
    const second = ids.map((id) => head.seriesOf(labelsOf(id)));
    expect(second.map((series, id) => series === first[id])).toEqual(ids.map((id) => id % 3 === 0));
    expect(second.map((series) => series?.labels)).toEqual(ids.map(labelsOf));
    expect(new Set(head.all()).size).toBe(COUNT);
  });

  it('may have labels whose names objects have by themselves', () => {
    const head = createHead();
    const labels: Labels = JSON.parse('{"__name__":"m","__proto__":"p","constructor":"c","1":"one"}');
    head.append(labels, 1_000, 1);
    const [own] = [...head.select([], 0, 2_000)];
    expect(new Map(Object.entries(own?.labels ?? {}))).toEqual(new Map(Object.entries(labels)));
    expect([...head.select([{ name: '__proto__', op: '=', value: 'p' }], 0, 2_000)]).toHaveLength(1);
    expect(head.seriesOf({ __name__: 'm', constructor: 'c', 1: 'one' })?.lastAtMs).toBe(
      Number.NEGATIVE_INFINITY,
    );
  });
});
