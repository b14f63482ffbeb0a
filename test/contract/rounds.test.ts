import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { dutyOverdue } from '../../collector/duty/overdue.ts';
import { handIn, type HandInDeps } from '../../collector/duty/rounds/hand-in.ts';
import { boundRounds, roundBody } from '../../collector/duty/rounds/bodies.ts';
import { openTasks, roundLines } from '../../collector/duty/rounds/lists.ts';
import { ensurePlaces, placesOf, renewCode } from '../../collector/duty/rounds/places.ts';
import { plannedRounds } from '../../collector/duty/rounds/plan.ts';
import { photoId } from '../../collector/duty/rounds/photo.ts';
import { roundsBlock } from '../../collector/duty/watch/blocks/rounds.ts';
import { roundFacts } from '../../collector/duty/rounds/facts.ts';
import { currentTemplates, saveTemplate, seedTemplates } from '../../collector/duty/rounds/templates.ts';
import { createWatchMail } from '../../collector/duty/watch/mail.ts';
import { addAccount } from '../../collector/records/accounts.ts';
import { openRecords } from '../../collector/records/open.ts';
import type { Db } from '../../collector/records/tables.ts';
import { defined } from '../../config/model/defined.ts';
import { sheetLineText } from '../../config/model/sheet-words.ts';
import { NO_MARKS } from '../../config/model/sheet.ts';
import type { RoundSubmission } from '../../config/model/round.ts';
import type { Overdue } from '../../config/model/chase.ts';
import { quietDesk } from '../support/quiet-desk.ts';
import { folderWith } from '../support/folder.ts';
import { manualClock } from '../support/manual-clock.ts';
import { photoBytes } from '../support/jpeg.ts';
import { roundTemplate, WALKED_AT_MS, walkedRound } from '../support/rounds.ts';
import { stores } from '../support/stores.ts';

const ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;

describe.each(await stores())('rounds in $name', ({ place }) => {
  let db: Db;
  let deps: HandInDeps;
  const clock = manualClock(WALKED_AT_MS);
  const template = roundTemplate();

  beforeEach(async () => {
    const records = await openRecords(join(folderWith(), 'data'), place());
    onTestFinished(() => records.close());
    db = records.db;
    deps = {
      db,
      clock,
      timeZone: () => ZONE,
      askSensors: async () => ({ value: { type: 'scalar', value: 26.4 }, warnings: [], infos: [] }),
    };
    await seedTemplates(db, [template], WALKED_AT_MS - 10 * DAY_MS);
    await ensurePlaces(db, [template], WALKED_AT_MS);
  });

  const send = (round: RoundSubmission, account = 'anna') =>
    handIn(deps, round, { account, origin: '127.0.0.1', phoneNowMs: WALKED_AT_MS });
  /** The round with the codes that hang at its places. */
  async function proven(more: Partial<RoundSubmission> = {}): Promise<RoundSubmission> {
    const places = await placesOf(db);
    const round = walkedRound(more);
    return {
      ...round,
      visits: round.visits.map((visit) => ({
        ...visit,
        code: places.get(`main/${visit.checkpoint}`)?.code.toLowerCase() ?? '',
      })),
    };
  }

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

  it('that two people walked are both kept; the due one is the first', async () => {
    await send(await proven());
    const other = await proven({ id: walkedRound().id.replace(/1$/, '3'), walkedBy: 'bo' });
    const { judged } = await send(other, 'bo');
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

  it('in which all was normal too fast are told to the leader by mail, once, in the step that takes them', async () => {
    for (const [name, mail] of [
      ['chen', 'chen@centre.example'],
      ['li', ''],
    ] as const)
      await addAccount(db, {
        name,
        displayName: name,
        mail,
        roles: ['operator'],
        language: 'en',
        passwordHash: '-',
        createdAtMs: 0,
        isDemonstration: false,
      });
    const tell = createWatchMail({ hasMail: () => true, wake: () => undefined, instant: String });
    deps = {
      ...deps,
      tellHasty: (step, { walkedBy, name, seconds, minSeconds, id, atMs }) =>
        tell(step, {
          to: ['chen', 'li'],
          atMs,
          text: { kind: 'hasty_round', person: walkedBy, round: name, seconds, minSeconds, link: `/r/${id}` },
        }),
    };
    const round = await proven();
    const hasty = {
      ...round,
      visits: round.visits.map((visit) => ({ ...visit, endedAtMs: visit.beganAtMs + 9_000 })),
    };
    await Promise.all([send(hasty), send(hasty)]);
    const mails = await db
      .selectFrom('outbox')
      .select(['recipient', 'subject', 'body_text', 'state'])
      .execute();
    expect(mails).toEqual([
      {
        recipient: 'chen@centre.example',
        subject: 'anna found all normal on “Daily” in 18 s',
        body_text: expect.stringContaining(
          `20 s are needed. Look at the record and ask:\n/r/${round.id}`,
        ) as string,
        state: 'waiting',
      },
    ]);
    await send(await proven({ id: walkedRound().id.replace(/1$/, '5') }));
    expect(await db.selectFrom('outbox').select('id').execute()).toHaveLength(1);
  });

  it('are listed newest first in parts that lose none, also of one instant', async () => {
    const ids = Array.from({ length: 7 }, (_, index) => walkedRound().id.replace(/1$/, String(index)));
    for (const id of ids) {
      const { due: _none, ...special } = await proven({ id });
      await send(special);
    }
    const seen: string[] = [];
    let before: { atMs: number; id: string } | undefined;
    do {
      const lines = await roundLines(db, { limit: 3, ...defined({ before }) });
      seen.push(...lines.map(({ id }) => id));
      const last = lines.at(-1);
      before = last && { atMs: last.receivedAtMs, id: last.id };
    } while (before !== undefined);
    expect(seen.toSorted()).toEqual(ids);

    const bound: string[] = [];
    let after: string | undefined;
    do {
      const days = { fromDay: '2026-11-01', toDay: '2026-11-31' };
      const part = await boundRounds(db, days, { after, limit: 3 });
      bound.push(...part.rounds.map(({ id }) => id));
      after = part.next;
    } while (after !== undefined);
    expect(bound).toEqual(ids);
  });

  it('are found by what speaks against them, by who walked, and with what person and sensor said', async () => {
    await send(await proven());
    const right = await proven({ id: walkedRound().id.replace(/1$/, '4') });
    const { due: _none, ...special } = right;
    await send({
      ...special,
      visits: right.visits.map((visit) => ({
        ...visit,
        answers: visit.answers.map((one) => (one.item === 'temperature' ? { ...one, value: 26 } : one)),
      })),
    });
    const differing = await roundLines(db, { limit: 9, doubt: 'sensor_differs', walkedBy: 'anna' });
    expect(differing).toMatchObject([
      {
        id: walkedRound().id,
        differences: [
          {
            item: 'temperature',
            name: { 'zh-CN': 'temperature', en: 'temperature' },
            unit: '℃',
            person: 23,
            sensor: 26.4,
          },
        ],
      },
    ]);
    expect(await roundLines(db, { limit: 9, doubt: 'late' })).toEqual([]);
    expect(await roundLines(db, { limit: 9, doubt: 'sensor_differs', walkedBy: 'bo' })).toEqual([]);
    expect(await roundLines(db, { limit: 9, walkedBy: 'anna' })).toHaveLength(2);
  });

  it('stand in the sheet of a watch: what was done, what it found, and what the operator must explain', async () => {
    const block = roundsBlock({ timeZone: () => ZONE });
    const linesAt = (
      atMs: number,
      fromMs = atMs - 12 * 3_600_000,
      post: 'operator' | 'shiftLead' = 'operator',
    ) => block.lines({ db, post, atMs, fromMs, since: NO_MARKS, through: NO_MARKS });
    expect(await linesAt(WALKED_AT_MS)).toMatchObject([{ code: 'round_open', weight: 'heed' }]);
    // 20:00 of the day, two hours after its end; a day later it has been missed for good.
    const evening = WALKED_AT_MS + 9 * 3_600_000;
    expect(await linesAt(evening)).toMatchObject([
      { key: 'daily-main@2026-11-22', code: 'round_overdue', isUnfinished: true },
    ]);
    expect((await linesAt(evening, undefined, 'shiftLead'))[0]).not.toHaveProperty('isUnfinished');
    expect(await linesAt(evening + DAY_MS, evening - 3 * 3_600_000)).toMatchObject([
      { code: 'round_missed', isUnfinished: true },
      { code: 'round_overdue', isUnfinished: true },
    ]);
    // What a sheet has told does not ask again once its time is behind the next.
    expect(await linesAt(evening + 3 * 3_600_000, evening)).toEqual([]);

    const round = await proven();
    const visits = round.visits.map((visit) => ({
      ...visit,
      answers: visit.answers.map((answer) =>
        answer.item === 'mode' ? { ...answer, value: 'off', note: 'panel is open' } : answer,
      ),
    }));
    await send({ ...round, visits });
    const told = await linesAt(evening);
    expect(told.map(({ code, isUnfinished }) => [code, isUnfinished])).toEqual([
      ['round_abnormal', undefined],
      ['round_task', undefined],
    ]);
    const words = told.map((line) => sheetLineText(line, 'en', (atMs) => new Date(atMs).toISOString()));
    expect(words).toEqual([
      'Daily (by 2026-11-22T10:00:00.000Z): done, something is abnormal',
      'To be put right: mode, since 2026-11-22T03:00:00.000Z, nobody’s. panel is open',
    ]);
  });

  it('are chased while they are overdue: whose they are, else who keeps the watch', async () => {
    const item = {
      kind: 'open_item',
      id: 7,
      sort: 'confirm',
      subject: 'Leave',
      reason: '',
      description: '',
      weight: 'heed',
      owner: 'chen',
      sinceMs: 0,
      from: 'li',
      dueAtMs: WALKED_AT_MS,
      carried: 0,
    } as const;
    const { dueAtMs: _none, ...carried } = { ...item, id: 8, sort: 'carried' } as const;
    const desk = { ...quietDesk(), onWatch: () => ['li'] };
    const now = { ...desk.now(), records: [item, carried] };
    const sources = dutyOverdue({ db, timeZone: () => ZONE, desk: { ...desk, now: () => now } });
    const overdueAt = async (atMs: number) => (await Promise.all(sources.map((one) => one(atMs)))).flat();
    const chased = {
      kind: 'task',
      id: 'open_item:7',
      whose: ['chen'],
      dueAtMs: WALKED_AT_MS,
      path: '/watch',
    };
    expect((await overdueAt(WALKED_AT_MS - 1)).map(({ id }) => id)).not.toContain('open_item:7');
    const evening = WALKED_AT_MS + 9 * 3_600_000;
    const own = (found: readonly Overdue[]) => found.filter(({ dueAtMs }) => dueAtMs >= WALKED_AT_MS);
    expect(own(await overdueAt(evening))).toMatchObject([
      { kind: 'task', id: 'round:daily-main@2026-11-22', whose: ['li'], path: '/rounds' },
      chased,
    ]);
    await db
      .insertInto('round_assignment')
      .values({ due: 'daily-main@2026-11-22', day: '2026-11-22', account: 'bo', by: 'li', at_ms: 0 })
      .execute();
    expect(own(await overdueAt(evening))[0]).toMatchObject({ whose: ['bo'] });
    await send(await proven());
    expect(own(await overdueAt(evening))).toMatchObject([chased]);
  });

  it('that had begun before their template was there are nobody’s fault', async () => {
    const later = { ...template, id: 'late-made' };
    await seedTemplates(db, [later], WALKED_AT_MS);
    const atMs = WALKED_AT_MS + 9 * 3_600_000;
    const lines = await roundsBlock({ timeZone: () => ZONE }).lines({
      db,
      post: 'operator',
      atMs,
      fromMs: 0,
      since: NO_MARKS,
      through: NO_MARKS,
    });
    expect(lines.filter(({ key }) => key.startsWith('late-made'))).toEqual([]);
  });

  it('are judged by the version they were walked with, also after it was changed', async () => {
    await saveTemplate(
      db,
      { ...template, version: 2, checkpoints: template.checkpoints.slice(0, 1) },
      { by: 'x', atMs: 0 },
    );
    const { judged, id } = await send(await proven());
    expect(judged.items).toHaveLength(4);
    expect(judged.doubts).toContainEqual({ code: 'old_version', version: 1, current: 2 });
    expect((await roundBody(db, id)).template.version).toBe(1);
  });

  it('of somebody else are refused, but for what was on paper', async () => {
    const round = await proven();
    await expect(send(round, 'bo')).rejects.toMatchObject({ code: 'forbidden' });
    const paper = { ...round, paper: { photos: [] } };
    expect((await send(paper, 'bo')).judged.result).toBe('normal');
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
    ['an end after it was sent', { endedAtMs: WALKED_AT_MS + 61_000 }, 'endedAtMs'],
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

  it('are restated as facts: overdue, missed, doubtful, and what was read by eye', async () => {
    const facts = roundFacts({ db, timeZone: () => ZONE });
    const valueOf = async (metric: string, atMs: number): Promise<number | undefined> =>
      (await facts(atMs)).find((fact) => fact.metric === metric)?.value;
    const by = Date.parse('2026-11-22T18:00+08:00');
    expect(await valueOf('watchkeeper_round_due_in_seconds', by - 60_000)).toBe(60);
    expect(await valueOf('watchkeeper_round_overdue_seconds', by - 60_000)).toBe(0);
    expect(await valueOf('watchkeeper_round_overdue_seconds', by + 60_000)).toBe(60);
    const missedBefore = (await valueOf('watchkeeper_rounds_missed', by + 60_000)) ?? 0;
    expect(await valueOf('watchkeeper_rounds_missed', by + 15 * 3_600_000)).toBe(missedBefore + 1);
    await send(await proven());
    expect(await valueOf('watchkeeper_round_overdue_seconds', by + 60_000)).toBe(0);
    expect(await valueOf('watchkeeper_round_doubts', by)).toBe(1);
    expect(await valueOf('watchkeeper_round_reading', by)).toBe(95);
    expect(await valueOf('watchkeeper_round_reading_age_seconds', WALKED_AT_MS)).toBe(10);
  });
});
