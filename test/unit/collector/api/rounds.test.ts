import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { roundRoutes } from '../../../../collector/api/rounds.ts';
import { createRoster } from '../../../../collector/duty/roster/roster.ts';
import { ensurePlaces, placesOf } from '../../../../collector/duty/rounds/places.ts';
import { seedTemplates } from '../../../../collector/duty/rounds/templates.ts';
import { savePattern } from '../../../../collector/records/roster.ts';
import type { CommandDone, CommandName, CommandPreview } from '../../../../config/model/command.ts';
import type {
  BoundBody,
  DueBody,
  HandedIn,
  RoundBody,
  RoundPack,
  RoundsBody,
  RoundsTodayBody,
  RoundTasksBody,
  RoundYearBody,
} from '../../../../config/model/round-api.ts';
import type { RoundSubmission } from '../../../../config/model/round.ts';
import { apiSite, FROM_PAGE, PASSWORD } from '../../../support/api-site.ts';
import { auditOf } from '../../../support/audit.ts';
import { photoBytes } from '../../../support/jpeg.ts';
import { DAY, NIGHT, pattern } from '../../../support/roster.ts';
import { roundTemplate, walkedRound } from '../../../support/rounds.ts';

const ROOM = { id: 'main', name: { 'zh-CN': '主机房', en: 'Main' }, rows: [] };

async function site() {
  const own = await apiSite({
    plugins: (deps) => [
      roundRoutes({
        ...deps,
        site: () => ({ timeZone: 'Asia/Shanghai', rooms: [ROOM] }),
        roster: createRoster({ db: deps.db, timeZone: () => 'Asia/Shanghai', years: () => [] }),
        askSensors: async (query) => ({
          value: { type: 'scalar', value: query === 'sensor_celsius' ? 26.4 : 0.5 },
          warnings: [],
          infos: [],
        }),
      }),
    ],
  });
  await seedTemplates(own.db, [roundTemplate()], 0);
  await ensurePlaces(own.db, [roundTemplate()], 0);
  const cookies = {
    anna: await own.cookieOf(await own.account('operator', 'anna')),
    bo: await own.cookieOf(await own.account('engineer', 'bo')),
  };
  type Who = keyof typeof cookies;
  const ask = async <T>(who: Who, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) => {
    const answer = await own.api.inject({
      method,
      url,
      headers: { ...FROM_PAGE, cookie: cookies[who] },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: (answer.body === '' ? {} : answer.json()) as T };
  };
  const command = async (who: Who, name: CommandName, input: object) => {
    const url = `/api/commands/${name}`;
    const preview = await ask<CommandPreview>(who, 'POST', url, { mode: 'preview', input });
    if (preview.status !== 200) return preview as { status: number; body: unknown };
    const { version } = preview.body;
    return ask<CommandDone>(who, 'POST', url, { mode: 'do', input, version });
  };
  const hand = (who: Who, round: RoundSubmission) =>
    ask<HandedIn>(who, 'POST', '/api/rounds', { round, phoneNowMs: own.clock.nowMs() });
  const text = async (url: string) => (await own.api.inject({ url, headers: { cookie: cookies.anna } })).body;
  return { ...own, ask, command, hand, text };
}

describe('the routes of rounds', () => {
  it('give a phone all that it needs, and nothing of what people are to read themselves', async () => {
    const { ask, db } = await site();
    const { body } = await ask<RoundPack>('anna', 'GET', '/api/rounds/pack');
    expect(body).toMatchObject({ account: 'anna', timeZone: 'Asia/Shanghai', sensors: {} });
    expect(body.due.map(({ day }) => day)).toContain('2026-11-22');
    const code = (await placesOf(db)).get('main/entrance')?.code ?? '';
    expect(JSON.stringify(body)).not.toContain(code);
    expect(body.codes.hashes['main/entrance']).toBe(
      createHash('sha256').update(`${body.codes.salt}:${code}`).digest('hex'),
    );
  });

  it('show what the sensor says once somebody has read the gauge', async () => {
    const { ask } = await site();
    const asked = { template: 'daily-main', version: 1, item: 'temperature' };
    expect((await ask('anna', 'POST', '/api/rounds/compare', asked)).body).toMatchObject({ value: 26.4 });
    expect((await ask('anna', 'POST', '/api/rounds/compare', { ...asked, item: 'mode' })).body).toEqual({});
  });

  it('take a round, list it and show it whole, with one line of the audit', async () => {
    const { ask, hand, db } = await site();
    const { status, body } = await hand('anna', walkedRound());
    expect([status, body.judged.result]).toEqual([200, 'normal']);
    const list = await ask<RoundsBody>('bo', 'GET', '/api/rounds?result=normal');
    expect(list.body.rounds).toMatchObject([{ id: body.id, walkedBy: 'anna', day: '2026-11-22' }]);
    expect(list.body.people).toEqual({ anna: 'anna' });
    const whole = await ask<RoundBody>('bo', 'GET', `/api/rounds/${body.id}`);
    expect(whole.body).toMatchObject({ sentBy: 'anna', people: { anna: 'anna' }, additions: [] });
    expect((await auditOf(db)).map(({ action }) => action)).toContain('round_handed_in');
    expect((await ask('bo', 'GET', '/api/rounds/00000000-0000-4000-8000-00000000000f')).status).toBe(404);
  });

  it('bind a month, show a template whole and a year by days, and list what is to be put right by its names', async () => {
    const { ask, hand } = await site();
    const round = walkedRound();
    const visits = round.visits.map((visit) => ({
      ...visit,
      answers: visit.answers.map((one) => (one.item === 'cleaning' ? { ...one, value: false } : one)),
    }));
    await hand('anna', { ...round, visits });
    const bound = await ask<BoundBody>('bo', 'GET', '/api/rounds/bound?month=2026-11');
    expect(bound.body.rounds.map(({ id }) => id)).toEqual([round.id]);
    expect(bound.body.templates).toEqual({ 'daily-main@1': roundTemplate() });
    expect(bound.body.next).toBeUndefined();
    expect((await ask('bo', 'GET', '/api/rounds/bound?month=2026-13')).status).toBe(400);
    expect((await ask('bo', 'GET', '/api/rounds/templates/daily-main')).body).toEqual(roundTemplate());
    expect((await ask('bo', 'GET', '/api/rounds/templates/none')).status).toBe(404);
    const { body } = await ask<RoundYearBody>('bo', 'GET', '/api/rounds/year?year=2026');
    expect(body.templates[0]?.days.at(-1)).toEqual({
      day: '2026-11-22',
      state: 'done',
      round: round.id,
      result: 'abnormal',
    });
    const { tasks } = (await ask<RoundTasksBody>('bo', 'GET', '/api/rounds/tasks')).body;
    expect(tasks).toMatchObject([{ itemName: { en: 'clean' }, placeName: { en: 'Entrance' } }]);
  });

  it('show a wall the rounds of today, done or not, and nobody’s name', async () => {
    const { ask, hand, clock } = await site();
    const today = async () => (await ask<RoundsTodayBody>('bo', 'GET', '/api/rounds/today')).body.rounds;
    const of = { name: roundTemplate().name, room: 'main' };
    expect(await today()).toMatchObject([{ ...of, state: 'open' }]);
    await clock.advance(7.5 * 3_600_000);
    expect(await today()).toMatchObject([{ ...of, state: 'overdue' }]);
    await hand('anna', walkedRound());
    expect(await today()).toContainEqual({
      ...of,
      byMs: Date.parse('2026-11-22T18:00+08:00'),
      state: 'done',
      result: 'normal',
    });
    expect(JSON.stringify(await today())).not.toContain('anna');
  });

  it('take photos, the same twice, and nothing else', async () => {
    const own = await site();
    const cookie = await own.cookieOf(await own.account('operator', 'cai'));
    const bytes = photoBytes();
    const id = createHash('sha256').update(bytes).digest('hex');
    const put = (name: string, payload: Buffer, type = 'image/jpeg') =>
      own.api.inject({
        method: 'PUT',
        url: `/api/rounds/photos/${name}`,
        headers: { ...FROM_PAGE, cookie, 'content-type': type },
        payload,
      });
    expect([(await put(id, bytes)).statusCode, (await put(id, bytes)).statusCode]).toEqual([204, 204]);
    expect((await put(id, Buffer.from('other'))).json()).toMatchObject({ code: 'invalid_request' });
    const page = Buffer.from('<svg/>');
    const pageId = createHash('sha256').update(page).digest('hex');
    expect((await put(pageId, page)).statusCode).toBe(400);
    expect((await put('../../etc/passwd', bytes)).statusCode).toBeGreaterThanOrEqual(400);
    const large = Buffer.concat([bytes, Buffer.alloc(400_000)]);
    expect((await put(createHash('sha256').update(large).digest('hex'), large)).statusCode).toBe(413);
    const got = await own.api.inject({ url: `/api/rounds/photos/${id}`, headers: { cookie } });
    expect(got.headers['content-type']).toBe('image/jpeg');
    expect(got.headers['content-security-policy']).toContain('sandbox');
    expect(got.rawPayload.toString('latin1')).not.toContain('GPS');
  });

  it('add corrections to what stays, and take the signature of another person who proves to be it', async () => {
    const { ask, command, hand } = await site();
    const { body } = await hand('anna', walkedRound());
    const correction = { round: body.id, item: 'temperature', value: 24, reason: 'misread' };
    expect((await command('anna', 'correct-round', correction)).status).toBe(200);
    expect((await command('anna', 'correct-round', { ...correction, value: 'warm' })).status).toBe(400);
    const review = { round: body.id, isAccepted: true, note: '' };
    expect((await command('anna', 'review-round', review)).status).toBe(403);
    expect((await command('bo', 'review-round', review)).status).toBe(403);
    const purpose = `review-round:${body.id}`;
    const proof = await ask<{ proof: string }>('bo', 'POST', '/api/account/proof', {
      purpose,
      password: PASSWORD,
    });
    const signed = await command('bo', 'review-round', { ...review, proof: proof.body.proof });
    expect(signed.status).toBe(200);
    expect((await command('bo', 'review-round', review)).status).toBe(409);
    const whole = await ask<RoundBody>('bo', 'GET', `/api/rounds/${body.id}`);
    expect(whole.body.additions.map(({ by, addition }) => [by, addition.kind])).toEqual(
      expect.arrayContaining([
        ['anna', 'correction'],
        ['bo', 'review'],
      ]),
    );
    expect(whole.body.round).toEqual(walkedRound());
  });

  it('name whom the roster plans for the watch of a round, and else whom it was handed to', async () => {
    const { ask, command, db, clock, ...own } = await site();
    await own.account('operator', 'cai');
    await savePattern(
      db,
      pattern({
        shifts: [DAY, NIGHT],
        rotas: [{ post: 'operator', groups: [['bo'], ['cai']], unit: 'day', every: 1, offsets: [0, 1] }],
      }),
    );
    await db.updateTable('account').set({ display_name: '薄' }).where('name', '=', 'bo').execute();
    const fromMs = clock.nowMs();
    const url = `/api/rounds/due?fromMs=${fromMs}&toMs=${fromMs + 2 * 86_400_000}`;
    const whose = async () => {
      const { due, people } = (await ask<DueBody>('anna', 'GET', url)).body;
      return [due.map(({ day, watch, assignee }) => [day, watch, assignee]), people];
    };
    expect(await whose()).toEqual([
      [
        ['2026-11-22', ['cai'], undefined],
        ['2026-11-23', ['bo'], undefined],
        ['2026-11-24', ['cai'], undefined],
      ],
      { bo: '薄', cai: 'cai' },
    ]);
    const { body } = await command('anna', 'assign-round', { due: 'daily-main@2026-11-24', account: 'bo' });
    expect((body as CommandDone).effects).toEqual([
      {
        code: 'round_is_persons',
        params: { day: '2026-11-24', nameZh: 'Daily', nameEn: 'Daily', person: '薄' },
      },
    ]);
    expect(await whose()).toEqual([
      [
        ['2026-11-22', ['cai'], undefined],
        ['2026-11-23', ['bo'], undefined],
        ['2026-11-24', undefined, 'bo'],
      ],
      { bo: '薄', cai: 'cai' },
    ]);
  });

  it('hand a due round on and take that back', async () => {
    const { ask, command } = await site();
    const due = 'daily-main@2026-11-22';
    const done = (await command('anna', 'assign-round', { due, account: 'bo' })).body as CommandDone;
    const assignee = async () =>
      (await ask<RoundPack>('anna', 'GET', '/api/rounds/pack')).body.due.find(({ id }) => id === due)
        ?.assignee;
    expect(await assignee()).toBe('bo');
    const undone = await ask('anna', 'POST', '/api/commands/assign-round', {
      mode: 'undo',
      token: done.undo?.token,
    });
    expect([undone.status, await assignee()]).toEqual([200, undefined]);
    expect((await command('anna', 'assign-round', { due, account: 'nobody' })).status).toBe(404);
    expect((await command('anna', 'assign-round', { due: 'daily-main@2026-13-99' })).status).toBe(404);
  });

  it('take a task and close it, and give it back as it was', async () => {
    const { ask, command, hand } = await site();
    const round = walkedRound();
    const visits = round.visits.map((visit) => ({
      ...visit,
      answers: visit.answers.map((one) => (one.item === 'cleaning' ? { ...one, value: false } : one)),
    }));
    await hand('anna', { ...round, visits });
    const tasks = async () =>
      (await ask<{ tasks: { id: string; owner?: string }[] }>('bo', 'GET', '/api/rounds/tasks')).body.tasks;
    const [task] = await tasks();
    await command('bo', 'take-round-task', { task: task?.id });
    expect((await tasks())[0]?.owner).toBe('bo');
    const closed = (await command('bo', 'close-round-task', { task: task?.id, closing: 'swept' }))
      .body as CommandDone;
    expect(await tasks()).toEqual([]);
    await ask('bo', 'POST', '/api/commands/close-round-task', { mode: 'undo', token: closed.undo?.token });
    expect(await tasks()).toHaveLength(1);
  });

  it('save a new version of a round, refuse one that is faulty, and take it back', async () => {
    const { ask, command } = await site();
    const { version: _version, ...template } = roundTemplate();
    const save = (more: object, version = 1) =>
      command('bo', 'save-round-template', { template: { ...template, version, ...more } });
    const saved = await save({ needsReview: true });
    expect(saved.status).toBe(200);
    expect((await save({ room: 'attic' }, 2)).body).toMatchObject({
      message: 'room: there is no room "attic"',
    });
    const pack = async () => (await ask<RoundPack>('bo', 'GET', '/api/rounds/pack')).body.templates[0];
    expect(await pack()).toMatchObject({ version: 2, needsReview: true });
    const { undo } = saved.body as CommandDone;
    await ask('bo', 'POST', '/api/commands/save-round-template', { mode: 'undo', token: undo?.token });
    expect(await pack()).toMatchObject({ version: 3, needsReview: false });
    expect((await command('anna', 'save-round-template', { template })).status).toBe(403);
  });

  it('save a round that others have changed meanwhile with what they made of it, and say what becomes of that', async () => {
    const { ask, command } = await site();
    const seen = roundTemplate();
    const name = { 'zh-CN': '每日', en: 'Mine' };
    const saved = async (template: object) =>
      (await command('bo', 'save-round-template', { template })).body as CommandDone;
    const url = '/api/commands/save-round-template';
    const input = { template: { ...seen, name } };
    const looked = await ask<CommandPreview>('bo', 'POST', url, { mode: 'preview', input });
    await saved({ ...seen, needsReview: true });
    // What was looked at is no longer what would be done: it is shown anew.
    const { version } = looked.body;
    const late = await ask<{ preview: CommandPreview }>('bo', 'POST', url, { mode: 'do', input, version });
    const kept = { code: 'round_field_kept', params: { part: 'needsReview', by: 'bo' } };
    expect(late.status).toBe(409);
    expect(late.body.preview.effects).toContainEqual(kept);
    expect((await saved({ ...seen, name })).effects).toContainEqual(kept);
    expect((await saved({ ...seen, name: { 'zh-CN': '日检', en: 'Other' } })).effects).toContainEqual({
      code: 'round_field_replaced',
      params: { part: 'name', by: 'bo' },
    });
    const now = (await ask<RoundPack>('bo', 'GET', '/api/rounds/pack')).body.templates[0];
    expect(now).toMatchObject({ version: 4, needsReview: true, name: { en: 'Other' } });
    const taken = await command('bo', 'save-round-template', { template: { ...seen, version: 0 } });
    expect([taken.status, taken.body]).toMatchObject([
      409,
      { message: 'id: there is a round "daily-main" already; give yours another.' },
    ]);
  });

  it('write rounds as a table that spreadsheets read and do not run', async () => {
    const { hand, text } = await site();
    const round = walkedRound();
    const visits = round.visits.map((visit) => ({
      ...visit,
      answers: visit.answers.map((one) => ({ ...one, note: '=cmd|calc' })),
    }));
    await hand('anna', { ...round, visits });
    const range = 'fromDay=2026-11-01&toDay=2026-11-30';
    const csv = await text(`/api/rounds/export?${range}&format=csv`);
    expect(csv.split('\r\n')).toHaveLength(6);
    expect(csv).toContain("'=cmd|calc");
    expect(csv).not.toMatch(/,=cmd/);
    expect((await text(`/api/rounds/export?${range}&format=xlsx`)).slice(0, 2)).toBe('PK');
  });
});
