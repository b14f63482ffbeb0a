import { describe, expect, it } from 'vitest';
import { createHead, type Head } from '../../../../collector/series/head.ts';
import { isStale } from '../../../../config/model/sample.ts';
import type { Matcher, SeriesSlice } from '../../../../config/model/series.ts';

const SECOND = 1_000;
const ALWAYS = [0, Number.MAX_SAFE_INTEGER] as const;

function matcher(name: string, op: Matcher['op'], value: string): Matcher {
  return { name, op, value };
}

function samplesOf({ timesMs, values, start, end }: SeriesSlice): [number, number][] {
  return Array.from({ length: end - start }, (_, index) => [
    timesMs[start + index] ?? Number.NaN,
    values[start + index] ?? Number.NaN,
  ]);
}

function idsOf(head: Head, ...matchers: Matcher[]): string[] {
  return [...head.select(matchers, ...ALWAYS)].map(({ labels }) => labels['id'] ?? '').sort();
}

function only(head: Head, fromMs: number, toMs: number): SeriesSlice {
  const slices = [...head.select([], fromMs, toMs)];
  expect(slices).toHaveLength(1);
  const [slice] = slices;
  if (slice === undefined) throw new Error('unreachable');
  return slice;
}

describe('the samples of a series', () => {
  it('are read back in their order, with the ends of the span among them', () => {
    const head = createHead();
    for (let second = 1; second <= 5; second += 1) head.append({ __name__: 'm' }, second * SECOND, second);
    expect(samplesOf(only(head, 2 * SECOND, 4 * SECOND))).toEqual([
      [2_000, 2],
      [3_000, 3],
      [4_000, 4],
    ]);
  });

  it.each([
    ['open ones', 5],
    ['packed ones too', 200],
  ])('are looked up by the newest of a span, of %s', (_, count) => {
    const head = createHead();
    for (let second = 1; second <= count; second += 1)
      head.append({ __name__: 'm' }, second * SECOND, second / 3);
    const newest = (fromMs: number, toMs: number) => {
      const detail = { tier: 'raw', aspect: 'last', isNewest: true } as const;
      return [...head.select([], fromMs, toMs, detail)].flatMap(samplesOf);
    };
    expect(newest(0, count * SECOND + 1)).toEqual([[count * SECOND, count / 3]]);
    expect(newest(0, 2_500)).toEqual([[2_000, 2 / 3]]);
    expect(newest(3_000, 3_000)).toEqual([[3_000, 1]]);
    expect(newest(2_001, 2_999)).toEqual([]);
    expect(newest(0, 999)).toEqual([]);
    expect(newest(count * SECOND + 1, count * SECOND + 9)).toEqual([]);
  });

  it.each([
    ['open ones', 5],
    ['packed ones too', 200],
  ])('are told by the newest that stands for each series, of %s', (_, count) => {
    const head = createHead();
    const endMs = count * SECOND;
    const value = (atMs: number): number => (atMs === 3 * SECOND ? Number.NaN : atMs / 7);
    for (let atMs = SECOND; atMs <= endMs; atMs += SECOND) {
      head.append({ __name__: 'on' }, atMs, value(atMs));
      head.append({ __name__: 'ended' }, atMs, value(atMs));
    }
    head.seriesOf({ __name__: 'ended' })?.end(endMs + 1);
    const newest = (afterMs: number, toMs: number) => {
      const { labels, timesMs, values } = head.newest([], afterMs, toMs);
      return labels.map(({ __name__: name }, index) => [name, timesMs[index], values[index]]);
    };
    const both = (atMs: number) => ['on', 'ended'].map((name) => [name, atMs, value(atMs)]);
    expect(newest(0, endMs)).toEqual(both(endMs));
    expect(newest(0, endMs + 1)).toEqual([['on', endMs, endMs / 7]]);
    expect(newest(0, 2_500)).toEqual(both(2_000));
    expect(newest(0, 3_000)).toEqual(both(3_000));
    expect(newest(2_000, 2_999)).toEqual([]);
    expect(newest(1_999, 2_000)).toEqual(both(2_000));
    expect(newest(0, 999)).toEqual([]);
    expect(newest(endMs, endMs + 9)).toEqual([]);
  });

  it.each([
    ['one', 1],
    ['a full slot', 128],
    ['one more than a slot', 129],
    ['many blocks', 1_000],
  ])('are all there after %s', (_, count) => {
    const head = createHead();
    const expected: [number, number][] = [];
    for (let index = 1; index <= count; index += 1) {
      head.append({ __name__: 'm' }, index * SECOND, index / 3);
      expected.push([index * SECOND, index / 3]);
    }
    expect(samplesOf(only(head, ...ALWAYS))).toEqual(expected);
    expect(samplesOf(only(head, 40 * SECOND, 100 * SECOND))).toEqual(expected.slice(39, 100));
    expect(samplesOf(only(head, 0, 10 * SECOND))).toEqual(expected.slice(0, 10));
  });

  it.each([
    ['moves at last', [...Array<number>(100).fill(7), 8]],
    ['moves at once and comes to rest', [1, 2, ...Array<number>(150).fill(7), 9]],
    ['changes the sign of its zero', [0, 0, -0, 0]],
    ['says that it is no number in between', [5, 5, Number.NaN, 5]],
    ['never moves', Array<number>(200).fill(0)],
  ])('are its own where one beside it says the same number and it %s', (_, values) => {
    const head = createHead();
    const still: [number, number][] = values.map((_value, index) => [(index + 1) * SECOND, values[0] ?? 0]);
    for (const [atMs, value] of still) {
      head.append({ __name__: 'still' }, atMs, value);
      head.append({ __name__: 'm' }, atMs, values[atMs / SECOND - 1] ?? Number.NaN);
    }
    const of = (name: string) => [...head.select([matcher('__name__', '=', name)], ...ALWAYS)].map(samplesOf);
    expect(of('m')).toEqual([values.map((value, index) => [(index + 1) * SECOND, value])]);
    expect(of('still')).toEqual([still]);
  });

  it('take late ones in between, and end, where all are the same number', () => {
    const head = createHead();
    const [series, beside] = ['m', 'n'].map((name) => head.seriesOf({ __name__: name }));
    for (const atMs of [10, 20, 40]) for (const each of [series, beside]) each?.append(atMs, 3);
    expect(series?.insert(30, 4)).toBe(true);
    expect(series?.end(50)).toBe(true);
    const { values, end, ...rest } = series?.slice(0, 100) ?? only(head, 0, 0);
    expect(samplesOf({ values, end: end - 1, ...rest })).toEqual([
      [10, 3],
      [20, 3],
      [30, 4],
      [40, 3],
    ]);
    expect(isStale(values, end - 1)).toBe(true);
    expect(beside?.latest()).toMatchObject({ atMs: 40, value: 3, isEnded: false });
  });

  it('do not mix with those of a series beside it', () => {
    const head = createHead();
    for (let index = 1; index <= 300; index += 1) {
      for (const id of ['a', 'b', 'c']) head.append({ id }, index, id.charCodeAt(0));
    }
    for (const slice of head.select([], ...ALWAYS)) {
      const expected = (slice.labels['id'] ?? '').charCodeAt(0);
      expect(samplesOf(slice).every(([, value]) => value === expected)).toBe(true);
      expect(slice.end - slice.start).toBe(300);
    }
  });

  it('keep special values', () => {
    const head = createHead();
    const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0, 5e-324];
    values.forEach((value, index) => head.append({ id: 'a' }, index + 1, value));
    expect(samplesOf(only(head, ...ALWAYS)).map(([, value]) => value)).toEqual(values);
  });

  it('are refused when not newer than the last', () => {
    const head = createHead();
    expect(head.append({ id: 'a' }, 10, 1)).toBe(true);
    expect(head.append({ id: 'a' }, 10, 2)).toBe(false);
    expect(head.append({ id: 'a' }, 9, 3)).toBe(false);
    expect(head.append({ id: 'a' }, Number.NaN, 4)).toBe(false);
    expect(samplesOf(only(head, ...ALWAYS))).toEqual([[10, 1]]);
  });
});

describe('the labels of a series', () => {
  it('make the same series in any order, an empty one being none', () => {
    const head = createHead();
    head.append({ a: '1', b: '2' }, 1, 1);
    head.append({ b: '2', a: '1', c: '' }, 2, 2);
    expect(head.size.series).toBe(1);
    expect(only(head, ...ALWAYS).labels).toEqual({ a: '1', b: '2' });
  });

  it('make different series where only the place of a text differs', () => {
    const head = createHead();
    head.append({ a: 'b' }, 1, 1);
    head.append({ b: 'a' }, 1, 1);
    head.append({ a: 'a', b: 'b' }, 1, 1);
    head.append({ a: 'b', b: 'a' }, 1, 1);
    expect(head.size.series).toBe(4);
  });

  it('may be named like what every object has', () => {
    const head = createHead();
    head.append({ constructor: 'x', __proto__x: 'y' }, 1, 1);
    expect([...head.select([matcher('constructor', '=', 'x')], ...ALWAYS)]).toHaveLength(1);
    expect([...head.select([matcher('toString', '=', '')], ...ALWAYS)]).toHaveLength(1);
  });

  it('are listed by name and value', () => {
    const head = createHead();
    head.append({ __name__: 'm', id: 'b' }, 1, 1);
    head.append({ __name__: 'm', id: 'a' }, 1, 1);
    expect(head.labelNames()).toEqual(['__name__', 'id']);
    expect(head.labelValues('id')).toEqual(['a', 'b']);
    expect(head.labelValues('none')).toEqual([]);
  });
});

describe('matchers', () => {
  const head = createHead();
  head.append({ id: '1', __name__: 'up', job: 'agent', zone: 'a' }, 1, 1);
  head.append({ id: '2', __name__: 'up', job: 'node' }, 1, 1);
  head.append({ id: '3', __name__: 'load', job: 'agent', zone: 'a\nb' }, 1, 1);
  head.append({ id: '4', __name__: 'load', job: 'other', zone: 'b' }, 1, 1);

  it.each<[string, Matcher[], string[]]>([
    ['none', [], ['1', '2', '3', '4']],
    ['equal', [matcher('job', '=', 'agent')], ['1', '3']],
    ['equal to nothing', [matcher('zone', '=', '')], ['2']],
    ['unequal', [matcher('job', '!=', 'agent')], ['2', '4']],
    ['unequal, the label lacking', [matcher('zone', '!=', 'a')], ['2', '3', '4']],
    ['unequal to nothing', [matcher('zone', '!=', '')], ['1', '3', '4']],
    ['regular, anchored', [matcher('zone', '=~', 'a')], ['1']],
    ['regular, over line ends', [matcher('zone', '=~', 'a.*')], ['1', '3']],
    ['regular alternatives', [matcher('job', '=~', 'node|other')], ['2', '4']],
    ['regular that accepts nothing', [matcher('zone', '=~', 'b|')], ['2', '4']],
    ['not regular', [matcher('job', '!~', 'a.*|node')], ['4']],
    ['two', [matcher('__name__', '=', 'up'), matcher('job', '!=', 'node')], ['1']],
    ['contradicting', [matcher('job', '=', 'agent'), matcher('job', '=', 'node')], []],
    ['unknown value', [matcher('job', '=', 'nobody')], []],
    ['unknown name', [matcher('nothing', '=~', '.+')], []],
  ])('%s', (_, matchers, expected) => {
    expect(idsOf(head, ...matchers)).toEqual(expected);
  });

  it('refuse what is no regular expression', () => {
    expect(() => idsOf(head, matcher('job', '=~', '(a'))).toThrow(/not valid/);
  });

  it('take linear time for an expression made to take for ever', () => {
    const long = createHead();
    long.append({ id: '1', text: `${'a'.repeat(5_000)}!` }, 1, 1);
    expect(idsOf(long, matcher('text', '=~', '(a+)+'))).toEqual([]);
  });
});

describe('the end of a series', () => {
  it('is a marker that queries can tell from a number', () => {
    const head = createHead();
    const series = head.seriesOf({ id: 'a' });
    series?.append(1, Number.NaN);
    expect(series?.end(2)).toBe(true);
    const { values, start } = only(head, ...ALWAYS);
    expect(isStale(values, start)).toBe(false);
    expect(isStale(values, start + 1)).toBe(true);
  });

  it('is marked once, and not on a series without samples', () => {
    const series = createHead().seriesOf({ id: 'a' });
    expect(series?.end(1)).toBe(false);
    series?.append(2, 1);
    expect(series?.end(3)).toBe(true);
    expect(series?.end(4)).toBe(false);
    expect(series?.append(5, 1)).toBe(true);
    expect(series?.end(6)).toBe(true);
  });

  it('stays a marker in a closed block', () => {
    const head = createHead();
    const series = head.seriesOf({ id: 'a' });
    series?.append(1, 1);
    series?.end(2);
    for (let atMs = 3; atMs < 400; atMs += 1) series?.append(atMs, atMs);
    const { values, start } = only(head, ...ALWAYS);
    expect(isStale(values, start)).toBe(false);
    expect(isStale(values, start + 1)).toBe(true);
    expect(isStale(values, start + 2)).toBe(false);
  });
});

describe('retention', () => {
  it('drops whole blocks that are too old and keeps the rest', () => {
    const head = createHead();
    for (let atMs = 1; atMs <= 1_000; atMs += 1) head.append({ id: 'a' }, atMs, atMs);
    head.dropBefore(500);
    const samples = samplesOf(only(head, ...ALWAYS));
    expect(samples[0]?.[0]).toBeGreaterThan(500 - 64);
    expect(samples[0]?.[0]).toBeLessThanOrEqual(500);
    expect(samples.at(-1)).toEqual([1_000, 1_000]);
  });

  it('forgets a series that ended long ago, with its labels', () => {
    const head = createHead();
    const old = head.seriesOf({ id: 'old', common: 'x' });
    old?.append(10, 1);
    head.append({ id: 'new', common: 'x' }, 20, 2);
    head.dropBefore(15);
    expect(idsOf(head)).toEqual(['new']);
    expect(head.labelValues('id')).toEqual(['new']);
    expect(head.size).toEqual({ series: 1, symbols: 4 });
    expect(old?.isGone).toBe(true);
    expect(old?.append(30, 1)).toBe(false);
  });

  it('gives its room to a series that comes later', () => {
    const head = createHead();
    for (let round = 1; round <= 5; round += 1) {
      for (let index = 0; index < 300; index += 1) head.append({ id: `${round}-${index}` }, round, round);
      head.dropBefore(round);
    }
    expect(head.size.series).toBe(300);
    expect(idsOf(head).every((id) => id.startsWith('5-'))).toBe(true);
    expect([...head.select([], ...ALWAYS)].every((slice) => samplesOf(slice).length === 1)).toBe(true);
  });
});

it('takes no more series than it may, and goes on with those it has', () => {
  const head = createHead({ maxSeries: 2 });
  head.append({ id: 'a' }, 1, 1);
  head.append({ id: 'b' }, 1, 1);
  expect(head.append({ id: 'c' }, 1, 1)).toBe(false);
  expect(head.append({ id: 'a' }, 2, 1)).toBe(true);
  expect(idsOf(head)).toEqual(['a', 'b']);
});

it('tells how much of what it may hold is used, by series or by the text of labels', () => {
  const head = createHead({ maxSeries: 4, maxLabelChars: 100 });
  head.append({ id: 'a' }, 1, 1);
  expect(head.usedRatio).toBe(0.25);
  head.append({ id: 'b'.repeat(87) }, 1, 1);
  expect(head.usedRatio).toBe(0.9);
  head.append({ id: 'c'.repeat(87) }, 1, 1);
  expect(head.usedRatio).toBe(1);
  expect(head.isFull).toBe(true);
});

it('takes no more text of labels than it may, until some of it is gone', () => {
  const head = createHead({ maxLabelChars: 2_000 });
  head.append({ id: 'a'.repeat(1_500) }, 1, 1);
  expect(head.isFull).toBe(false);
  head.append({ id: 'b'.repeat(1_500) }, 5, 1);
  expect(head.isFull).toBe(true);
  expect(head.append({ id: 'c' }, 5, 1)).toBe(false);
  head.dropBefore(5);
  expect(head.isFull).toBe(false);
  expect(head.append({ id: 'c' }, 6, 1)).toBe(true);
});

describe('samples after an instant', () => {
  it.each([0, 1, 63, 64, 65, 127, 128, 129, 200, 299, 300, 400])(
    'can be let go: of 300, those after the %d. second',
    (second) => {
      const head = createHead();
      for (let at = 1; at <= 300; at += 1) head.append({ __name__: 'm' }, at * SECOND, at);
      head.dropAfter(second * SECOND);
      const left = Math.min(second, 300);
      expect(samplesOf(only(head, ...ALWAYS)).map(([, value]) => value)).toEqual(
        Array.from({ length: left }, (_, index) => index + 1),
      );
      expect(head.append({ __name__: 'm' }, left * SECOND, 0)).toBe(left === 0);
      for (let at = left + 1; at <= left + 200; at += 1) head.append({ __name__: 'm' }, at * SECOND, at);
      expect(samplesOf(only(head, (left + 1) * SECOND, Number.MAX_SAFE_INTEGER))).toHaveLength(200);
    },
  );
});

it('packs series that are written together in turns: no scrape packs them all', () => {
  const head = createHead();
  let packedNow = 0;
  let packed = 0;
  head.watch({ packed: () => void (packedNow += 1), late() {}, dropped() {} });
  const series = Array.from({ length: 64 }, (_, index) =>
    head.seriesOf({ __name__: 'm', series: String(index) }),
  );
  for (let tick = 0; tick < 200; tick += 1) {
    packedNow = 0;
    for (const one of series) one?.append(tick * 10_000, tick);
    expect(packedNow).toBeLessThanOrEqual(8);
    packed += packedNow;
  }
  expect(packed).toBeGreaterThanOrEqual(64 * 4);
});
