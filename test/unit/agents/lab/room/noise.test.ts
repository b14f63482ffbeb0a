import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approach, noise, officeActivity, seedOf } from '../../../../../agents/lab/room/noise.ts';

const DAY = Date.UTC(2026, 10, 22);
const HOUR_MS = 3_600_000;
/** 09:00 in China is 01:00 in UTC. */
const atHour = (hour: number): number => DAY + (hour - 8) * HOUR_MS;

describe('noise', () => {
  it('stays between -1 and 1 and never jumps', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 2 ** 41 }), (seed, atMs) => {
        const here = noise(seed, atMs, 10_000);
        expect(Math.abs(here)).toBeLessThanOrEqual(1);
        // The steepest slope of the easing is 1.5 over a difference of 2: 0.03 in a hundredth of the period.
        expect(Math.abs(noise(seed, atMs + 100, 10_000) - here)).toBeLessThanOrEqual(0.031);
      }),
    );
  });

  it('is the same for the same seed and another for another', () => {
    const course = (seed: number): readonly number[] =>
      Array.from({ length: 20 }, (_, index) => noise(seed, index * 1_000, 1_000));
    expect(course(seedOf(1, 'server-1'))).toEqual(course(seedOf(1, 'server-1')));
    expect(course(seedOf(1, 'server-1'))).not.toEqual(course(seedOf(1, 'server-2')));
    expect(course(seedOf(1, 'server-1'))).not.toEqual(course(seedOf(2, 'server-1')));
  });

  it('uses its whole range and has no side that it prefers', () => {
    const values = Array.from({ length: 2_000 }, (_, index) => noise(7, index * 1_000, 1_000));
    expect(Math.max(...values)).toBeGreaterThan(0.98);
    expect(Math.min(...values)).toBeLessThan(-0.98);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)).toBeLessThan(0.05);
  });
});

describe('the course of a day', () => {
  it.each([
    [3, 0, 0.01],
    [6, 0, 0.01],
    [11, 0.98, 1],
    [15, 0.98, 1],
    [22, 0, 0.01],
  ])('at %i o’clock the centre is between %d and %d busy', (hour, least, most) => {
    expect(officeActivity(atHour(hour))).toBeGreaterThanOrEqual(least);
    expect(officeActivity(atHour(hour))).toBeLessThanOrEqual(most);
  });
});

describe('a value that nears another', () => {
  it('comes as far in many small steps as in one', () => {
    let value = 0;
    for (let index = 0; index < 100; index += 1) value = approach(value, 10, 50, 3_000);
    expect(value).toBeCloseTo(approach(0, 10, 5_000, 3_000), 10);
  });
});
