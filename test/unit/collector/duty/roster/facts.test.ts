import { expect, it } from 'vitest';
import { rosterFacts } from '../../../../../collector/duty/roster/facts.ts';
import { createRosterFacts } from '../../../../../collector/duty/roster/watch-facts.ts';
import { PLAN, rosterSite } from '../../../../support/roster-site.ts';

const nowMs = Date.parse('2026-11-22T11:00:00+08:00');
const context = { nowMs, timeZone: 'Asia/Shanghai', uneven: 2 };
const valuesOf = (facts: ReturnType<typeof rosterFacts>) =>
  Object.fromEntries(facts.map(({ metric, value }) => [metric.replace('watchkeeper_roster_', ''), value]));

it('the facts of a roster without faults say that nothing is within thirty days', () => {
  expect(valuesOf(rosterFacts([], context))).toEqual({
    gap_ahead_seconds: 2_592_000,
    uncovered_seconds: 0,
    standby_missing_shifts: 0,
    rest_short_shifts: 0,
    uneven_people: 2,
    unqualified_people: 0,
    qualification_ends_seconds: 2_592_000,
  });
});

it('the facts tell the next gap, all of it that is to come, and who lacks what', () => {
  const facts = rosterFacts(
    [
      { kind: 'gap', fromMs: nowMs - 1000, toMs: nowMs + 3_000 },
      { kind: 'gap', fromMs: nowMs + 60_000, toMs: nowMs + 90_000 },
      { kind: 'standby', shift: 's' },
      { kind: 'twice', shift: 's', name: 'anna' },
      { kind: 'unqualified', shift: 's', name: 'anna', lacking: ['business'], isRefused: true },
      { kind: 'unqualified', shift: 't', name: 'anna', lacking: ['business'], isRefused: true },
      { kind: 'expiring', shift: 's', name: 'bob', endsAfter: '2026-11-23' },
    ],
    context,
  );
  expect(valuesOf(facts)).toMatchObject({
    gap_ahead_seconds: 0,
    uncovered_seconds: 33,
    standby_missing_shifts: 1,
    rest_short_shifts: 1,
    unqualified_people: 1,
    qualification_ends_seconds: 36 * 3600 + 59 * 60,
  });
});

it('nothing is told before somebody has planned anything, and at once when somebody has', async () => {
  const office = await rosterSite();
  const { db } = office.site;
  const facts = createRosterFacts({
    db,
    roster: office.roster,
    rules: () => ({ timeZone: 'Asia/Shanghai', minRestMs: 0 }),
  });
  expect(await facts.source(nowMs)).toEqual([]);
  await office.give('change-pattern', PLAN, 'paul');
  expect(await facts.source(nowMs + 1_000)).toEqual([]);
  facts.forget();
  // Sunday has nobody: the plan begins on Monday at eight.
  const told = valuesOf(await facts.source(nowMs));
  expect(told).toMatchObject({ gap_ahead_seconds: 0, uncovered_seconds: 21 * 3600 });
  // A minute later it is looked at anew.
  expect(valuesOf(await facts.source(nowMs + 60_000))).toMatchObject({ uncovered_seconds: 21 * 3600 - 60 });
});
