import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternOf, shiftOf, shiftsOf } from '../../../../../collector/duty/roster/plan.ts';
import { dayNumber, dayOf } from '../../../../../collector/duty/roster/days.ts';
import type { Absence, Pattern } from '../../../../../config/model/roster.ts';
import { chineseCalendar, DAY, FOUR, NIGHT, pattern, rosterPlan } from '../../../../support/roster.ts';

const at = (text: string): number => Date.parse(text);
const days = (fromDay: string, toDay: string) => ({
  fromMs: at(`${fromDay}T00:00:00+08:00`),
  toMs: at(`${toDay}T00:00:00+08:00`),
});
const brief = (shifts: ReturnType<typeof shiftsOf>) =>
  shifts.map(({ day, name, posts }) => `${day} ${name} ${posts.operator.join('+')}`);
const leave = (change: Partial<Absence>): Absence => ({
  id: 'a',
  name: 'anna',
  kind: 'leave',
  fromDay: '2026-03-01',
  toDay: '2026-03-01',
  reason: 'family',
  state: 'approved',
  askedAtMs: 0,
  ...change,
});
const HOUR_MS = 3_600_000;

describe('the shifts of a plan', () => {
  it('follow day and night in turn, also over midnight', () => {
    expect(brief(shiftsOf(rosterPlan(), days('2026-01-01', '2026-01-04')))).toEqual([
      // The night before the pattern begins has no shift.
      '2026-01-01 day anna',
      '2026-01-01 night dora',
      '2026-01-02 day bob',
      '2026-01-02 night anna',
      '2026-01-03 day carl',
      '2026-01-03 night bob',
    ]);
    const three = at('2026-01-02T03:00:00+08:00');
    expect(shiftOf(shiftsOf(rosterPlan(), { fromMs: three, toMs: three + 1 }), three)).toMatchObject({
      day: '2026-01-01',
      name: 'night',
    });
  });

  it('begin on working days and on days off as holidays and shifted workdays have it', () => {
    const duty = pattern({
      shifts: [
        { ...DAY, name: 'office', days: 'workdays', startsAt: '08:30', endsAt: '18:00' },
        { ...NIGHT, name: 'on call', days: 'restdays', startsAt: '08:30', endsAt: '08:30', isOnCall: true },
      ],
      rotas: [{ ...FOUR, unit: 'turn', offsets: [0, 0] }],
    });
    const plan = rosterPlan({ calendar: chineseCalendar(), patterns: [duty] });
    const shifts = shiftsOf(plan, days('2026-10-07', '2026-10-13')).filter(({ day }) => day > '2026-10-06');
    expect(shifts.map(({ day, name, isOnCall }) => [day, name, isOnCall])).toEqual([
      ['2026-10-07', 'on call', true],
      ['2026-10-08', 'office', false],
      ['2026-10-09', 'office', false],
      // A Saturday on which is worked.
      ['2026-10-10', 'office', false],
      ['2026-10-11', 'on call', true],
      ['2026-10-12', 'office', false],
    ]);
  });

  it('of 24 hours have 23 and 25 hours in the nights that the clocks are set', () => {
    const whole = pattern({ shifts: [{ ...DAY, startsAt: '08:00', endsAt: '08:00' }], rotas: [] });
    const plan = rosterPlan({ timeZone: 'Europe/Berlin', patterns: [whole] });
    const hours = (day: string): number => {
      const fromMs = at(`${day}T12:00:00Z`);
      const shift = shiftOf(shiftsOf(plan, { fromMs, toMs: fromMs + 1 }), fromMs);
      return ((shift?.endsAtMs ?? 0) - (shift?.startsAtMs ?? 0)) / HOUR_MS;
    };
    expect([hours('2026-03-27'), hours('2026-03-28'), hours('2026-10-24'), hours('2026-10-25')]).toEqual([
      24, 23, 25, 24,
    ]);
  });

  it('take who is on leave out, and let the deputy step in for an empty post', () => {
    const plan = rosterPlan({
      patterns: [
        pattern({
          rotas: [
            { ...FOUR, groups: [['anna'], ['anna', 'bob']] },
            { ...FOUR, post: 'deputy', groups: [['eve']] },
          ],
        }),
      ],
      absences: [leave({ fromDay: '2026-01-01', toDay: '2026-01-02' })],
    });
    const [first, , second] = shiftsOf(plan, days('2026-01-01', '2026-01-03'));
    expect(first).toMatchObject({
      posts: { operator: ['eve'], deputy: [] },
      away: ['anna'],
      steppedIn: ['eve'],
    });
    expect(second).toMatchObject({ posts: { operator: ['bob'], deputy: ['eve'] }, steppedIn: [] });
  });

  it.each(['asked', 'refused', 'withdrawn'] as const)('go on as they are with leave that is %s', (state) => {
    const plan = rosterPlan({ absences: [leave({ fromDay: '2026-01-01', toDay: '2026-01-01', state })] });
    expect(shiftsOf(plan, days('2026-01-01', '2026-01-02'))[0]?.posts.operator).toEqual(['anna']);
  });

  it('follow a temporary pattern on its days, and go on in turn after them', () => {
    const flood = pattern({
      id: 'flood',
      isTemporary: true,
      fromDay: '2026-01-02',
      toDay: '2026-01-02',
      shifts: [{ ...DAY, id: 'flood000', name: 'flood', startsAt: '00:00', endsAt: '00:00' }],
      rotas: [{ ...FOUR, groups: [['eve', 'anna']], offsets: [0] }],
    });
    const plan = rosterPlan({ patterns: [pattern(), flood] });
    expect(brief(shiftsOf(plan, days('2026-01-02', '2026-01-04'))).slice(1)).toEqual([
      '2026-01-02 flood eve+anna',
      '2026-01-03 day carl',
      '2026-01-03 night bob',
    ]);
  });

  it('keep what was changed of one shift when its pattern is changed', () => {
    const override = { shift: '2026-01-03.day00000', post: 'operator', names: ['eve'] } as const;
    const later = pattern({ id: 'later', fromDay: '2026-01-03', rotas: [{ ...FOUR, every: 2 }] });
    const plan = rosterPlan({
      patterns: [pattern({ toDay: '2026-01-02' }), later],
      overrides: [override],
    });
    expect(brief(shiftsOf(plan, days('2026-01-03', '2026-01-04')))).toEqual([
      '2026-01-02 night anna',
      '2026-01-03 day eve',
      '2026-01-03 night anna',
    ]);
  });
});

const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC'];
const DST_DAY = fc.integer({ min: dayNumber('2026-01-01'), max: dayNumber('2027-12-31') }).map(dayOf);

describe('whatever the zone and the day', () => {
  it('shifts that close up in the plan leave no moment between them, and none is in two', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        DST_DAY,
        fc.integer({ min: 0, max: 23 }),
        (timeZone, day, hour) => {
          const time = `${String(hour).padStart(2, '0')}:00`;
          const other = `${String((hour + 13) % 24).padStart(2, '0')}:00`;
          const plan = rosterPlan({
            timeZone,
            patterns: [
              pattern({
                fromDay: '2025-12-01',
                shifts: [
                  { ...DAY, startsAt: time, endsAt: other },
                  { ...NIGHT, startsAt: other, endsAt: time },
                ].sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1)),
              }),
            ],
          });
          const fromMs = at(`${day}T00:00:00Z`);
          const shifts = shiftsOf(plan, { fromMs, toMs: fromMs + 72 * HOUR_MS });
          for (const [index, shift] of shifts.slice(1).entries()) {
            expect(shift.startsAtMs).toBe(shifts[index]?.endsAtMs);
          }
          expect(shifts[0]?.startsAtMs).toBeLessThanOrEqual(fromMs);
          expect(shifts.at(-1)?.endsAtMs).toBeGreaterThanOrEqual(fromMs + 72 * HOUR_MS);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('a part of a range has the shifts that the whole has there', () => {
    fc.assert(
      fc.property(
        DST_DAY,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 0, max: 90 }),
        (day, from, width) => {
          const plan = rosterPlan({
            timeZone: 'Europe/Berlin',
            patterns: [pattern({ rotas: [{ ...FOUR, unit: 'turn', every: 3 }] })],
          });
          const fromMs = at(`${day}T00:00:00Z`);
          const whole = shiftsOf(plan, { fromMs, toMs: fromMs + 500 * HOUR_MS });
          const part = { fromMs: fromMs + from * HOUR_MS, toMs: fromMs + (from + width) * HOUR_MS };
          expect(shiftsOf(plan, part)).toEqual(
            whole.filter(
              ({ startsAtMs, endsAtMs }) =>
                part.fromMs < part.toMs && startsAtMs < part.toMs && part.fromMs < endsAtMs,
            ),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('one pattern counts for a day, whichever way they are listed', () => {
    const one = fc.record({
      isTemporary: fc.boolean(),
      fromDay: DST_DAY,
      length: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), DST_DAY, (list, day) => {
        const patterns = list.map(({ isTemporary, fromDay, length }, index): Pattern => {
          const base = pattern({ id: `p${index}`, isTemporary, fromDay });
          return length === undefined ? base : { ...base, toDay: dayOf(dayNumber(fromDay) + length) };
        });
        expect(patternOf(patterns, day)).toBe(patternOf(patterns.toReversed(), day));
      }),
      { numRuns: 100 },
    );
  });
});
