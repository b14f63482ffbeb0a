import { describe, expect, it } from 'vitest';
import { numberOf, readingAt, textOf } from '../../../../agents/snmp/value.ts';

const octets = (bytes: Uint8Array): { kind: 'octets'; value: Uint8Array } => ({
  kind: 'octets',
  value: bytes,
});

describe('the text of a value', () => {
  it.each<[string, Uint8Array, string]>([
    ['is UTF-8', Buffer.from('机房 UPS'), '机房 UPS'],
    ['is GB 18030 where it is no UTF-8', Uint8Array.of(0xbb, 0xfa, 0xb7, 0xbf), '机房'],
    ['has no padding', Buffer.from('UPS\0\0\0'), 'UPS'],
    ['has no line ends and no control characters', Buffer.from(' a\r\nb\u0007c '), 'a b c'],
    ['is not longer than a label may be', Buffer.from('x'.repeat(5_000)), 'x'.repeat(200)],
    ['is hexadecimal where it is no text', Uint8Array.of(0xff, 0xff, 0xff), 'ffffff'],
    ['is empty where there is none', new Uint8Array(0), ''],
  ])('%s', (_what, bytes, expected) => {
    expect(textOf(octets(bytes))).toBe(expected);
  });

  it('is the number, the identifier or the address itself', () => {
    expect(textOf({ kind: 'integer', value: -3 })).toBe('-3');
    expect(textOf({ kind: 'counter64', value: 2n ** 63n })).toBe('9223372036854775808');
    expect(textOf({ kind: 'oid', value: '1.3.6' })).toBe('1.3.6');
    expect(textOf({ kind: 'ipAddress', value: Uint8Array.of(10, 0, 0, 1) })).toBe('10.0.0.1');
    expect(textOf({ kind: 'noSuchInstance' })).toBe('');
    expect(textOf(undefined)).toBe('');
  });
});

describe('the number that a text is', () => {
  it.each([
    ['23.5', 23.5],
    [' -4 ', -4],
    ['23.5 C', 23.5],
    ['48%', 48],
    ['+7', 7],
    ['', Number.NaN],
    ['N/A', Number.NaN],
    ['2026-01-02', Number.NaN],
    ['1.2.3', Number.NaN],
    ['5 of 6', Number.NaN],
    ['9'.repeat(40), Number.NaN],
  ])('%s → %s', (text, expected) => {
    const bytes = Buffer.from(text);
    expect(numberOf(octets(bytes))).toBe(expected);
    expect(readingAt(0x04, bytes, 0, bytes.length)).toBe(expected);
  });
});
