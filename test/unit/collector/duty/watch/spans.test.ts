import { describe, expect, it } from 'vitest';
import { roomBlock } from '../../../../../collector/duty/watch/blocks/room.ts';
import { spansOfSheet, withSpans } from '../../../../../collector/duty/watch/spans.ts';
import { createHead } from '../../../../../collector/series/head.ts';
import { NO_MARKS } from '../../../../../config/model/sheet.ts';
import { manualClock } from '../../../../support/manual-clock.ts';
import { silentLog } from '../../../../support/silent-log.ts';

const running = [
  { metric: 'sensor_celsius', device: 'th-1', part: 'Inlet', now: 24, lowest: 23, highest: 25 },
];
const inlet = { __name__: 'sensor_celsius', device: 'th-1', sensor: 'Inlet' };

describe('the figures of a sheet', () => {
  it('are those of its time in the history, with what is read now', async () => {
    const clock = manualClock();
    const head = createHead();
    const atMs = clock.nowMs();
    head.append(inlet, atMs - 7_200_000, 40);
    head.append(inlet, atMs - 3_600_000, 19);
    head.append(inlet, atMs - 1_000, 31);
    head.append({ __name__: 'ups_load_ratio', device: 'ups-gone' }, atMs - 60_000, 0.4);
    head.append({ __name__: 'sensor_humidity_percent', device: 'th-1' }, atMs - 60_000, 1);
    const asked: string[] = [];
    const figures = spansOfSheet({
      clock,
      log: silentLog(),
      running: () => running,
      series: {
        async lines(matchers, fromMs, toMs) {
          asked.push(...matchers.map(({ value }) => value));
          return { older: [], newer: head.select(matchers, fromMs, toMs) };
        },
      },
    });
    const found = await figures({ fromMs: atMs - 5_400_000, atMs });
    expect(asked.join('|')).toContain('sensor_celsius');
    expect(found).toEqual([
      { ...running[0], lowest: 19, highest: 31 },
      { metric: 'ups_load_ratio', device: 'ups-gone', part: '', lowest: 0.4, highest: 0.4 },
    ]);
    const moment = { db: undefined as never, post: 'operator', since: NO_MARKS, through: NO_MARKS } as const;
    const power = roomBlock('power', { extremes: figures, nameOf: () => undefined });
    // What does not answer any more is unknown, never its last number.
    expect(await power.lines({ ...moment, fromMs: atMs - 5_400_000, atMs })).toMatchObject([
      { code: 'ups_load_ratio_unknown', weight: 'heed' },
    ]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('disk')), 0],
    ['takes too long', () => new Promise<never>(() => undefined), 3_000],
  ])('are the running ones where the history %s', async (_how, lines, waitMs) => {
    const clock = manualClock();
    const figures = spansOfSheet({ clock, log: silentLog(), running: () => running, series: { lines } });
    const found = figures({ fromMs: 0, atMs: clock.nowMs() });
    await clock.advance(waitMs);
    expect(await found).toEqual(running);
  });

  it('join series that differ in nothing that the sheet tells', () => {
    const span = { minAtMs: 1, maxAtMs: 1, samples: 1 };
    const found = [
      { ...span, labels: { ...inlet, instance: 'a' }, min: 20, max: 21 },
      { ...span, labels: { ...inlet, instance: 'b' }, min: 18, max: 20 },
      { ...span, labels: { __name__: 'sensor_celsius' }, min: 0, max: 99 },
    ];
    expect(withSpans(running, found)).toEqual([{ ...running[0], lowest: 18, highest: 21 }]);
  });
});
