import { describe, expect, it } from 'vitest';
import { dueBetween, dueRound } from '../../../../../collector/duty/rounds/due.ts';
import { stateOf } from '../../../../../collector/duty/rounds/plan.ts';
import type { RoundKind } from '../../../../../config/model/round.ts';
import { roundTemplate } from '../../../../support/rounds.ts';

const ZONE = 'Asia/Shanghai';
const at = (text: string): number => Date.parse(`${text}+08:00`);
const of = (kind: RoundKind, schedule = {}) =>
  roundTemplate({ kind, schedule: { ...roundTemplate().schedule, ...schedule } });
const days = (kind: RoundKind, from: string, to: string, schedule = {}) =>
  dueBetween(of(kind, schedule), { fromMs: at(from), toMs: at(to) }, ZONE).map(({ round }) => round.day);

describe('a round is due', () => {
  it('each day between its times of day, in the zone of the site', () => {
    const [due] = dueBetween(
      of('daily'),
      { fromMs: at('2026-11-22T09:00'), toMs: at('2026-11-22T10:00') },
      ZONE,
    );
    expect(due).toEqual({
      round: {
        id: 'daily-main@2026-11-22',
        template: 'daily-main',
        day: '2026-11-22',
        fromMs: at('2026-11-22T08:00'),
        byMs: at('2026-11-22T18:00'),
      },
      nextFromMs: at('2026-11-23T08:00'),
    });
    expect(days('daily', '2026-11-22T19:00', '2026-11-22T23:00')).toEqual([]);
  });

  it('over midnight, belonging to the day on which it begins', () => {
    const night = { from: '20:00', by: '06:00' };
    expect(days('daily', '2026-11-22T03:00', '2026-11-22T04:00', night)).toEqual(['2026-11-21']);
    expect(dueRound(of('daily', night), 'daily-main@2026-11-21', ZONE)?.byMs).toBe(at('2026-11-22T06:00'));
  });

  it('on its weekday, on its day of the month, and on the last day of a shorter month', () => {
    expect(days('weekly', '2026-11-01T00:00', '2026-11-15T00:00', { weekday: 3 })).toEqual([
      '2026-11-04',
      '2026-11-11',
    ]);
    expect(days('monthly', '2026-01-01T00:00', '2026-04-30T23:00', { monthDay: 31 })).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ]);
    expect(days('quarterly', '2026-01-01T00:00', '2026-12-31T23:00', { monthDay: 10 })).toEqual([
      '2026-01-10',
      '2026-04-10',
      '2026-07-10',
      '2026-10-10',
    ]);
  });

  it('never when it is special or retired, nor on a day that is none of its own', () => {
    expect(days('special', '2026-11-01T00:00', '2026-11-15T00:00')).toEqual([]);
    const retired = { ...of('daily'), isRetired: true };
    expect(dueBetween(retired, { fromMs: 0, toMs: 86_400_000 }, ZONE)).toEqual([]);
    expect(dueRound(of('weekly', { weekday: 3 }), 'daily-main@2026-11-05', ZONE)).toBeUndefined();
    expect(dueRound(of('daily'), 'other@2026-11-05', ZONE)).toBeUndefined();
  });

  it('also on the night in which the clocks are put back', () => {
    const range = { fromMs: Date.parse('2026-10-24T12:00Z'), toMs: Date.parse('2026-10-25T12:00Z') };
    const rounds = dueBetween(of('daily', { from: '01:00', by: '04:00' }), range, 'Europe/Berlin');
    expect(rounds.map(({ round }) => (round.byMs - round.fromMs) / 3_600_000)).toEqual([4]);
  });
});

describe('what became of a due round', () => {
  const due = { id: 'r@d', template: 'r', day: 'd', fromMs: 10, byMs: 20 };
  it.each([
    [5, 'upcoming'],
    [10, 'open'],
    [19, 'open'],
    [20, 'overdue'],
    [29, 'overdue'],
    [30, 'missed'],
  ] as const)('at %s is %s', (nowMs, state) => {
    expect(stateOf(due, { nextFromMs: 30 }, nowMs)).toBe(state);
  });

  it('stays what it is once it was done', () => {
    const done = { round: 'x', walkedBy: 'anna', result: 'normal', isLate: false } as const;
    expect(stateOf(due, { nextFromMs: 30, done }, 99)).toBe('done');
    expect(stateOf(due, { nextFromMs: 30, done: { ...done, isLate: true } }, 99)).toBe('late');
  });
});
