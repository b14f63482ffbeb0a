import { describe, expect, it } from 'vitest';
import { dryRun } from '../../../../collector/rule-tests/dry-run.ts';
import { createHead } from '../../../../collector/series/head.ts';
import type { DryRunRequest } from '../../../../config/model/rules-api.ts';
import type { SeriesSource } from '../../../../config/model/series.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const MINUTE = 60_000;

/** An hour of one sensor that is as warm as `heatAt` says of the minute. */
function room(heatAt: (minute: number) => number | undefined) {
  const clock = manualClock();
  const startMs = clock.nowMs() - 60 * MINUTE;
  const head = createHead();
  for (let step = 0; step <= 360; step += 1) {
    const heat = heatAt(step / 6);
    if (heat !== undefined) head.append({ __name__: 'heat', device: 'a' }, startMs + step * 10_000, heat);
  }
  const run = (request: Partial<DryRunRequest> = {}, source: SeriesSource = head) => {
    const body = dryRun({ source, clock, toMs: clock.nowMs() }, { query: 'heat > 28', hours: 1, ...request });
    const minutes = (atMs: number | undefined) =>
      atMs === undefined ? undefined : (atMs - startMs) / MINUTE;
    return {
      ...body,
      episodes: body.episodes.map(({ firedAtMs, endedAtMs, labels, value }) => [
        minutes(firedAtMs),
        minutes(endedAtMs),
        labels['device'],
        value,
      ]),
    };
  };
  return { run, head, startMs };
}

const TWICE = (minute: number): number => ((minute >= 10 && minute < 20) || minute >= 50 ? 30 : 20);

describe('a dry run', () => {
  it('tells when the rule would have fired, on what, and until when, the latest first', () => {
    const { run } = room(TWICE);
    const body = run();
    expect(body).toMatchObject({ fired: 2, stepMs: 10_000 });
    expect(body.episodes).toEqual([
      [50, undefined, 'a', 30],
      [10, 20, 'a', 30],
    ]);
    expect(body).not.toHaveProperty('stopped');
  });

  it('waits as the rule does, and lets it fire on as it does', () => {
    const { run } = room(TWICE);
    const body = run({ forMs: 5 * MINUTE, keepFiringForMs: 2 * MINUTE });
    expect(body.episodes).toEqual([
      [55, undefined, 'a', 30],
      [15, 22, 'a', 30],
    ]);
  });

  it('holds what has no data where the rule does', () => {
    const gap = (minute: number) =>
      minute >= 10 && minute < 12 ? 30 : minute < 10 || minute > 40 ? 20 : undefined;
    expect(room(gap).run().episodes[0]?.[1]).toBeCloseTo(16.8, 0);
    expect(room(gap).run({ isHeldWithoutData: true }).episodes[0]?.[1]).toBeCloseTo(40.2, 0);
  });

  it('of a rule with a dead band looks at its own alerts, not at those that were written', () => {
    const { run, head, startMs } = room((minute) => (minute < 10 ? 29 : minute < 30 ? 27.5 : 20));
    head.append(
      { __name__: 'ALERTS', alertname: 'Hot', alertstate: 'firing', device: 'a' },
      startMs + 45 * MINUTE,
      1,
    );
    const query =
      'heat > 28 or (heat > 27 and on (device) ALERTS{alertname="Hot", alertstate="firing"}) or (heat > 10 and on (device) ALERTS{alertname="Hot"} and heat > 100)';
    expect(run({ query, name: 'Hot' }).episodes).toEqual([[0, 30, 'a', 29]]);
  });

  it('over a longer time looks less often', () => {
    expect(room(TWICE).run({ hours: 24 }).stepMs).toBe(120_000);
  });

  it('says why it ended early', () => {
    const { run } = room(TWICE);
    const broken: SeriesSource = {
      select: () => {
        throw new Error('the disk is gone');
      },
    };
    expect(run({}, broken)).toMatchObject({ fired: 0, stopped: 'the disk is gone' });
  });

  it('of an expression that is wrong is refused', () => {
    expect(() => room(TWICE).run({ query: 'heat >' })).toThrow('parse error');
  });
});
