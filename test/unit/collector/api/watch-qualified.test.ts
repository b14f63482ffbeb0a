import { expect, it } from 'vitest';
import { changePerson, peopleByName } from '../../../../collector/records/people.ts';
import { TRAININGS } from '../../../../config/model/person.ts';
import { watchSite, type WatchSite } from '../../../support/watch-site.ts';

/** Vetted, with all exams. */
async function qualify({ own: { db } }: WatchSite, name: string): Promise<void> {
  const [person] = await peopleByName(db, [name]);
  if (person === undefined) throw new Error(name);
  const qualifications = TRAININGS.map((training) => ({ training, passedOn: '2026-01-01' }));
  await changePerson(db, person, { details: { ...person, vettedOn: '2026-01-01', qualifications } });
}

const warned = async (site: WatchSite, ...given: Parameters<WatchSite['give']>) => {
  const { body } = await site.give(...given);
  return body.effects?.filter(({ code }) => code === 'watch_unqualified').map(({ params }) => params);
};

it('who takes over without vetting and exams is told of, and signs as long as the site does not refuse it', async () => {
  const site = await watchSite({ requiredFrom: '2027-01-01' });
  await site.take('li');
  expect(await warned(site, 'li', 'start-handover', { to: 'wang' })).toEqual([{ person: 'wang' }]);
  await site.openAll('wang', 2);
  expect((await site.sign('li', 2, 'outgoing')).body.effects.map(({ code }) => code)).not.toContain(
    'watch_unqualified',
  );
  expect((await site.sign('wang', 2, 'incoming')).body.effects.map(({ code }) => code)).toContain(
    'watch_unqualified',
  );
  expect(await site.board()).toMatchObject({ posts: { operator: { person: 'wang' } } });
});

it('from that day on is refused, as the incoming and as the stand-in, at the start and at the signature', async () => {
  const site = await watchSite({ requiredFrom: '2026-01-01' });
  await qualify(site, 'li');
  await site.take('li');
  expect(await site.refusal('li', 'start-handover', { to: 'wang' })).toBe('unqualified');
  const leave = { standIn: 'wang', reason: 'clinic', untilMs: site.own.clock.nowMs() + 3_600_000 };
  expect(await site.refusal('li', 'request-leave', leave)).toBe('unqualified');
  await qualify(site, 'wang');
  const id = await site.start('li', { to: 'wang' });
  await site.openAll('wang', id);
  await site.sign('li', id, 'outgoing');
  await site.own.db.updateTable('account').set({ vetted_on: null }).where('name', '=', 'wang').execute();
  expect((await site.sign('wang', id, 'incoming')).body.faults?.[0]?.message).toBe('unqualified');
  expect(await site.board()).toMatchObject({ posts: { operator: { person: 'li' } } });
});

it('takes a watch that nobody has all the same: anybody is better than nobody', async () => {
  const site = await watchSite({ requiredFrom: '2026-01-01' });
  const { status, body } = await site.take('li');
  expect([status, body.effects.map(({ code }) => code)]).toEqual([
    200,
    expect.arrayContaining(['watch_unqualified']),
  ]);
});
