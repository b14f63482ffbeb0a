import { describe, expect, it } from 'vitest';
import { fieldOf, instantOf } from '../../../../web/data/watch-page.ts';

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(text);

describe('an instant in a field of a page', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-23T08:30', '2026-11-23T00:30Z'],
    // The hours around the nights in which clocks are set.
    ['Europe/Berlin', '2026-03-29T01:59', '2026-03-29T00:59Z'],
    ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00Z'],
    ['Europe/Berlin', '2026-10-25T01:59', '2026-10-24T23:59Z'],
    ['Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00Z'],
    ['America/St_Johns', '2026-07-01T00:00', '2026-07-01T02:30Z'],
  ])('is the site’s, by the clock on its wall: %s %s', (zone, text, utc) => {
    expect(instantOf(text, zone)).toBe(at(utc));
    expect(fieldOf(at(utc), zone)).toBe(text);
  });

  it('is one of the two of an hour that comes twice, and beside an hour that does not come', () => {
    const twice = instantOf('2026-10-25T02:30', 'Europe/Berlin') ?? 0;
    expect(fieldOf(twice, 'Europe/Berlin')).toBe('2026-10-25T02:30');
    const never = instantOf('2026-03-29T02:30', 'Europe/Berlin') ?? 0;
    expect(Math.abs(never - at('2026-03-29T01:00Z'))).toBeLessThan(HOUR_MS);
  });

  it.each(['', '2026', '2026-11-23', 'now', '2026-13-40T99:99'])(
    'is none where none was typed: %j',
    (text) => {
      expect(instantOf(text, 'Europe/Berlin')).toBeUndefined();
    },
  );
});
