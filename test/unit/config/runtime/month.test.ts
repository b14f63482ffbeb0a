import { describe, expect, it } from 'vitest';
import { daysOfMonth, monthAt } from '../../../../config/runtime/month.ts';

const HOUR = 3_600_000;

describe('a month of a calendar', () => {
  it('has its days, each from midnight to midnight of the zone', () => {
    const days = daysOfMonth('2026-02', 'Asia/Shanghai') ?? [];
    expect(days).toHaveLength(28);
    expect(days[0]).toEqual({
      day: '2026-02-01',
      fromMs: Date.UTC(2026, 0, 31, 16),
      toMs: Date.UTC(2026, 1, 1, 16),
    });
    expect(daysOfMonth('2028-02', 'UTC')).toHaveLength(29);
  });

  it('has days of 23 and of 25 hours where clocks are changed, and no gap', () => {
    const march = daysOfMonth('2026-03', 'Europe/Berlin') ?? [];
    expect(march.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR).filter((hours) => hours !== 24)).toEqual([
      23,
    ]);
    const october = daysOfMonth('2026-10', 'Europe/Berlin') ?? [];
    expect(october.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR)[24]).toBe(25);
    for (const [n, { toMs }] of october.entries())
      if (n + 1 < october.length) expect(october[n + 1]?.fromMs).toBe(toMs);
  });

  it('is known for an instant, and what is none is none', () => {
    expect(monthAt(Date.UTC(2026, 0, 31, 16), 'Asia/Shanghai')).toBe('2026-02');
    expect(monthAt(Date.UTC(2026, 0, 31, 16) - 1, 'Asia/Shanghai')).toBe('2026-01');
    for (const text of ['2026-13', '2026-00', '26-01', '2026-1', ''])
      expect(daysOfMonth(text, 'UTC')).toBeUndefined();
  });
});
