import { beforeEach, describe, expect, it } from 'vitest';
import { dutyOverdue } from '../../collector/duty/overdue.ts';
import { roundsBlock } from '../../collector/duty/watch/blocks/rounds.ts';
import type { TellHasty } from '../../collector/duty/rounds/hand-in.ts';
import { roundFacts } from '../../collector/duty/rounds/facts.ts';
import { seedTemplates } from '../../collector/duty/rounds/templates.ts';
import { createWatchMail } from '../../collector/duty/watch/mail.ts';
import { addAccount } from '../../collector/records/accounts.ts';
import type { Db } from '../../collector/records/tables.ts';
import { sheetLineText } from '../../config/model/sheet-words.ts';
import { NO_MARKS } from '../../config/model/sheet.ts';
import type { Overdue } from '../../config/model/chase.ts';
import { quietDesk } from '../support/quiet-desk.ts';
import { roundTemplate, WALKED_AT_MS, walkedRound } from '../support/rounds.ts';
import { DAY_MS, roundRecords, ZONE, type RoundRecords } from '../support/round-records.ts';
import { stores } from '../support/stores.ts';

describe.each(await stores())('rounds as a duty, in $name', ({ place }) => {
  let db: Db;
  let send: RoundRecords['send'];
  let proven: RoundRecords['proven'];

  beforeEach(async () => {
    ({ db, send, proven } = await roundRecords(place()));
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
    const tellHasty: TellHasty = (step, { walkedBy, name, seconds, minSeconds, id, atMs }) =>
      tell(step, {
        to: ['chen', 'li'],
        atMs,
        text: { kind: 'hasty_round', person: walkedBy, round: name, seconds, minSeconds, link: `/r/${id}` },
      });
    const round = await proven();
    const hasty = {
      ...round,
      visits: round.visits.map((visit) => ({ ...visit, endedAtMs: visit.beganAtMs + 9_000 })),
    };
    await Promise.all([send(hasty, { tellHasty }), send(hasty, { tellHasty })]);
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
    await send(await proven({ id: walkedRound().id.replace(/1$/, '5') }), { tellHasty });
    expect(await db.selectFrom('outbox').select('id').execute()).toHaveLength(1);
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
    const later = roundTemplate({ id: 'late-made' });
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
