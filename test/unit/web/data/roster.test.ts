import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shiftsOf } from '../../../../collector/duty/roster/plan.ts';
import {
  addDays,
  daysOfView,
  exchanged,
  faultsAt,
  groupsIn,
  groupsText,
  mondayOf,
  moved,
  postsShown,
  slotBeside,
  weekdayOf,
  type Slot,
} from '../../../../web/data/roster.ts';
import { FOUR, pattern, rosterPlan } from '../../../support/roster.ts';

const fromMs = Date.parse('2026-01-05T00:00:00+08:00');
const plan = rosterPlan({
  patterns: [pattern({ rotas: [FOUR, { ...FOUR, post: 'standby', offsets: [1, 2] }] })],
});
const shifts = shiftsOf(plan, { fromMs, toMs: fromMs + 14 * 86_400_000 }).filter(
  ({ day }) => day >= '2026-01-05',
);
const posts = postsShown(shifts);
const slots = shifts.flatMap((shift) => posts.map((post): Slot => ({ shift, post })));
const at = (index: number): Slot => {
  const slot = slots[index];
  if (slot === undefined) throw new Error('no such place');
  return slot;
};

describe('the view of a month', () => {
  it('has whole weeks from Monday, and every day of the month', () => {
    const day = fc.integer({ min: 0, max: 9_000 }).map((days) => addDays('2020-01-01', days));
    fc.assert(
      fc.property(day, (asked) => {
        const { from, days } = daysOfView('month', asked);
        expect(weekdayOf(from)).toBe(1);
        expect(days % 7).toBe(0);
        const last = addDays(from, days - 1);
        const month = asked.slice(0, 7);
        expect(from <= `${month}-01` && addDays(from, 6) >= `${month}-01`).toBe(true);
        expect(last.slice(0, 7) >= month && addDays(last, -7).slice(0, 7) <= month).toBe(true);
        expect(moved('month', moved('month', asked, 1), -1)).toBe(`${month}-01`);
      }),
    );
  });

  it('moves by weeks where a week is shown', () => {
    expect(moved('week', '2026-11-28', 1)).toBe('2026-11-30');
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
  });
});

describe('the places of the grid', () => {
  it('are the operator’s and those that somebody keeps', () => {
    expect(posts).toEqual(['operator', 'standby']);
  });

  it('lie beside each other as the eye sees them', () => {
    const first = at(0);
    const down = slotBeside(slots, first, 'ArrowDown');
    expect([down.shift.id, down.post]).toEqual([first.shift.id, 'standby']);
    const right = slotBeside(slots, first, 'ArrowRight');
    expect([right.shift.day, right.post]).toEqual(['2026-01-06', 'operator']);
    expect(slotBeside(slots, right, 'ArrowLeft')).toEqual(first);
    // Below the last place of a day stands the week after.
    const last = at(3);
    expect(slotBeside(slots, last, 'ArrowDown').shift.day).toBe('2026-01-12');
    expect(slotBeside(slots, first, 'ArrowUp')).toEqual(first);
  });

  it('exchange who keeps them', () => {
    expect(exchanged(at(0), at(4))).toEqual([
      { shift: at(0).shift.id, post: 'operator', names: at(4).shift.posts.operator },
      { shift: at(4).shift.id, post: 'operator', names: at(0).shift.posts.operator },
    ]);
  });

  it('are told what is wrong with them alone', () => {
    const { id } = at(0).shift;
    const [name = ''] = at(0).shift.posts.operator;
    const faults = [
      { kind: 'gap', fromMs: 0, toMs: 1, shift: id },
      { kind: 'standby', shift: id },
      { kind: 'rest', name, shift: id, before: 'x', restMs: 1 },
      { kind: 'gap', fromMs: 0, toMs: 1 },
    ] as const;
    expect(faultsAt(faults, at(0)).map(({ kind }) => kind)).toEqual(['gap', 'rest']);
    expect(faultsAt(faults, at(1)).map(({ kind }) => kind)).toEqual(['standby']);
    expect(faultsAt(faults, at(2))).toEqual([]);
  });
});

it('groups are written one a line and read the same', () => {
  expect(groupsIn('anna，bob\n\n carl ; dora\n')).toEqual([
    ['anna', 'bob'],
    ['carl', 'dora'],
  ]);
  expect(groupsIn(groupsText([['a', 'b'], ['c']]))).toEqual([['a', 'b'], ['c']]);
});
