import { describe, expect, it } from 'vitest';
import type { WatchNow } from '../../../../../collector/duty/watch/desk.ts';
import { dueAt, DUTY_METRICS, dutyFacts } from '../../../../../collector/duty/watch/facts.ts';
import { untried } from '../../../../../collector/duty/watch/call-tree.ts';
import { Spans } from '../../../../../collector/duty/watch/extremes.ts';
import { DEFAULT_PROBE_PLAN, probeTimes } from '../../../../../collector/duty/watch/probe-plan.ts';
import { QUIET } from '../../../../support/quiet-desk.ts';
import { shiftOf } from '../../../../support/watch-site.ts';

const MINUTE_MS = 60_000;
const START_MS = 1_000 * MINUTE_MS;
const shift = shiftOf('day', [START_MS, START_MS + 480 * MINUTE_MS], ['wang']);
const none: WatchNow = QUIET;
const kept: WatchNow = {
  ...none,
  lines: [{ id: 1, post: 'operator', atMs: 0, person: 'li', cause: 'taken' }],
  shifts: [shift],
};
const moment = (atMs: number) => ({ atMs, clockBehindMs: 0, active: [], callsDue: [] });
const valueOf = (now: WatchNow, metric: string, atMs: number): number | undefined =>
  dutyFacts(now, moment(atMs)).find((fact) => fact.metric === metric)?.value;

describe('the facts of the watch', () => {
  it.each([
    [-10 * MINUTE_MS - 1, 0],
    [-10 * MINUTE_MS, 0],
    [-9 * MINUTE_MS - 59_000, 1],
    [-1_000, 599],
  ])('count the lateness of the incoming from ten minutes before: at %d ms %d s', (fromStartMs, seconds) => {
    expect(valueOf(kept, 'watchkeeper_incoming_late_seconds', START_MS + fromStartMs)).toBe(seconds);
  });

  it('count the absence from the start of the shift, while the outgoing is held', () => {
    const now = { ...kept, shift };
    expect(valueOf(now, 'watchkeeper_incoming_absent_seconds', START_MS + 90_000)).toBe(90);
    expect(valueOf(now, 'watchkeeper_handover_overdue_seconds', START_MS + 90_000)).toBe(90);
    const there = { kind: 'check_in', person: 'wang', post: 'operator', shift: shift.id } as const;
    const checkIns = [{ ...there, shiftStartsAtMs: START_MS, atMs: START_MS, isOnCall: false }];
    expect(valueOf({ ...now, checkIns }, 'watchkeeper_incoming_absent_seconds', START_MS + 90_000)).toBe(0);
  });

  it('miss nobody before the first watch, and somebody ever after', () => {
    expect(valueOf(none, 'watchkeeper_watch_people', START_MS)).toBeUndefined();
    expect(dueAt(none, moment(START_MS))).toEqual([]);
    const given: WatchNow = {
      ...kept,
      lines: [...kept.lines, { id: 2, post: 'operator', atMs: 5, cause: 'given_up' }],
    };
    expect(valueOf(given, 'watchkeeper_watch_people', START_MS)).toBe(0);
    expect(dueAt(given, moment(START_MS - 60 * MINUTE_MS))).toEqual([{ code: 'uncovered', dueAtMs: 5 }]);
  });

  it('ask for the first signature where people are planned, and hold nobody to the plan before it', () => {
    const lead = { ...shift, posts: { ...shift.posts, shiftLead: ['chen'] } };
    const planned: WatchNow = { ...none, shift: lead, shifts: [lead] };
    const atMs = START_MS + 30 * MINUTE_MS;
    expect(dueAt(planned, moment(atMs))).toEqual([{ code: 'not_taken', dueAtMs: START_MS }]);
    const told = dutyFacts(planned, moment(atMs)).filter(({ value }) => value !== 0);
    expect(told).toEqual([{ metric: 'watchkeeper_watch_not_taken', labels: {}, value: 1 }]);
    expect(dutyFacts(planned, moment(atMs)).map(({ metric }) => metric)).not.toContain(
      'watchkeeper_watch_people',
    );
    const taken: WatchNow = { ...planned, lines: kept.lines };
    expect(valueOf(taken, 'watchkeeper_watch_not_taken', atMs)).toBe(0);
    expect(valueOf(taken, 'watchkeeper_incoming_absent_seconds', atMs)).toBe(1_800);
  });

  it('are all among the metrics that rules may ask for', () => {
    const told = dutyFacts({ ...kept, shift }, moment(START_MS)).map(({ metric }) => metric);
    expect(told.filter((metric) => !DUTY_METRICS.includes(metric))).toEqual([]);
  });
});

describe('calls to the watch', () => {
  it('come as often as planned, at instants that only the secret tells', () => {
    const dayMs = 86_400_000;
    const mine = probeTimes(DEFAULT_PROBE_PLAN, 'secret', 0, 30 * dayMs);
    expect(mine).toHaveLength(180);
    expect(mine).not.toEqual(probeTimes(DEFAULT_PROBE_PLAN, 'other', 0, 30 * dayMs));
    const parts = [0, 7, 8, 30].flatMap((day, index, days) =>
      index === 0
        ? []
        : probeTimes(DEFAULT_PROBE_PLAN, 'secret', (days[index - 1] ?? 0) * dayMs, day * dayMs),
    );
    expect(parts).toEqual(mine);
    expect(probeTimes({ ...DEFAULT_PROBE_PLAN, perEightHours: 0 }, 'secret', 0, dayMs)).toEqual([]);
  });

  it('leave on the list whom no try has reached, with what came of the last one', () => {
    const tried = { kind: 'call', atMs: 1, by: 'chen', note: '' } as const;
    const tries = [
      { ...tried, person: 'li', result: 'answered' },
      { ...tried, person: 'wang', atMs: 2, result: 'no_answer' },
      { ...tried, person: 'wang', result: 'wrong_number' },
    ] as const;
    const people = ['li', 'wang', 'zhao'].map((name) => ({ name, displayName: `小${name}` }));
    expect(untried(people, tries)).toEqual([
      { name: 'wang', displayName: '小wang', tried: { atMs: 2, result: 'no_answer' } },
      { name: 'zhao', displayName: '小zhao' },
    ]);
  });
});

describe('the extremes of a watch', () => {
  const labels = { __name__: 'sensor_celsius', device: 't-1' };

  it('are the lowest and highest since it began, and now is unknown once nothing answers', () => {
    const spans = new Spans();
    for (const value of [22, 27, 19]) spans.take([{ labels, value }]);
    const span = { metric: 'sensor_celsius', device: 't-1', part: '', lowest: 19, highest: 27 };
    expect(spans.all()).toEqual([{ ...span, now: 19 }]);
    spans.take([]);
    expect(spans.all()).toEqual([span]);
    const after = new Spans(spans.all());
    after.take([{ labels: { ...labels }, value: 31 }]);
    expect(after.all()).toEqual([{ ...span, now: 31, highest: 31 }]);
  });
});
