import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultsIn, type RosterPerson } from '../../../../../collector/duty/roster/assess.ts';
import { gapsIn } from '../../../../../collector/duty/roster/gaps.ts';
import { loads } from '../../../../../collector/duty/roster/loads.ts';
import { shiftsOf } from '../../../../../collector/duty/roster/plan.ts';
import { restFaults } from '../../../../../collector/duty/roster/rest.ts';
import { TRAININGS } from '../../../../../config/model/person.ts';
import type { PlannedShift } from '../../../../../config/model/roster.ts';
import { chineseCalendar, DAY, FOUR, NIGHT, pattern, rosterPlan } from '../../../../support/roster.ts';

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(`${text}+08:00`);
const range = { fromMs: at('2026-03-02T00:00:00'), toMs: at('2026-03-09T00:00:00') };

function shift(id: string, from: number, hours: number, change: Partial<PlannedShift> = {}): PlannedShift {
  return {
    id,
    name: 'day',
    day: new Date(from * HOUR_MS).toISOString().slice(0, 10),
    kind: 'k',
    pattern: 'p',
    startsAtMs: from * HOUR_MS,
    endsAtMs: (from + hours) * HOUR_MS,
    posts: { operator: ['anna'], shiftLead: [], standby: [], deputy: [] },
    isOnCall: false,
    changed: [],
    away: [],
    steppedIn: [],
    ...change,
  };
}
const kept = (...operator: string[]) => ({ posts: { operator, shiftLead: [], standby: [], deputy: [] } });

describe('the gaps of a plan', () => {
  it('are the hours without a shift and the shifts without anybody', () => {
    const shifts = [shift('a', 2, 6), shift('b', 8, 4, kept()), shift('c', 14, 10, kept('bob'))];
    expect(gapsIn(shifts, { fromMs: 0, toMs: 26 * HOUR_MS })).toEqual([
      { kind: 'gap', fromMs: 0, toMs: 2 * HOUR_MS },
      { kind: 'gap', fromMs: 8 * HOUR_MS, toMs: 12 * HOUR_MS, shift: 'b' },
      { kind: 'gap', fromMs: 12 * HOUR_MS, toMs: 14 * HOUR_MS },
      { kind: 'gap', fromMs: 24 * HOUR_MS, toMs: 26 * HOUR_MS },
    ]);
  });

  it('do not lie where another shift has somebody', () => {
    expect(gapsIn([shift('a', 0, 8), shift('b', 6, 4, kept())], { fromMs: 0, toMs: 8 * HOUR_MS })).toEqual(
      [],
    );
  });

  const some = fc.array(
    fc.record({
      from: fc.integer({ min: -10, max: 60 }),
      hours: fc.integer({ min: 1, max: 30 }),
      isKept: fc.boolean(),
    }),
    { maxLength: 12 },
  );
  it('and the kept hours fill every range, without overlap', () => {
    fc.assert(
      fc.property(some, (list) => {
        const shifts = list
          .map(({ from, hours, isKept }, index) => shift(`s${index}`, from, hours, isKept ? {} : kept()))
          .sort((a, b) => a.startsAtMs - b.startsAtMs);
        const gaps = gapsIn(shifts, { fromMs: 0, toMs: 48 * HOUR_MS });
        for (let hour = 0; hour < 48; hour += 1) {
          const now = (hour + 0.5) * HOUR_MS;
          const isKept = shifts.some(
            ({ posts, startsAtMs, endsAtMs }) =>
              posts.operator.length > 0 && startsAtMs <= now && now < endsAtMs,
          );
          expect(gaps.filter(({ fromMs, toMs }) => fromMs <= now && now < toMs)).toHaveLength(isKept ? 0 : 1);
        }
      }),
    );
  });
});

describe('rest between shifts', () => {
  it('is too short below the limit, and on call at home is no work', () => {
    const shifts = [
      shift('a', 0, 8),
      shift('b', 16, 8),
      shift('c', 35, 8),
      shift('home', 44, 8, { isOnCall: true }),
      shift('d', 54, 8),
    ];
    expect(restFaults(shifts, 11 * HOUR_MS)).toEqual([
      { kind: 'rest', name: 'anna', shift: 'b', before: 'a', restMs: 8 * HOUR_MS },
    ]);
  });

  it('tells who is in two shifts at once and who keeps two posts of one', () => {
    const both = { posts: { operator: ['anna'], shiftLead: ['anna'], standby: ['bob'], deputy: ['bob'] } };
    expect(restFaults([shift('a', 0, 8, both), shift('b', 7, 8)], 0)).toEqual([
      { kind: 'twice', name: 'anna', shift: 'a' },
      { kind: 'twice', name: 'anna', shift: 'b' },
    ]);
  });

  it('is never told of a plan whose groups rest long enough', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 8 }), fc.integer({ min: 0, max: 700 }), (groups, from) => {
        const plan = rosterPlan({
          timeZone: 'Europe/Berlin',
          patterns: [
            pattern({
              rotas: [
                {
                  ...FOUR,
                  groups: Array.from({ length: groups }, (_, index) => [`p${index}`]),
                  offsets: [0, -1],
                },
              ],
            }),
          ],
        });
        const fromMs = at('2026-01-02T00:00:00') + from * 24 * HOUR_MS;
        const shifts = shiftsOf(plan, { fromMs, toMs: fromMs + 30 * 24 * HOUR_MS });
        expect(restFaults(shifts, 22 * HOUR_MS)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the load of people', () => {
  const context = { calendar: chineseCalendar(), timeZone: 'Asia/Shanghai' };

  it('counts hours, nights and days off', () => {
    const shifts = shiftsOf(rosterPlan(), range).filter(({ day }) => day >= '2026-03-02');
    const [anna] = loads(shifts, context);
    // Four days' turn: from Monday 2 March a day, a night and two days off.
    expect(anna).toMatchObject({ name: 'anna', shifts: 4, workMs: 48 * HOUR_MS, uneven: [] });
    expect((anna?.nights ?? 0) > 0).toBe(true);
  });

  it('tells who has far more or far less than the others', () => {
    const shifts = Array.from({ length: 12 }, (_, index) =>
      shift(`s${index}`, index * 24 + 8, 8, kept(index < 8 ? 'anna' : (['bob', 'carl'][index % 2] ?? ''))),
    );
    expect(loads(shifts, context).map(({ name, uneven }) => [name, uneven.includes('hours')])).toEqual([
      ['anna', true],
      ['bob', true],
      ['carl', true],
    ]);
  });

  it('adds up to the hours of all shifts', () => {
    const names = fc.subarray(['anna', 'bob', 'carl', 'dora']);
    fc.assert(
      fc.property(
        fc.array(fc.record({ hours: fc.integer({ min: 1, max: 24 }), names }), { maxLength: 30 }),
        (list) => {
          const shifts = list.map(({ hours, names: operator }, index) =>
            shift(`s${index}`, index * 24, hours, kept(...operator)),
          );
          const worked = shifts.reduce(
            (sum, { posts, startsAtMs, endsAtMs }) => sum + posts.operator.length * (endsAtMs - startsAtMs),
            0,
          );
          expect(loads(shifts, context).reduce((sum, { workMs }) => sum + workMs, 0)).toBe(worked);
        },
      ),
    );
  });
});

describe('what is wrong with a plan', () => {
  const qualified: RosterPerson = {
    displayName: 'A',
    isDisabled: false,
    vettedOn: '2025-01-01',
    qualifications: TRAININGS.map((training) => ({ training, passedOn: '2025-01-01' })),
  };
  const people = (change: Readonly<Record<string, Partial<RosterPerson>>> = {}) =>
    new Map(['anna', 'bob', 'carl', 'dora'].map((name) => [name, { ...qualified, ...change[name] }]));
  const rules = { timeZone: 'Asia/Shanghai', minRestMs: 11 * HOUR_MS };
  const standbys = { ...FOUR, post: 'standby' as const, offsets: [1, 0] };
  const shifts = shiftsOf(rosterPlan({ patterns: [pattern({ rotas: [FOUR, standbys] })] }), range);

  it('is nothing where everybody is qualified, rested and has a stand-in', () => {
    expect(faultsIn(shifts, range, { people: people(), rules })).toEqual([]);
  });

  it('is a missing stand-in, by shift', () => {
    const bare = shiftsOf(rosterPlan({ patterns: [pattern({ shifts: [DAY, NIGHT] })] }), range);
    const faults = faultsIn(bare, range, { people: people(), rules });
    expect(faults).toHaveLength(bare.length);
    expect(faults[0]).toEqual({ kind: 'standby', shift: bare[0]?.id });
  });

  it('is who lacks a training: with a warning, and from the day that the site set with a gap', () => {
    const lacking = people({ bob: { qualifications: qualified.qualifications.slice(1) } });
    const warned = faultsIn(shifts, range, { people: lacking, rules });
    expect(new Set(warned.map(({ kind }) => kind))).toEqual(new Set(['unqualified']));
    expect(warned[0]).toMatchObject({ name: 'bob', lacking: ['business'], isRefused: false });
    const refusing = { ...rules, requiredFrom: '2026-03-05' };
    const refused = faultsIn(shifts, range, { people: lacking, rules: refusing });
    const gaps = refused.filter((fault) => fault.kind === 'gap');
    expect(gaps.length).toBeGreaterThan(0);
    expect(gaps.every(({ fromMs }) => fromMs >= at('2026-03-05T00:00:00'))).toBe(true);
  });

  it('is who has no account any more', () => {
    const faults = faultsIn(shifts, range, { people: people({ carl: { isDisabled: true } }), rules });
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['gap', 'unknown']));
  });

  it('is a qualification that ends soon, told once', () => {
    const ending = TRAININGS.map((training) => ({ training, passedOn: '2025-01-01', endsOn: '2026-03-20' }));
    const faults = faultsIn(shifts, range, { people: people({ dora: { qualifications: ending } }), rules });
    expect(faults).toEqual([
      { kind: 'expiring', name: 'dora', shift: expect.any(String), endsAfter: '2026-03-20' },
    ]);
  });
});
