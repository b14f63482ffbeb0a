import { beforeEach, describe, expect, it } from 'vitest';
import { roundBody } from '../../collector/duty/rounds/bodies.ts';
import { openTasks, roundLines } from '../../collector/duty/rounds/lists.ts';
import { placesOf, renewCode } from '../../collector/duty/rounds/places.ts';
import { plannedRounds } from '../../collector/duty/rounds/plan.ts';
import { photoId } from '../../collector/duty/rounds/photo.ts';
import { currentTemplates, saveTemplate } from '../../collector/duty/rounds/templates.ts';
import type { Db } from '../../collector/records/tables.ts';
import type { RoundSubmission } from '../../config/model/round.ts';
import { manualClock } from '../support/manual-clock.ts';
import { photoBytes } from '../support/jpeg.ts';
import { roundTemplate, WALKED_AT_MS, walkedRound } from '../support/rounds.ts';
import { DAY_MS, roundRecords, ZONE, type RoundRecords } from '../support/round-records.ts';
import { stores } from '../support/stores.ts';

/** The same round by another clock. */
function shiftedBy(round: RoundSubmission, byMs: number): RoundSubmission {
  return {
    ...round,
    beganAtMs: round.beganAtMs + byMs,
    endedAtMs: round.endedAtMs + byMs,
    visits: round.visits.map((visit) => ({
      ...visit,
      beganAtMs: visit.beganAtMs + byMs,
      endedAtMs: visit.endedAtMs + byMs,
      answers: visit.answers.map((answer) => ({ ...answer, atMs: answer.atMs + byMs })),
    })),
  };
}

describe.each(await stores())('rounds in $name', ({ place }) => {
  let db: Db;
  let send: RoundRecords['send'];
  let proven: RoundRecords['proven'];

  beforeEach(async () => {
    ({ db, send, proven } = await roundRecords(place()));
  });

  it('are taken once, whatever is sent twice or at the same instant', async () => {
    const round = await proven();
    const [first, second] = await Promise.all([send(round), send(round)]);
    expect(second).toEqual(first);
    expect(await send({ ...round })).toEqual(first);
    expect(await roundLines(db, { limit: 9 })).toHaveLength(1);
    await expect(send({ ...round, remark: 'other' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('are judged by codes of the places, and by what the sensors said at that instant', async () => {
    const { judged } = await send(await proven());
    expect(judged.result).toBe('normal');
    expect(judged.doubts).toEqual([
      { code: 'sensor_differs', checkpoint: 'entrance', item: 'temperature', difference: 23 - 26.4 },
    ]);
    const { judged: forged } = await send(walkedRound({ id: walkedRound().id.replace(/1$/, '2') }));
    expect(forged.doubts.map(({ code }) => code)).toContain('wrong_code');
  });

  it('with a code that was replaced say so', async () => {
    const round = await proven();
    const entrance = (await placesOf(db)).get('main/entrance');
    if (entrance === undefined) throw new Error('no place');
    await renewCode(db, entrance, WALKED_AT_MS);
    const { judged } = await send(round);
    expect(judged.doubts).toContainEqual({ code: 'old_code', checkpoint: 'entrance' });
  });

  it.each([
    ['nothing', () => '', 'wrong_code'],
    [
      'one letter is another',
      (code: string) => `${code.slice(0, -1)}${code.endsWith('0') ? 1 : 0}`,
      'wrong_code',
    ],
    ['the code of another place', (_code: string, other: string) => other, 'wrong_code'],
    ['the right one and more', (code: string) => `${code}0`, 'wrong_code'],
    [
      'the right one, as people type it',
      (code: string) => ` ${code.slice(0, 4)}-${code.slice(4)} `,
      undefined,
    ],
  ])('are not proven by a code that is forged: %s', async (_what, forge, doubt) => {
    const round = await proven();
    const [first, second] = round.visits;
    if (first === undefined || second === undefined) throw new Error('no visits');
    const { judged } = await send({
      ...round,
      visits: [{ ...first, code: forge(first.code, second.code) }, second],
    });
    const told = judged.doubts.map(({ code }) => code).filter((code) => code.endsWith('_code'));
    expect(told).toEqual(doubt === undefined ? [] : [doubt]);
  });

  it('at a desk, with photocopies of all codes, are too fast to have been walked', async () => {
    const round = await proven();
    const desk = round.visits.map((visit, index) => {
      const beganAtMs = WALKED_AT_MS - 20_000 + index * 3_000;
      const answers = visit.answers.map((answer) => ({ ...answer, atMs: beganAtMs + 1_000 }));
      return { ...visit, beganAtMs, endedAtMs: beganAtMs + 2_000, answers };
    });
    const { judged } = await send({ ...round, visits: desk });
    expect(judged.doubts.map(({ code }) => code)).toEqual([
      'too_fast',
      'too_fast',
      'hasty',
      'sensor_differs',
    ]);
  });

  it.each([
    ['a day fast', DAY_MS],
    ['a day slow', -DAY_MS],
    ['five minutes fast', 300_000],
    ['five minutes slow', -300_000],
  ])('by a phone that is %s are judged by the clock of the collector', async (_what, fastMs) => {
    const shifted = shiftedBy(await proven(), fastMs);
    // At 17:59 and at 18:01 by the collector; until 18:00 it is due.
    for (const [index, minutes, isLate] of [
      [1, -1, false],
      [2, 1, true],
    ] as const) {
      const receivedAtMs = Date.parse('2026-11-22T18:00+08:00') + minutes * 60_000;
      const round = {
        ...shiftedBy(shifted, receivedAtMs - WALKED_AT_MS),
        id: walkedRound().id.replace(/1$/, String(index)),
      };
      const { judged } = await send(round, {
        phoneNowMs: receivedAtMs + fastMs,
        clock: manualClock(receivedAtMs),
      });
      const told = judged.doubts.map(({ code }) => code);
      expect([told.includes('late'), told.includes('clock_differs')]).toEqual([isLate, true]);
      expect(judged.doubts).toContainEqual({ code: 'clock_differs', seconds: -fastMs / 1_000 });
      const body = await roundBody(db, round.id);
      expect(body.round.endedAtMs + body.clockDifferenceMs).toBe(receivedAtMs);
    }
    const days = await db.selectFrom('round').select('day').distinct().execute();
    expect(days).toEqual([{ day: '2026-11-22' }]);
  });

  it('by a phone that has set its clock back a day since are taken, and end when they were sent at the latest', async () => {
    const { due: _none, ...special } = await proven();
    const { judged, id } = await send(shiftedBy(special, DAY_MS), { phoneNowMs: WALKED_AT_MS });
    expect(judged.doubts).toContainEqual({ code: 'clock_differs', seconds: -DAY_MS / 1_000 });
    const { round, clockDifferenceMs } = await roundBody(db, id);
    expect(round.endedAtMs + clockDifferenceMs).toBe(WALKED_AT_MS);
    expect((await roundLines(db, { limit: 9 })).map(({ day }) => day)).toEqual(['2026-11-22']);
  });

  it('on paper have the times of the sheet, whatever the clock of who enters them', async () => {
    const paper = { ...(await proven()), paper: { photos: [] } };
    const { judged, id } = await send(paper, { phoneNowMs: WALKED_AT_MS + DAY_MS });
    expect(judged.doubts.map(({ code }) => code)).toEqual(['sensor_differs']);
    expect((await roundBody(db, id)).clockDifferenceMs).toBe(0);
  });

  it('that two people walked are both kept; the due one is the first', async () => {
    await send(await proven());
    const other = await proven({ id: walkedRound().id.replace(/1$/, '3'), walkedBy: 'bo' });
    const { judged } = await send(other, { account: 'bo' });
    expect(judged.doubts).toContainEqual({ code: 'done_twice', by: 'anna' });
    expect((await roundLines(db, { limit: 9 })).map(({ walkedBy }) => walkedBy).toSorted()).toEqual([
      'anna',
      'bo',
    ]);
    const range = { fromMs: WALKED_AT_MS - 3_600_000, toMs: WALKED_AT_MS };
    const due = await plannedRounds(db, await currentTemplates(db), range, {
      nowMs: WALKED_AT_MS,
      timeZone: ZONE,
    });
    expect(due).toMatchObject([{ state: 'done', round: walkedRound().id, result: 'normal' }]);
  });

  it('open a task for each thing that is abnormal', async () => {
    const round = await proven();
    const visits = round.visits.map((visit) => ({
      ...visit,
      answers: visit.answers.map((answer) =>
        answer.item === 'mode' ? { ...answer, value: 'off', note: 'panel is open' } : answer,
      ),
    }));
    await send({ ...round, visits });
    expect(await openTasks(db, 9)).toMatchObject([{ item: 'mode', note: 'panel is open', round: round.id }]);
  });

  it('are judged by the version they were walked with, also after it was changed', async () => {
    await saveTemplate(
      db,
      { ...roundTemplate(), version: 2, checkpoints: roundTemplate().checkpoints.slice(0, 1) },
      { by: 'x', atMs: 0 },
    );
    const { judged, id } = await send(await proven());
    expect(judged.items).toHaveLength(4);
    expect(judged.doubts).toContainEqual({ code: 'old_version', version: 1, current: 2 });
    expect((await roundBody(db, id)).template.version).toBe(1);
  });

  it('are taken, also when they were retired while the phone had no connection', async () => {
    const retired = { ...roundTemplate(), version: 2, isRetired: true };
    await saveTemplate(db, retired, { by: 'x', atMs: 0 });
    const { judged } = await send(await proven());
    expect(judged.items.map(({ result }) => result)).toEqual(['normal', 'normal', 'normal', 'normal']);
    expect(judged.doubts).toContainEqual({ code: 'old_version', version: 1, current: 2 });
  });

  it('of somebody else are refused, but for what was on paper', async () => {
    const round = await proven();
    await expect(send(round, { account: 'bo' })).rejects.toMatchObject({ code: 'forbidden' });
    const paper = { ...round, paper: { photos: [] } };
    expect((await send(paper, { account: 'bo' })).judged.result).toBe('normal');
    expect(await roundBody(db, round.id)).toMatchObject({ sentBy: 'bo', round: { walkedBy: 'anna' } });
  });

  it('wait for their photos', async () => {
    const bytes = photoBytes();
    const id = photoId(bytes);
    const round = await proven();
    const visits = round.visits.map((visit) => ({
      ...visit,
      answers: visit.answers.map((answer) => ({ ...answer, photos: [id] })),
    }));
    await expect(send({ ...round, visits })).rejects.toMatchObject({
      code: 'conflict',
      message: `Photos have to be sent before the round: ${id}`,
    });
    await db
      .insertInto('round_photo')
      .values({ id, at_ms: 0, by: 'anna', bytes: bytes.toString('base64') })
      .execute();
    expect((await send({ ...round, visits })).judged.result).toBe('normal');
  });

  it.each([
    ['a place that is none', { visits: [{ ...walkedRound().visits[0], checkpoint: 'roof' }] }, 'roof'],
    [
      'a place twice',
      { visits: [walkedRound().visits[0], walkedRound().visits[0]] },
      'visits.1.checkpoint: "entrance" is there twice',
    ],
    [
      'an item of another place',
      { visits: [{ ...walkedRound().visits[0], answers: walkedRound().visits[1]?.answers }] },
      'visits.0.answers.0.item: "mode" is not at this place',
    ],
    ['an end before its begin', { endedAtMs: 0 }, 'endedAtMs'],
    [
      'an end on paper after it was sent',
      { endedAtMs: WALKED_AT_MS + 61_000, paper: { photos: [] } },
      'endedAtMs',
    ],
    ['a day on which nothing is due', { due: 'weekly-main@2026-11-22' }, 'due'],
  ])('are refused with words for what no page sends: %s', async (_what, more, words) => {
    await expect(send(walkedRound(more as Partial<RoundSubmission>))).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(words) as string,
    });
    await expect(send(walkedRound({ version: 9 }))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('can be neither changed nor removed', async () => {
    await send(await proven());
    const says = 'A round stays as it was handed in';
    await expect(db.updateTable('round').set({ result: 'normal' }).execute()).rejects.toThrow(says);
    await expect(db.deleteFrom('round').execute()).rejects.toThrow(says);
  });
});
