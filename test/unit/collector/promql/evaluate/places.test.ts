import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlaces } from '../../../../../collector/promql/evaluate/places.ts';

const ascending = fc
  .uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 60 })
  .map((times) => Float64Array.from(times).sort());

describe('the place of an instant in a series', () => {
  it('is behind all samples up to it, whichever instants were asked for before', () => {
    fc.assert(
      fc.property(
        ascending,
        fc.array(fc.integer({ min: -10, max: 210 }), { maxLength: 30 }),
        fc.nat({ max: 5 }),
        (timesMs, instants, skipped) => {
          const start = Math.min(skipped, timesMs.length);
          const samples = { timesMs, start, end: timesMs.length };
          const after = createPlaces([samples]);
          for (const atMs of instants) {
            const expected = start + timesMs.slice(start).filter((timeMs) => timeMs <= atMs).length;
            expect(after(0, samples, atMs)).toBe(expected);
          }
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  it('is kept for each series of its own', () => {
    const late = { timesMs: Float64Array.of(10, 20, 30, 40), start: 1, end: 3 };
    const early = { timesMs: Float64Array.of(1, 2), start: 0, end: 2 };
    const after = createPlaces([late, early]);
    const places = [5, 20, 25, 99].map((atMs) => [after(0, late, atMs), after(1, early, atMs)]);
    expect(places).toEqual([
      [1, 2],
      [2, 2],
      [2, 2],
      [3, 2],
    ]);
  });
});
