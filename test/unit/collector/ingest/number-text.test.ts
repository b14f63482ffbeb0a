import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestampMs, parseValue } from '../../../../collector/ingest/number-text.ts';

const parse = (text: string): number | undefined => parseValue(Buffer.from(text), 0, Buffer.byteLength(text));

describe('a value on a page', () => {
  it.each([
    ['0', 0],
    ['-0', -0],
    ['12', 12],
    ['+12', 12],
    ['-12.5', -12.5],
    ['.5', 0.5],
    ['5.', 5],
    ['0.1', 0.1],
    ['123456789.123456', 123_456_789.123_456],
    ['12345678901234567890', 12_345_678_901_234_567_000],
    ['1e3', 1_000],
    ['1.5E-3', 0.0015],
    ['NaN', Number.NaN],
    ['nan', Number.NaN],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['Inf', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
  ])('%s is a number', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  it.each([
    '',
    '.',
    '-',
    '+',
    '1.2.3',
    '1e',
    'e1',
    '0x10',
    '1_000',
    '1,5',
    '--1',
    '+NaN',
    '1e999',
    'Infinit',
    '1f',
    '١',
  ])('%j is none', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it('is the nearest number to any decimal that is written', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat({ max: 999_999_999 }), (whole, fraction) => {
        const text = `${whole}.${fraction}`;
        expect(parse(text)).toBe(Number(text));
      }),
    );
  });

  it('comes back as the double that was printed', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(parse(String(value))).toBe(Number(String(value)));
      }),
    );
  });

  it('is read from the middle of a text', () => {
    expect(parseValue(Buffer.from('a 1.25 b'), 2, 6)).toBe(1.25);
  });
});

it('reads times in whole milliseconds only', () => {
  expect(parseTimestampMs('1700000000000')).toBe(1_700_000_000_000);
  expect(parseTimestampMs('-1')).toBe(-1);
  for (const text of ['', '1.5', '1e3', 'x', '9'.repeat(30)]) expect(parseTimestampMs(text)).toBeUndefined();
});
