import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../../config/runtime/system-clock.ts';
import { createAtOnce } from '../../../../../collector/promql/worker/at-once.ts';
import { createHead } from '../../../../../collector/series/head.ts';

function asking(series = 3) {
  const head = createHead();
  const nowMs = systemClock.nowMs();
  for (let index = 0; index < series; index += 1) {
    head.append({ __name__: 'm', item: String(index % 1_000), part: String(index) }, nowMs - 1_000, index);
  }
  return { head, nowMs, atOnce: createAtOnce(head, 60_000) };
}

describe('a query of what few series say now', () => {
  it('is answered at once, each time from what is there by then', () => {
    const { head, nowMs, atOnce } = asking();
    const total = () => atOnce('sum(m) + count(m{item!="9"})', nowMs)?.value;
    expect(total()).toEqual({ type: 'vector', elements: [expect.objectContaining({ value: 6 })] });
    head.append({ __name__: 'm', part: '2', item: '2' }, nowMs, 10);
    expect(total()).toMatchObject({ elements: [{ value: 14 }] });
    expect(atOnce('1 + 1', nowMs)?.value).toEqual({ type: 'scalar', value: 2 });
  });

  it('is refused as the engine refuses it', () => {
    const { nowMs, atOnce } = asking();
    for (const wrong of ['sum(', 'rate(m)', 'm + on() m'])
      expect(() => atOnce(wrong, nowMs), wrong).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^query_(invalid|failed)$/) }),
      );
  });

  it.each([
    'rate(m[5m])',
    'm[5m]',
    'max_over_time(sum(m)[5m:1m])',
    'm offset 1d',
    'm @ 0',
    'm{item=~"1"}',
    '{item="1"}',
    `m${' + m'.repeat(400)}`,
  ])('is left to the worker where it may cost more: %s', (expression) => {
    const { nowMs, atOnce } = asking();
    expect(atOnce(expression, nowMs)).toBeUndefined();
  });

  it('is left to the worker where it looks at many series, takes too long, looks at another time, or where history must be read', () => {
    const { nowMs, atOnce, head } = asking(20_000);
    expect(atOnce('count(m)', nowMs)?.value).toMatchObject({ elements: [{ value: 20_000 }] });
    expect(atOnce('count(m) + count(m) + count(m)', nowMs)).toBeUndefined();
    expect(atOnce('count(m)', nowMs - 3_600_000)).toBeUndefined();
    const hurried = createAtOnce(head, -1);
    expect(hurried('count(m)', nowMs)).toBeUndefined();
    const reading = createAtOnce({ select: async (...asked) => head.select(...asked) });
    expect(reading('count(m)', nowMs)).toBeUndefined();
  });
});
