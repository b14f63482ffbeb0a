import { describe, expect, it } from 'vitest';
import type { DueView } from '../../../../../config/model/round-api.ts';
import {
  dayByKey,
  daysOfMonth,
  daysOfPlan,
  isFor,
  movedPlan,
  peopleOf,
  rangeOfDays,
  WATCH,
} from '../../../../../web/data/rounds/plan.ts';
import { signOf, whoseText } from '../../../../../web/data/rounds/words.ts';
import { wordsOf, type Words } from '../../../../../web/i18n/words.ts';

const due: DueView = { id: 'r@d', template: 'r', day: 'd', fromMs: 0, byMs: 1, state: 'open' };

describe('the plan of rounds', () => {
  it('shows a day, the week from Monday on, or the whole weeks of a month', () => {
    expect(daysOfPlan('day', '2026-11-22')).toEqual(['2026-11-22']);
    expect(daysOfPlan('week', '2026-11-22').at(0)).toBe('2026-11-16');
    expect(daysOfPlan('week', '2026-11-22')).toHaveLength(7);
    const month = daysOfPlan('month', '2026-11-22');
    expect([month.at(0), month.at(-1)]).toEqual(['2026-10-26', '2026-12-06']);
  });

  it('has all days of a month, for a field of the year', () => {
    const leap = daysOfMonth('2028-02');
    expect([leap.length, leap.at(0), leap.at(-1)]).toEqual([29, '2028-02-01', '2028-02-29']);
    expect(daysOfMonth('2026-12')).toHaveLength(31);
  });

  it('tells by a sign what was found before how it was done', () => {
    expect(signOf({ state: 'late', result: 'abnormal' })).toBe('▲');
    expect(signOf({ state: 'done', result: 'incomplete' })).toBe('△');
    expect([signOf({ state: 'late', result: 'normal' }), signOf({ state: 'missed' })]).toEqual(['~', '×']);
  });

  it('goes on by what it shows', () => {
    expect(movedPlan('day', '2026-11-30', 1)).toBe('2026-12-01');
    expect(movedPlan('week', '2026-11-22', -1)).toBe('2026-11-09');
    expect(movedPlan('month', '2026-01-31', 1)).toBe('2026-02-01');
  });

  it('follows the keys from day to day, also out of what is shown', () => {
    expect(dayByKey('week', '2026-11-22', 'ArrowRight')).toBe('2026-11-23');
    expect(dayByKey('month', '2026-11-22', 'ArrowUp')).toBe('2026-11-15');
    expect(dayByKey('month', '2026-11-22', 'PageDown')).toBe('2026-12-01');
    expect(dayByKey('month', '2026-11-22', 'x')).toBeUndefined();
  });

  it('asks for more than its days, so that no zone cuts one off', () => {
    const { fromMs, toMs } = rangeOfDays(['2026-11-22']);
    expect(fromMs).toBeLessThanOrEqual(Date.parse('2026-11-22T00:00+14:00'));
    expect(toMs).toBeGreaterThanOrEqual(Date.parse('2026-11-23T00:00-12:00'));
  });

  it('tells whose a round is: somebody’s, or whoever keeps the watch', () => {
    const isForWhom = (one: DueView) => ['', WATCH, 'anna', 'bo'].map((person) => isFor(one, person));
    expect(isForWhom(due)).toEqual([true, true, false, false]);
    expect(isForWhom({ ...due, watch: ['bo'] })).toEqual([true, true, false, true]);
    expect(isForWhom({ ...due, assignee: 'anna' })).toEqual([true, false, true, false]);
    expect(peopleOf([due, { ...due, watch: ['bo', 'cai'] }, { ...due, assignee: 'bo' }])).toEqual([
      'bo',
      'cai',
    ]);
  });

  it('names whoever has it, and else who keeps the watch of that time by the roster', () => {
    const told = (one: DueView, words: Words) => whoseText(one, { anna: '安娜', bo: '博' }, words);
    const [chinese, english] = [wordsOf('zh-CN'), wordsOf('en')];
    expect(told({ ...due, assignee: 'anna' }, english)).toBe('安娜');
    expect(told({ ...due, assignee: 'anna', walkedBy: 'bo', round: 'r' }, english)).toBe('博');
    expect(told({ ...due, watch: ['bo', 'cai'] }, english)).toBe('On watch: 博, cai');
    expect(told({ ...due, watch: ['bo', 'cai'] }, chinese)).toBe('当班：博、cai');
    expect([told(due, english), told({ ...due, watch: [] }, chinese)]).toEqual([
      'Whoever keeps the watch',
      '由当班人员完成',
    ]);
  });
});
