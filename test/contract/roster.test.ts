import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../collector/records/audit.ts';
import type { Effect } from '../../config/model/command.ts';
import type { OwnRosterBody, RosterBody } from '../../config/model/roster-api.ts';
import {
  MONDAY_DAY,
  MONDAY_NIGHT,
  PLAN,
  rosterSite,
  TUESDAY_DAY,
  WEDNESDAY_DAY,
} from '../support/roster-site.ts';
import { stores } from '../support/stores.ts';

const codes = (effects: readonly Effect[]): readonly string[] => effects.map(({ code }) => code);
const operator = (shift: string, ...names: string[]) => ({ shift, post: 'operator', names });

describe.each(await stores())('the roster in $name', ({ place }) => {
  it('is planned by a pattern, told beforehand, and taken back', async () => {
    const office = await rosterSite({ place: place() });
    const { effects } = await office.preview('change-pattern', PLAN, 'paul');
    expect(effects[0]).toEqual({
      code: 'roster_pattern_begins',
      params: { name: 'Four in turn', fromDay: '2026-11-23', toDay: '…' },
    });
    expect(codes(effects)).toEqual(
      expect.arrayContaining([
        'roster_gains',
        'roster_gap_mended',
        'roster_standby_made',
        'roster_calendar_unknown',
      ]),
    );
    const done = await office.give('change-pattern', PLAN, 'paul');
    expect(await office.planned('2026-11-23', 36)).toEqual(['day: anna', 'night: dora', 'day: bob']);
    await office.undo('change-pattern', done, 'paul');
    expect(await office.planned('2026-11-23', 36)).toEqual([]);
    expect((await verifyAudit(office.site.db)).broken).toBeUndefined();
  });

  it('goes on with a changed pattern from its day, and what is over stays as it was planned', async () => {
    const office = await rosterSite({ place: place() });
    const { result } = await office.give<{ id: string }>('change-pattern', PLAN, 'paul');
    const [rota, lead] = PLAN.rotas;
    const next = {
      ...PLAN,
      id: result?.id,
      fromDay: '2026-11-25',
      rotas: [{ ...rota, groups: [['anna'], ['bob']], offsets: [0, 1] }, lead],
    };
    const changed = await office.give('change-pattern', next, 'paul');
    expect(await office.planned('2026-11-23', 72)).toEqual([
      'day: anna',
      'night: dora',
      'day: bob',
      'night: anna',
      // Counted from the first version's first day.
      'day: anna',
      'night: bob',
    ]);
    await office.undo('change-pattern', changed, 'paul');
    expect((await office.planned('2026-11-25', 12)).at(0)).toBe('day: carl');
    const early = await office.ask(
      'change-pattern',
      { mode: 'preview', input: { ...PLAN, fromDay: '2026-11-21' } },
      'paul',
    );
    expect(early).toMatchObject({ status: 400, body: { faults: [{ path: 'input.fromDay' }] } });
  });

  it('ends a pattern on a day, and tells the gap that this makes', async () => {
    const office = await rosterSite({ place: place() });
    const { result } = await office.give<{ id: string }>('change-pattern', PLAN, 'paul');
    const input = { id: result?.id, toDay: '2026-11-24' };
    const { effects } = await office.preview('end-pattern', input, 'paul');
    expect(effects.find(({ code }) => code === 'roster_gap_made')?.params).toMatchObject({
      fromMs: Date.parse('2026-11-25T08:00:00+08:00'),
    });
    const done = await office.give('end-pattern', input, 'paul');
    expect(await office.planned('2026-11-25', 24)).toEqual([]);
    await office.undo('end-pattern', done, 'paul');
    expect(await office.planned('2026-11-25', 12)).toEqual(['day: carl']);
  });

  it('is changed for single shifts, with who gains, who loses and what it breaks', async () => {
    const office = await rosterSite({ place: place() });
    await office.give('change-pattern', PLAN, 'paul');
    const moved = { changes: [operator(MONDAY_DAY, 'dora'), operator(MONDAY_NIGHT)] };
    const { effects } = await office.preview('assign-shifts', moved, 'paul');
    expect(effects).toEqual([
      { code: 'roster_loses', params: { name: 'anna', n: 1, shifts: '2026-11-23 day' } },
      { code: 'roster_gains', params: { name: 'dora', n: 1, shifts: '2026-11-23 day' } },
      { code: 'roster_loses', params: { name: 'dora', n: 1, shifts: '2026-11-23 night' } },
      {
        code: 'roster_gap_made',
        params: {
          fromMs: Date.parse('2026-11-23T20:00:00+08:00'),
          toMs: Date.parse('2026-11-24T08:00:00+08:00'),
        },
      },
    ]);
    const done = await office.give('assign-shifts', moved, 'paul');
    expect(await office.planned('2026-11-23', 24)).toEqual(['day: dora', 'night: ']);
    const other = await office.give('assign-shifts', { changes: [operator(MONDAY_NIGHT, 'carl')] }, 'paul');
    const late = await office.ask('assign-shifts', { mode: 'undo', token: done.undo?.token ?? '' }, 'paul');
    expect(late.status).toBe(409);
    await office.undo('assign-shifts', other, 'paul');
    const back = { changes: [{ shift: MONDAY_DAY, post: 'operator', names: null }] };
    await office.give('assign-shifts', back, 'paul');
    expect(await office.planned('2026-11-23', 24)).toEqual(['day: anna', 'night: ']);
  });

  it('changes hands by a swap that both sides and a leader accept, and not before', async () => {
    const office = await rosterSite({ place: place() });
    await office.give('change-pattern', PLAN, 'paul');
    const offer = {
      gives: { shift: MONDAY_DAY, post: 'operator' },
      to: 'carl',
      takes: { shift: WEDNESDAY_DAY, post: 'operator' },
      reason: 'school',
    };
    const { result } = await office.give<{ id: string }>('offer-swap', offer, 'anna');
    const id = result?.id;
    const before = await office.planned('2026-11-23', 60);
    const early = await office.ask(
      'decide-swap',
      { mode: 'preview', input: { id, verdict: 'approve' } },
      'lena',
    );
    expect(early.status).toBe(409);
    const own = await office.ask('answer-swap', { mode: 'preview', input: { id, answer: 'accept' } }, 'anna');
    expect(own.status).toBe(403);
    await office.give('answer-swap', { id, answer: 'accept' }, 'carl');
    expect(await office.planned('2026-11-23', 60)).toEqual(before);
    expect((await office.get<OwnRosterBody>('/api/roster/mine', 'lena')).toDecide.swaps).toHaveLength(1);
    // Neither a side nor somebody who does not lead that shift.
    for (const name of ['carl', 'bob', 'paul', 'sam']) {
      const refused = await office.ask(
        'decide-swap',
        { mode: 'preview', input: { id, verdict: 'approve' } },
        name,
      );
      expect(refused.status, name).toBe(403);
    }
    const done = await office.give('decide-swap', { id, verdict: 'approve' }, 'lena');
    expect(await office.planned('2026-11-23', 60)).toEqual([
      'day: carl',
      'night: dora',
      'day: bob',
      'night: anna',
      'day: anna',
    ]);
    await office.undo('decide-swap', done, 'lena');
    expect(await office.planned('2026-11-23', 60)).toEqual(before);
  });

  it('refuses a swap of what is not one’s own, and one that the plan has overtaken', async () => {
    const office = await rosterSite({ place: place() });
    await office.give('change-pattern', PLAN, 'paul');
    const foreign = { gives: { shift: MONDAY_DAY, post: 'operator' }, to: 'carl', reason: 'x' };
    expect((await office.ask('offer-swap', { mode: 'preview', input: foreign }, 'bob')).status).toBe(409);
    const { result } = await office.give<{ id: string }>('offer-swap', foreign, 'anna');
    await office.give('assign-shifts', { changes: [operator(MONDAY_DAY, 'bob')] }, 'paul');
    const late = await office.ask(
      'answer-swap',
      { mode: 'preview', input: { id: result?.id, answer: 'accept' } },
      'carl',
    );
    expect(late.status).toBe(409);
  });

  it('takes who is on leave out once a leader has approved', async () => {
    const office = await rosterSite({ place: place() });
    await office.give('change-pattern', PLAN, 'paul');
    const input = { kind: 'leave', fromDay: '2026-11-24', toDay: '2026-11-24', reason: 'wedding' };
    const { effects } = await office.preview('ask-absence', input, 'bob');
    expect(codes(effects)).toEqual(
      expect.arrayContaining(['absence_asked', 'roster_loses', 'roster_gap_made']),
    );
    const { result } = await office.give<{ id: string }>('ask-absence', input, 'bob');
    expect(await office.planned('2026-11-24', 12)).toEqual(['day: bob']);
    const id = result?.id;
    const own = await office.ask(
      'decide-absence',
      { mode: 'preview', input: { id, verdict: 'approve' } },
      'bob',
    );
    expect(own.status).toBe(403);
    const done = await office.give('decide-absence', { id, verdict: 'approve' }, 'lena');
    expect(await office.planned('2026-11-24', 12)).toEqual(['day: ']);
    await office.undo('decide-absence', done, 'lena');
    await office.give('decide-absence', { id, verdict: 'approve' }, 'lena');
    await office.give('withdraw-absence', { id }, 'bob');
    expect(await office.planned('2026-11-24', 12)).toEqual(['day: bob']);
    // Who plans records it for others, and it counts at once.
    await office.give('ask-absence', { ...input, name: 'bob' }, 'paul');
    expect(await office.planned('2026-11-24', 12)).toEqual(['day: ']);
    const others = await office.ask(
      'ask-absence',
      { mode: 'preview', input: { ...input, name: 'anna' } },
      'bob',
    );
    expect(others.status).toBe(403);
  });

  it('shows a month with its faults, and keeps what somebody lacks from others', async () => {
    const office = await rosterSite({ place: place() });
    await office.give('change-pattern', PLAN, 'paul');
    await office.give('assign-shifts', { changes: [operator(TUESDAY_DAY)] }, 'paul');
    const body = await office.get<RosterBody>('/api/roster?from=2026-11-23&days=31', 'paul');
    expect(body.shifts).toHaveLength(62);
    expect(body.days[0]).toEqual({ day: '2026-11-23', kind: 'workday' });
    expect(body.faults).toContainEqual({
      kind: 'gap',
      fromMs: Date.parse('2026-11-24T08:00:00+08:00'),
      toMs: Date.parse('2026-11-24T20:00:00+08:00'),
      shift: TUESDAY_DAY,
    });
    expect(body.people).toMatchObject({ anna: 'anna', lena: 'lena' });
    expect(body.unknownYears).toEqual([2026]);
  });
});
