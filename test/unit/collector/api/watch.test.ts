import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { HandoversBody, ResponsibleBody } from '../../../../config/model/watch-api.ts';
import { FROM_PAGE } from '../../../support/api-site.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { shiftOf, watchSite } from '../../../support/watch-site.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

describe('the watch', () => {
  it('is taken when empty with one signature, and told to the leader', async () => {
    const site = await watchSite();
    expect(await site.board()).toMatchObject({ isKept: false, posts: { operator: {} }, due: [] });
    await site.own.db
      .updateTable('account')
      .set({ mail: 'chen@room.example' })
      .where('name', '=', 'chen')
      .execute();
    expect((await site.take('li')).status).toBe(200);
    expect(await site.board()).toMatchObject({ isKept: true, posts: { operator: { person: 'li' } } });
    const mails = await site.own.db.selectFrom('outbox').select(['recipient', 'state']).execute();
    expect(mails).toEqual([{ recipient: 'chen@room.example', state: 'kept' }]);
    expect(await site.refusal('wang', 'take-watch', { post: 'operator' })).toBe('post_taken');
  });

  it('needs a proof for each signature, of that person and that sheet', async () => {
    const site = await watchSite();
    expect((await site.give('li', 'take-watch', { post: 'operator', way: 'password' })).status).toBe(403);
    expect((await site.proof('li', 'take operator', undefined, 'wrong')).status).toBe(401);
    await site.take('li');
    const id = await site.start('li', { to: 'wang' });
    const { sheetHash } = (await site.handover(id)).handover;
    const { proof } = await site.proof('li', `${id} ${sheetHash}`);
    const stolen = { handover: id, role: 'incoming', sheetHash, way: 'password', proof, as: 'wang' };
    await site.openAll('wang', id);
    expect((await site.give('li', 'sign-handover', stolen)).status).toBe(403);
    expect((await site.handover(id)).handover.signatures).toEqual([]);
  });

  it('moves at the second signature, at one screen too', async () => {
    const site = await watchSite();
    await site.take('li');
    await site.own.clock.advance(HOUR_MS);
    const id = await site.start('wang');
    expect(await site.refusal('zhao', 'start-handover', {})).toBe('handover_open');
    await site.openAll('wang', id);
    expect((await site.sign('wang', id, 'outgoing', 'li')).status).toBe(200);
    expect(site.desk.onWatch('operator', site.own.clock.nowMs())).toEqual(['li']);
    await site.own.clock.advance(MINUTE_MS);
    const atMs = site.own.clock.nowMs();
    expect((await site.sign('wang', id, 'incoming')).status).toBe(200);
    expect(site.desk.onWatch('operator', atMs - 1)).toEqual(['li']);
    expect(site.desk.onWatch('operator', atMs)).toEqual(['wang']);
    const before = await site.get<ResponsibleBody>(`/api/responsible?atMs=${atMs - 1}`);
    const since = await site.get<ResponsibleBody>(`/api/responsible?atMs=${atMs}`);
    expect([before.posts.operator, since.posts.operator]).toMatchObject([
      { person: 'li' },
      { person: 'wang' },
    ]);
    expect(await site.refusal('li', 'open-block', { handover: id, block: 'work' })).toBe('over');
    await expect(
      site.own.db.updateTable('handover').set({ sheet: '{}' }).where('id', '=', id).execute(),
    ).rejects.toThrow(/signed/);
  });

  it('is returned with a reason, and the outgoing stays', async () => {
    const site = await watchSite();
    await site.take('li');
    const id = await site.start('li', { to: 'wang' });
    expect(await site.refusal('wang', 'return-handover', { handover: id, reason: ' ' })).toBe('nothing_said');
    await site.give('wang', 'return-handover', { handover: id, reason: 'the round was not made' });
    expect(await site.board()).toMatchObject({ posts: { operator: { person: 'li' } }, handovers: [] });
    expect((await site.handover(id)).handover.state).toMatchObject({ kind: 'returned' });
    expect((await site.give('li', 'start-handover', { to: 'wang' })).status).toBe(200);
  });

  it('carries undone work over to the incoming, with its age, as often as it takes', async () => {
    const site = await watchSite();
    await site.take('li');
    site.lines.push({ key: 'r-1', code: 'carried', params: {}, weight: 'plain', isUnfinished: true });
    const id = await site.start('wang');
    await site.openAll('wang', id);
    const { body } = await site.sign('li', id, 'outgoing');
    expect(body.faults).toEqual([{ path: 'refusal', message: 'work_unexplained' }]);
    const item = {
      line: 'work r-1',
      subject: 'Round',
      reason: 'alarm',
      description: 'room 2',
      weight: 'heed',
    };
    await site.give('li', 'carry-over', { handover: id, ...item });
    await site.sign('li', id, 'outgoing');
    await site.sign('wang', id, 'incoming');
    site.lines.length = 0;
    const sinceMs = site.own.clock.nowMs();
    const [record] = (await site.board()).records;
    expect(record).toMatchObject({ kind: 'open_item', owner: 'wang', subject: 'Round', sinceMs, carried: 1 });
    await site.own.clock.advance(8 * HOUR_MS);
    const next = await site.start('zhao');
    const block = (await site.handover(next)).sheet.blocks.find(({ id: name }) => name === 'carry_overs');
    expect(block?.lines).toMatchObject([
      { code: 'carried', params: { subject: 'Round', owner: 'wang', sinceMs } },
    ]);
    await site.openAll('zhao', next);
    await site.sign('wang', next, 'outgoing');
    await site.sign('zhao', next, 'incoming');
    expect((await site.board()).records[0]).toMatchObject({ owner: 'zhao', sinceMs, carried: 2 });
    const done = await site.give('zhao', 'close-item', { item: record?.id, note: 'made' });
    expect((await site.board()).records).toEqual([]);
    await site.undo('zhao', 'close-item', done.body.undo?.token ?? '');
    expect((await site.get<{ records: unknown[] }>('/api/watch')).records).toHaveLength(1);
  });

  it('tells what happens after the freeze above the sheet, and in the next sheet exactly once', async () => {
    const site = await watchSite();
    await site.take('li');
    await site.give('li', 'write-log', { text: 'before' });
    const id = await site.start('wang');
    await site.give('li', 'write-log', { text: 'after' });
    expect((await site.handover(id)).since.map(({ params }) => params['text'])).toEqual(['after']);
    const notes = async (which: number): Promise<readonly unknown[]> =>
      (await site.handover(which)).sheet.blocks
        .find(({ id: name }) => name === 'log')
        ?.lines.map(({ params }) => params['text']) ?? [];
    expect(await notes(id)).toEqual(['before']);
    await site.openAll('wang', id);
    await site.sign('li', id, 'outgoing');
    await site.sign('wang', id, 'incoming');
    const next = await site.start('zhao');
    expect(await notes(next)).toEqual(['after']);
  });

  it('needs the leader during grave trouble, by telephone too, to be confirmed', async () => {
    const site = await watchSite();
    await site.take('li');
    site.isGrave = true;
    const id = await site.start('wang');
    await site.openAll('wang', id);
    await site.sign('li', id, 'outgoing');
    expect((await site.sign('wang', id, 'incoming')).body.faults?.[0]?.message).toBe('leader_needed');
    expect((await site.sign('zhao', id, 'leader')).body.faults?.[0]?.message).toBe('not_leader');
    expect(await site.refusal('li', 'record-telephone', { handover: id, leader: 'zhao', said: 'yes' })).toBe(
      'not_leader',
    );
    await site.give('li', 'record-telephone', { handover: id, leader: 'chen', said: 'yes, go' });
    expect((await site.sign('wang', id, 'incoming')).status).toBe(200);
    const [item] = (await site.board()).records;
    expect(item).toMatchObject({ kind: 'open_item', sort: 'confirm', owner: 'chen', from: 'li' });
    expect(await site.refusal('wang', 'close-item', { item: item?.id, note: '' })).toBe('not_yours');
    await site.own.clock.advance(25 * HOUR_MS);
    expect((await site.board()).due).toMatchObject([{ code: 'confirm', person: 'chen' }]);
    expect((await site.give('chen', 'close-item', { item: item?.id, note: '' })).status).toBe(200);
  });

  it('relieves somebody who cannot sign', async () => {
    const site = await watchSite();
    await site.take('li');
    const id = await site.start('wang', { isRelief: true });
    await site.openAll('wang', id);
    await site.sign('wang', id, 'incoming');
    expect(site.desk.onWatch('operator', site.own.clock.nowMs())).toEqual(['li']);
    await site.sign('chen', id, 'leader');
    expect(site.desk.onWatch('operator', site.own.clock.nowMs())).toEqual(['wang']);
  });

  it('is left in the middle only after approval and a small handover', async () => {
    const site = await watchSite();
    await site.take('li');
    const untilMs = site.own.clock.nowMs() + HOUR_MS;
    const asked = await site.give('li', 'request-leave', { standIn: 'wang', reason: 'ill', untilMs });
    const { id: leave } = asked.body.result as { id: number };
    expect(await site.refusal('wang', 'arrive-stand-in', { leave })).toBe('leave_unfit');
    expect(await site.refusal('zhao', 'decide-leave', { leave, isApproved: true })).toBe('not_leader');
    await site.give('chen', 'decide-leave', { leave, isApproved: true });
    await site.give('wang', 'arrive-stand-in', { leave });
    const there = await site.start('wang');
    expect((await site.handover(there)).handover.kind).toBe('stand_in');
    await site.openAll('wang', there);
    await site.sign('li', there, 'outgoing');
    await site.sign('wang', there, 'incoming');
    expect((await site.board()).records[0]).toMatchObject({
      kind: 'leave',
      state: { kind: 'off', handover: there },
    });
    const back = await site.start('li');
    await site.openAll('li', back);
    await site.sign('wang', back, 'outgoing');
    await site.sign('li', back, 'incoming');
    expect(await site.board()).toMatchObject({ posts: { operator: { person: 'li' } }, records: [] });
  });

  it('knows who has come, who is late and who is not there', async () => {
    const clock = manualClock();
    const startMs = clock.nowMs() + HOUR_MS;
    const shifts = [shiftOf('day', [startMs, startMs + 8 * HOUR_MS], ['wang'])];
    const site = await watchSite({ clock, shifts });
    await site.take('li');
    const dueCodes = async () => {
      await site.desk.refresh();
      return (await site.board()).due.map(({ code }) => code);
    };
    expect(await site.refusal('wang', 'check-in', {})).toBe('too_early');
    await clock.advance(50 * MINUTE_MS);
    expect(await dueCodes()).toEqual([]);
    await clock.advance(1_000);
    expect(await dueCodes()).toEqual(['incoming_late']);
    await clock.advance(10 * MINUTE_MS);
    expect(await dueCodes()).toEqual(['handover_due', 'incoming_absent']);
    await site.give('wang', 'check-in', {});
    expect((await site.board()).checkIns).toMatchObject([{ person: 'wang', lateMs: 10 * MINUTE_MS + 1_000 }]);
    expect(await dueCodes()).toEqual(['handover_due']);
    expect(await site.refusal('li', 'check-in', {})).toBe('no_shift');
  });

  it('checks in for the shift that one is not there for yet: for the next while one keeps the present', async () => {
    const clock = manualClock();
    const atMs = clock.nowMs();
    const shifts = [
      shiftOf('day', [atMs - HOUR_MS, atMs + HOUR_MS], ['li', 'wang']),
      shiftOf('night', [atMs + HOUR_MS, atMs + 9 * HOUR_MS], ['li', 'wang']),
    ];
    const site = await watchSite({ clock, shifts });
    await site.take('li');
    expect(await site.refusal('li', 'check-in', {})).toBe('there_already');
    await site.give('wang', 'check-in', {});
    expect(await site.refusal('wang', 'check-in', {})).toBe('there_already');
    await clock.advance(35 * MINUTE_MS);
    await site.desk.refresh();
    await site.give('li', 'check-in', {});
    await site.give('wang', 'check-in', {});
    const { checkIns } = await site.board();
    expect(
      checkIns.map(({ person, shift, lateMs = 0 }) => `${person} ${shift} ${lateMs}`).toSorted(),
    ).toEqual([
      `li ${shifts[1]?.id} 0`,
      `wang ${shifts[0]?.id} ${HOUR_MS + 10 * MINUTE_MS}`,
      `wang ${shifts[1]?.id} 0`,
    ]);
    expect(await site.refusal('li', 'check-in', {})).toBe('there_already');
  });

  it('is called, and answers on the page, by telephone or by the link of a mail', async () => {
    const site = await watchSite();
    await site.own.db
      .updateTable('account')
      .set({ mail: 'li@room.example' })
      .where('name', '=', 'li')
      .execute();
    await site.take('li');
    expect(await site.refusal('wang', 'probe-watch', {})).toBe('not_leader');
    const probe = async (): Promise<number> =>
      ((await site.give('chen', 'probe-watch', {})).body.result as { id: number }).id;
    const first = await probe();
    expect((await site.board()).records[0]).toMatchObject({ kind: 'probe', person: 'li', tokenHash: '' });
    expect(await site.refusal('wang', 'answer-probe', { probe: first, way: 'page' })).toBe('not_yours');
    await site.give('li', 'answer-probe', { probe: first, way: 'page' });
    await site.give('chen', 'answer-probe', { probe: await probe(), way: 'telephone' });
    await probe();
    const { body_text: text } = await site.own.db
      .selectFrom('outbox')
      .select('body_text')
      .where('recipient', '=', 'li@room.example')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    const token = /probe#(\S+)/.exec(text)?.[1] ?? '';
    const press = () =>
      site.own.api.inject({ method: 'POST', url: '/api/duty-probe', headers: FROM_PAGE, payload: { token } });
    expect((await press()).statusCode).toBe(200);
    expect((await press()).statusCode).toBe(404);
    await site.desk.refresh();
    expect((await site.board()).records).toEqual([]);
  });

  it('refuses to sign while the clock is behind the records, and says so', async () => {
    const clock = manualClock();
    const site = await watchSite({ clock });
    await site.take('li');
    const behind = await watchSite({
      records: { db: site.own.db },
      clock: manualClock(clock.nowMs() - 90_000),
      people: [],
    });
    expect(await behind.refusal('wang', 'start-handover', {})).toBe('clock_behind');
    expect(await behind.board()).toMatchObject({ clockBehindMs: 90_000 });
  });

  it('takes a paper sheet later, marked so', async () => {
    const site = await watchSite();
    await site.take('li');
    await site.own.clock.advance(10 * HOUR_MS);
    const atMs = site.own.clock.nowMs() - 4 * HOUR_MS;
    const { proof } = await site.proof('wang', 'transcribe operator');
    const input = { outgoing: 'li', incoming: 'wang', text: 'all quiet', way: 'password', proof };
    expect(await site.refusal('wang', 'transcribe-handover', { ...input, atMs: 1 })).toBe('before_last_line');
    const later = { ...input, atMs: site.own.clock.nowMs() + 1 };
    expect(await site.refusal('wang', 'transcribe-handover', later)).toBe('in_the_future');
    expect(await site.refusal('zhao', 'transcribe-handover', { ...input, atMs })).toBe('not_yours');
    // Nobody takes over from who did not have it.
    const notHis = { ...input, outgoing: 'zhao', atMs };
    expect(await site.refusal('wang', 'transcribe-handover', notHis)).toBe('another_had_it');
    await site.own.db.updateTable('account').set({ mail: sql`name || '@room.example'` }).execute();
    const done = await site.give('wang', 'transcribe-handover', { ...input, atMs });
    expect(done.status).toBe(200);
    expect(site.desk.onWatch('operator', atMs)).toEqual(['wang']);
    expect(site.desk.onWatch('operator', atMs - 1)).toEqual(['li']);
    const { handovers } = await site.get<HandoversBody>('/api/handovers');
    expect(handovers[0]).toMatchObject({ kind: 'transcribed', outgoing: 'li', incoming: 'wang' });
    const { posts } = await site.get<ResponsibleBody>(`/api/responsible?atMs=${atMs}`);
    expect(posts.operator).toMatchObject({ person: 'wang', line: { cause: 'transcribed' } });
    // Who is said to have given it, and who leads, are told.
    const mails = await site.own.db.selectFrom('outbox').select('recipient').execute();
    expect(mails.map(({ recipient }) => recipient).sort()).toEqual(['chen@room.example', 'li@room.example']);
  });

  it('is left with the leader’s word by telephone, which the leader confirms within a day', async () => {
    const site = await watchSite();
    await site.take('li');
    const untilMs = site.own.clock.nowMs() + HOUR_MS;
    await site.give('li', 'request-leave', { standIn: 'wang', reason: 'ill', untilMs });
    const [leave] = (await site.board()).records;
    const byWord = (leader: string) => ({
      leave: leave?.id,
      isApproved: true,
      byTelephone: { leader, said: 'go' },
    });
    expect(await site.refusal('zhao', 'decide-leave', byWord('zhao'))).toBe('not_leader');
    const silent = { ...byWord('chen'), byTelephone: { leader: 'chen', said: ' ' } };
    expect(await site.refusal('zhao', 'decide-leave', silent)).toBe('nothing_said');
    await site.own.db.updateTable('account').set({ mail: sql`name || '@room.example'` }).execute();
    const saidAtMs = site.own.clock.nowMs();
    expect((await site.give('zhao', 'decide-leave', byWord('chen'))).status).toBe(200);
    const { records } = await site.board();
    expect(records.find(({ kind }) => kind === 'leave')).toMatchObject({
      state: { kind: 'approved', by: 'chen', recordedBy: 'zhao' },
    });
    const word = records.find(({ kind }) => kind === 'open_item');
    expect(word).toMatchObject({ sort: 'confirm', owner: 'chen', dueAtMs: saidAtMs + 24 * HOUR_MS });
    expect(await site.refusal('zhao', 'close-item', { item: word?.id, note: '' })).toBe('not_yours');
    expect((await site.give('chen', 'close-item', { item: word?.id, note: '' })).status).toBe(200);
    expect((await site.board()).records.map(({ kind }) => kind)).toEqual(['leave']);
    // The leader is told at once what was written down as said.
    const mails = await site.own.db.selectFrom('outbox').select(['recipient', 'subject']).execute();
    expect(mails).toEqual([
      { recipient: 'chen@room.example', subject: expect.stringContaining('li → wang') as string },
    ]);
  });
});
