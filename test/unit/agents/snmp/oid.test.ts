import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareOids, decodeOid, encodeOid, equalsOid, startsWithOid } from '../../../../agents/snmp/oid.ts';
import { isOid } from '../../../../config/model/oid.ts';

const arcs = fc
  .tuple(
    fc.constantFrom(0, 1, 2),
    fc.nat(39),
    fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 12 }),
  )
  .map(([first, second, rest]) => [first, second, ...rest]);

function compareArcs(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(a.length - b.length);
}

describe('object identifiers', () => {
  it.each([
    ['1.3.6.1.4.1.2011', true],
    ['2.999.3', true],
    ['1.3.6.1.4294967295', true],
    ['1.3.6.1.4294967296', false],
    ['1.40', false],
    ['3.1', false],
    ['1', false],
    ['.1.3.6', false],
    ['1.3.', false],
    ['1.3.06', false],
    ['1.3.-6', false],
    ['', false],
    [`1.3${'.1'.repeat(126)}`, true],
    [`1.3${'.1'.repeat(127)}`, false],
  ])('%s: %s', (text, expected) => {
    expect(isOid(text)).toBe(expected);
  });

  it('keep their arcs through the packet', () => {
    fc.assert(
      fc.property(arcs, (given) => {
        const bytes = encodeOid(given.join('.'));
        expect(decodeOid(bytes, 0, bytes.length)).toBe(given.join('.'));
      }),
    );
    expect(decodeOid(encodeOid('2.999.3'), 0, 3)).toBe('2.999.3');
  });

  it('are ordered by their arcs, not by their bytes', () => {
    fc.assert(
      fc.property(arcs, arcs, (a, b) => {
        expect(Math.sign(compareOids(encodeOid(a.join('.')), encodeOid(b.join('.'))))).toBe(
          compareArcs(a, b),
        );
      }),
    );
    expect(compareOids(encodeOid('1.3.16383'), encodeOid('1.3.16384'))).toBeLessThan(0);
    expect(compareOids(encodeOid('1.3.200.1'), encodeOid('1.3.200'))).toBeGreaterThan(0);
  });

  it('are found in a packet by their bytes', () => {
    const packet = Uint8Array.of(9, ...encodeOid('1.3.6.1.2.1.1.3.0'), 9);
    const end = packet.length - 1;
    expect(equalsOid(packet, 1, end, encodeOid('1.3.6.1.2.1.1.3.0'))).toBe(true);
    expect(equalsOid(packet, 1, end, encodeOid('1.3.6.1.2.1.1.3'))).toBe(false);
    expect(startsWithOid(packet, 1, end, encodeOid('1.3.6.1.2.1.1.3'))).toBe(true);
    expect(startsWithOid(packet, 1, end, encodeOid('1.3.6.1.2.1.1.4'))).toBe(false);
    expect(startsWithOid(packet, 1, 4, encodeOid('1.3.6.1.2.1.1.3'))).toBe(false);
  });
});
