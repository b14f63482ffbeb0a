import { describe, expect, it } from 'vitest';
import { fromJson, toJson } from '../../../../collector/records/json.ts';

describe('what is written as JSON', () => {
  it.each([
    [{ a: [1, 'x', null, { b: true }] }],
    [{ limit: Number.POSITIVE_INFINITY, values: [Number.NaN, Number.NEGATIVE_INFINITY, -0.5] }],
    ['\\u0000number'],
    [{ text: 'a "quoted" \\u0000number, not a mark' }],
  ])('is read back as it was: %j', (value) => {
    expect(fromJson(toJson(value))).toEqual(value);
  });
});
