import { expect, it } from 'vitest';
import { addDemoRoster, removeDemoRoster } from '../../../../../collector/duty/roster/demo-roster.ts';
import { accountByName } from '../../../../../collector/records/accounts.ts';
import type { RosterBody } from '../../../../../config/model/roster-api.ts';
import { rosterSite } from '../../../../support/roster-site.ts';

it('the demonstration has somebody on watch at every moment, without a fault, and leaves nothing where people work', async () => {
  const office = await rosterSite();
  const { db, clock } = office.site;
  const deps = { db, clock, timeZone: 'Asia/Shanghai' };
  await addDemoRoster(deps);
  // A restart adds nothing.
  await addDemoRoster(deps);
  const body = await office.get<RosterBody>('/api/roster?from=2026-11-01&days=42', 'paul');
  expect(body.patterns).toHaveLength(1);
  expect(body.shifts.length).toBeGreaterThanOrEqual(84);
  expect(body.faults).toEqual([]);
  expect(body.loads.filter(({ uneven }) => uneven.length > 0)).toEqual([]);
  await removeDemoRoster(db);
  expect(await office.roster.isPlanned()).toBe(false);
  expect(await accountByName(db, 'wang.qiang')).toBeUndefined();
  expect(await accountByName(db, 'anna')).toBeDefined();
});
