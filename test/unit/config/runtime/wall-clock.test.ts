import { describe, expect, it } from 'vitest';
import { dayText, minuteText, secondText, wallClockAt } from '../../../../config/runtime/wall-clock.ts';

describe('the clock on the wall', () => {
  it.each([
    ['2026-11-22T03:05:07Z', 'Asia/Shanghai', '2026-11-22 11:05:07'],
    ['2026-12-31T16:00:00Z', 'Asia/Shanghai', '2027-01-01 00:00:00'],
    // The clocks are put back: the hour from two to three comes twice.
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25 02:30:00'],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25 02:30:00'],
  ])('at %s in %s shows %s', (instant, zone, text) => {
    const wall = wallClockAt(Date.parse(instant), zone);
    expect([secondText(wall), minuteText(wall), dayText(wall)]).toEqual([
      text,
      text.slice(0, 16),
      text.slice(0, 10),
    ]);
  });
});
