import { describe, expect, it } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import type {
  OwnRosterBody,
  RosterBody,
  RosterNowBody,
  RosterPeopleBody,
} from '../../../../config/model/roster-api.ts';
import { accountByName } from '../../../../collector/records/accounts.ts';
import { changePerson, personById } from '../../../../collector/records/people.ts';
import { readWorkbook } from '../../../../collector/duty/people/workbook.ts';
import { FROM_PAGE } from '../../../support/api-site.ts';
import { MONDAY_DAY, PLAN, rosterSite, type RosterSite } from '../../../support/roster-site.ts';

async function personOf({ site }: RosterSite, name: string) {
  const found = await accountByName(site.db, name);
  const person = await personById(site.db, found?.account.id ?? 0);
  if (person === undefined) throw new Error(`no ${name}`);
  return person;
}

const sheet = async (rows: readonly (readonly string[])[]): Promise<string> => {
  const data = rows.map((row) => row.map((value) => ({ value, type: String })));
  return (await writeXlsxFile([{ data, sheet: 'x' }]).toBuffer()).toString('base64');
};

describe('who may be planned', () => {
  it('must have an account that signs in, and what the site requires by then', async () => {
    const office = await rosterSite({ settings: { qualificationsRequiredFrom: '2026-11-01' } });
    await office.give('change-pattern', PLAN, 'paul');
    const carl = await personOf(office, 'carl');
    await changePerson(office.site.db, carl, { details: { ...carl, qualifications: [] } });
    const input = {
      changes: [{ shift: MONDAY_DAY, post: 'operator', names: ['carl', 'wall', 'nobody'] }],
    };
    const refused = await office.ask('assign-shifts', { mode: 'preview', input }, 'paul');
    expect(refused).toMatchObject({
      status: 400,
      body: {
        faults: [
          { message: 'carl lacks a qualification that the site requires (R12)' },
          { message: 'wall cannot keep a watch: the account is disabled or only looks' },
          { message: 'nobody has no account' },
        ],
      },
    });
    const body = await office.get<RosterBody>('/api/roster?from=2026-11-23&days=7', 'bob');
    expect(body.faults.some(({ kind }) => kind === 'unqualified')).toBe(false);
    const planner = await office.get<RosterBody>('/api/roster?from=2026-11-23&days=7', 'paul');
    expect(planner.faults.some(({ kind }) => kind === 'unqualified')).toBe(true);
  });

  it('is warned of before that day', async () => {
    const office = await rosterSite({ settings: { qualificationsRequiredFrom: '2027-11-01' } });
    const carl = await personOf(office, 'carl');
    await changePerson(office.site.db, carl, { details: { ...carl, qualifications: [] } });
    const { effects } = await office.preview('change-pattern', PLAN, 'paul');
    expect(effects).toContainEqual({
      code: 'roster_unqualified_made',
      params: { name: 'carl', shift: '2026-11-25 day' },
    });
  });

  it('is found by a part of the name', async () => {
    const office = await rosterSite();
    const { people } = await office.get<RosterPeopleBody>('/api/roster/people?search=ann', 'paul');
    expect(people).toEqual([{ name: 'anna', displayName: 'anna', department: '', verdict: 'qualified' }]);
    const all = await office.get<RosterPeopleBody>('/api/roster/people', 'paul');
    expect(all.people.map(({ name }) => name)).not.toContain('wall');
  });
});

describe('the head of the site', () => {
  it('decides like a shift leader, and an administrator only where there is neither', async () => {
    const input = { kind: 'sick', fromDay: '2026-11-24', toDay: '2026-11-24', reason: 'flu' };
    const headed = await rosterSite({ heads: ['dora'] });
    const asked = await headed.give<{ id: string }>('ask-absence', input, 'bob');
    const decision = { id: asked.result?.id, verdict: 'approve' };
    expect((await headed.ask('decide-absence', { mode: 'preview', input: decision }, 'sam')).status).toBe(
      403,
    );
    await headed.give('decide-absence', decision, 'dora');
    const bare = await rosterSite();
    const other = await bare.give<{ id: string }>('ask-absence', input, 'bob');
    await bare.give('decide-absence', { id: other.result?.id, verdict: 'approve' }, 'sam');
  });
});

describe('who is planned now', () => {
  it('is told with who is next and the week', async () => {
    const office = await rosterSite();
    const empty = await office.get<RosterNowBody>('/api/roster/now', 'wall');
    expect(empty).toMatchObject({ isPlanned: false, week: [] });
    await office.give('change-pattern', { ...PLAN, fromDay: '2026-11-22' }, 'paul');
    const body = await office.get<RosterNowBody>('/api/roster/now', 'wall');
    expect(body.now?.posts.operator).toEqual(['anna']);
    expect(body.next?.posts.operator).toEqual(['dora']);
    expect(body.week).toHaveLength(14);
  });
});

describe('one’s own shifts', () => {
  it('are told from now on, and by a secret link as a calendar until it is revoked', async () => {
    const office = await rosterSite();
    await office.give('change-pattern', PLAN, 'paul');
    const mine = await office.get<OwnRosterBody>('/api/roster/mine', 'anna');
    expect(mine.shifts[0]).toMatchObject({ id: MONDAY_DAY, own: ['operator'] });
    expect(mine.feed).toBeUndefined();
    const made = await office.give<{ path: string }>('make-feed', {}, 'anna');
    const url = made.result?.path ?? '';
    const calendar = await office.site.api.inject({ url, headers: { host: FROM_PAGE.host } });
    expect(calendar.headers['content-type']).toBe('text/calendar; charset=utf-8');
    expect(calendar.body).toContain(`UID:${MONDAY_DAY}@watchkeeper\r\n`);
    expect(calendar.body).toContain('DTSTART:20261123T000000Z\r\nDTEND:20261123T120000Z\r\n');
    expect((await office.get<OwnRosterBody>('/api/roster/mine', 'anna')).feed?.usedAtMs).toBeDefined();
    const revoked = await office.give('revoke-feed', {}, 'anna');
    expect((await office.site.api.inject({ url, headers: { host: FROM_PAGE.host } })).statusCode).toBe(404);
    await office.undo('revoke-feed', revoked, 'anna');
    expect((await office.site.api.inject({ url, headers: { host: FROM_PAGE.host } })).statusCode).toBe(200);
    const anna = await personOf(office, 'anna');
    await changePerson(office.site.db, anna, { isDisabled: true });
    expect((await office.site.api.inject({ url, headers: { host: FROM_PAGE.host } })).statusCode).toBe(404);
  });

  it('have no link that only looks like one', async () => {
    const office = await rosterSite();
    const url = `/api/roster/feed/${'a'.repeat(43)}.ics`;
    expect((await office.site.api.inject({ url, headers: { host: FROM_PAGE.host } })).statusCode).toBe(404);
  });
});

describe('the roster as a workbook', () => {
  it('goes out and comes in again, changed in one cell', async () => {
    const office = await rosterSite();
    await office.give('change-pattern', PLAN, 'paul');
    const answer = await office.site.api.inject({
      url: '/api/roster/sheet.xlsx?from=2026-11-23&days=2&language=en',
      headers: { ...FROM_PAGE, cookie: await office.site.cookieOf(await personOf(office, 'paul')) },
    });
    const rows = await readWorkbook(answer.rawPayload);
    expect(rows[0]).toEqual([
      'Day',
      'Shift',
      'From',
      'Until',
      'Operator',
      'Shift leader',
      'Stand-in',
      'Deputy',
    ]);
    expect(rows[1]?.slice(0, 6)).toEqual([
      '2026-11-23',
      'day',
      '2026-11-23 08:00',
      '2026-11-23 20:00',
      'anna anna',
      'lena lena',
    ]);
    const changed = rows.map((row, index) =>
      row.map((cell, at) => (index === 1 && at === 4 ? 'carl' : String(cell ?? ''))),
    );
    const done = await office.give('import-roster', { sheet: await sheet(changed) }, 'paul');
    expect(await office.planned('2026-11-23', 24)).toEqual(['day: carl', 'night: dora']);
    await office.undo('import-roster', done, 'paul');
    expect(await office.planned('2026-11-23', 24)).toEqual(['day: anna', 'night: dora']);
  });

  it('is refused whole with each fault by its row', async () => {
    const office = await rosterSite();
    await office.give('change-pattern', PLAN, 'paul');
    const input = {
      sheet: await sheet([
        ['日期', '班次', '值班'],
        ['2026/11/23', 'day', 'carl'],
        ['2026-11-23', 'late', 'carl'],
        ['soon', 'day', ''],
        ['2026-11-24', 'day', 'nobody、anna'],
        ['2026-11-24', 'day', 'anna'],
      ]),
    };
    const { effects, version } = await office.preview('import-roster', input, 'paul');
    expect(effects).toEqual([
      { code: 'roster_sheet_shift', params: { row: 3, text: '2026-11-23 late' } },
      { code: 'roster_sheet_day', params: { row: 4, text: 'soon' } },
      { code: 'roster_sheet_name', params: { row: 5, text: 'nobody' } },
      { code: 'roster_sheet_twice', params: { row: 6, text: '2026-11-24 day' } },
    ]);
    const done = await office.ask('import-roster', { mode: 'do', input, version }, 'paul');
    expect(done.status).toBe(400);
    expect(await office.planned('2026-11-23', 12)).toEqual(['day: anna']);
  });
});
