import { describe, expect, it } from 'vitest';
import { pauseMs } from '../../../../agents/snmp/pause.ts';

describe('a device that does not answer', () => {
  it.each([
    [1, undefined],
    [5, undefined],
    [6, 15_000],
    [7, 35_000],
    [8, 55_000],
    [1_000, 55_000],
  ])('that has missed %i polls of ten seconds is left alone for %s ms', (misses, pause) => {
    expect(pauseMs(misses, 10_000)).toBe(pause);
  });

  it('is asked in each interval where that is long anyway', () => {
    expect(pauseMs(100, 60_000)).toBeUndefined();
  });
});
