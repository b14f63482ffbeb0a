import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeBlock, readBlock } from '../../../../collector/series/block.ts';
import { isStale, markStale } from '../../../../config/model/sample.ts';

/** The samples after they were packed, and how many bytes they took. */
function packed(times: readonly number[], values: Float64Array | readonly number[]) {
  const timesMs = Float64Array.from([-1, ...times, -1]);
  const own = new Float64Array(times.length + 2);
  own.set(values, 1);
  if (values instanceof Float64Array) new Uint8Array(own.buffer).set(new Uint8Array(values.buffer), 8);
  const block = closeBlock({ timesMs, values: own, start: 1, end: times.length + 1 });
  const into = { timesMs: new Float64Array(times.length + 3), values: new Float64Array(times.length + 3) };
  readBlock(block, into, 2);
  return {
    block,
    bytes: block.bytes.length,
    times: [...into.timesMs.subarray(2, -1)],
    values: into.values.subarray(2, -1),
    around: [into.values[0], into.values[1], into.values.at(-1)],
  };
}

const each5s = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => 1.8e12 + index * 5_000);

describe('a block', () => {
  it.each<[string, number[]]>([
    ['one number', [1.5]],
    ['a constant', Array.from({ length: 64 }, () => 230)],
    ['tenths', Array.from({ length: 64 }, (_, index) => (200 + (index % 7)) / 10)],
    ['a counter', Array.from({ length: 64 }, (_, index) => 1e12 + index * 12_345)],
    ['more decimals than are kept', [0.1, 1 / 3, 0.2]],
    ['large and small', [1e300, 5e-324, -1e300]],
    ['beyond whole numbers', [2 ** 53 + 2, 2 ** 52]],
    ['infinities', [Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY]],
    ['no number', [Number.NaN, 1]],
    ['minus zero', [-0, 0]],
    ['a change of decimals', [1, 1.5, 1.25, 1.125, 7]],
  ])('gives back %s', (_, values) => {
    const times = each5s(values.length);
    const result = packed(times, values);
    expect(result.times).toEqual(times);
    expect([...result.values]).toEqual(values);
    expect(result.around).toEqual([0, 0, 0]);
    expect(result.block).toMatchObject({ fromMs: times[0], toMs: times.at(-1), count: times.length });
  });

  it('gives back any numbers at any times', () => {
    const number = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.integer({ min: -1_000, max: 1_000 }).map((n) => n / 100),
    );
    const sample = fc.tuple(fc.oneof(fc.nat({ max: 100_000 }), fc.nat({ max: 2 ** 31 })), number);
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 130 }), (samples) => {
        const times = samples.map(([time]) => time).sort((a, b) => a - b);
        const values = samples.map(([, value]) => value);
        const result = packed(times, values);
        expect(result.times).toEqual(times.map((time) => time));
        expect([...result.values]).toEqual(values);
      }),
    );
  });

  it('keeps the marker of an end apart from what is no number', () => {
    const values = Float64Array.from([1, Number.NaN, 0]);
    markStale(values, 2);
    const result = packed(each5s(3), values);
    expect([0, 1, 2].map((index) => isStale(result.values, index))).toEqual([false, false, true]);
  });

  it.each<[string, (index: number) => number, number]>([
    ['a state that stays', () => 1, 20],
    ['a temperature in tenths', (index) => 21 + ((index * 7) % 5) / 10, 90],
    ['a counter of bytes', (index) => 1e10 + index * 40_000 + ((index * 31) % 1_000), 210],
  ])('holds 64 samples of %s in few bytes', (_, valueAt, atMost) => {
    const { bytes } = packed(
      each5s(64),
      Array.from({ length: 64 }, (_value, index) => valueAt(index)),
    );
    expect(bytes).toBeLessThanOrEqual(atMost);
  });
});
