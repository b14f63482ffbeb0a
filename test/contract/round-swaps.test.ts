import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { roundRoutes } from '../../collector/api/rounds.ts';
import { assigneeOf, openSwaps } from '../../collector/duty/rounds/assign.ts';
import { seedTemplates } from '../../collector/duty/rounds/templates.ts';
import { openRecords } from '../../collector/records/open.ts';
import type { CommandDone, CommandName, CommandPreview } from '../../config/model/command.ts';
import type { RoundSwapsBody } from '../../config/model/round-api.ts';
import { apiSite, FROM_PAGE } from '../support/api-site.ts';
import { auditOf } from '../support/audit.ts';
import { folderWith } from '../support/folder.ts';
import { roundTemplate, walkedRound } from '../support/rounds.ts';
import { stores } from '../support/stores.ts';
import { fixedRoster } from '../support/watch-site.ts';

const ROOM = { id: 'main', name: { 'zh-CN': '主机房', en: 'Main' }, rows: [] };
const ANNAS = 'daily-main@2026-11-23';
const BOS = 'daily-main@2026-11-24';

describe.each(await stores())('rounds that are swapped, in $name', ({ place }) => {
  async function site() {
    const records = await openRecords(join(folderWith(), 'data'), place());
    onTestFinished(() => records.close());
    const { db } = records;
    const own = await apiSite({
      records,
      plugins: (deps) => [
        roundRoutes({
          ...deps,
          site: () => ({ timeZone: 'Asia/Shanghai', rooms: [ROOM] }),
          roster: fixedRoster([]),
          askSensors: async () => ({ value: { type: 'scalar', value: 1 }, warnings: [], infos: [] }),
        }),
      ],
    });
    await seedTemplates(db, [roundTemplate()], 0);
    const cookies = {
      anna: await own.cookieOf(await own.account('operator', 'anna')),
      bo: await own.cookieOf(await own.account('operator', 'bo')),
      cai: await own.cookieOf(await own.account('engineer', 'cai')),
    };
    type Who = keyof typeof cookies;
    const ask = async <T>(who: Who, method: 'GET' | 'POST', url: string, payload?: object) => {
      const headers = { ...FROM_PAGE, cookie: cookies[who] };
      const answer = await own.api.inject({
        method,
        url,
        headers,
        ...(payload === undefined ? {} : { payload }),
      });
      return { status: answer.statusCode, body: answer.json<T>() };
    };
    const preview = (who: Who, name: CommandName, input: object) =>
      ask<CommandPreview>(who, 'POST', `/api/commands/${name}`, { mode: 'preview', input });
    const command = async (who: Who, name: CommandName, input: object) => {
      const shown = await preview(who, name, input);
      if (shown.status !== 200) return shown as { status: number; body: unknown };
      const { version } = shown.body;
      return ask<CommandDone<{ id: string }>>(who, 'POST', `/api/commands/${name}`, {
        mode: 'do',
        input,
        version,
      });
    };
    const undo = (who: Who, name: CommandName, done: unknown) =>
      ask<CommandDone>(who, 'POST', `/api/commands/${name}`, {
        mode: 'undo',
        token: (done as CommandDone).undo?.token,
      });
    const whose = async () => [await assigneeOf(db, ANNAS), await assigneeOf(db, BOS)];
    await command('anna', 'assign-round', { due: ANNAS, account: 'anna' });
    await command('bo', 'assign-round', { due: BOS, account: 'bo' });
    const offer = async () => {
      const input = { gives: ANNAS, to: 'bo', takes: BOS, reason: 'training' };
      const { body } = await command('anna', 'offer-round-swap', input);
      const done = body as CommandDone<{ id: string }>;
      return { done, id: done.result?.id ?? '' };
    };
    return { ...own, db, ask, preview, command, undo, whose, offer };
  }

  it('are nobody else’s before the other has agreed, and each the other’s from then on', async () => {
    const { ask, preview, command, whose, offer, db } = await site();
    const shown = await preview('anna', 'offer-round-swap', {
      gives: ANNAS,
      to: 'bo',
      takes: BOS,
      reason: '',
    });
    expect(shown.body.effects.map(({ code }) => code)).toEqual([
      'round_swap_offered',
      'round_is_persons',
      'round_is_persons',
    ]);
    expect(await openSwaps(db)).toEqual([]);
    const { id } = await offer();
    expect(await whose()).toEqual(['anna', 'bo']);
    const listed = await ask<RoundSwapsBody>('cai', 'GET', '/api/rounds/swaps');
    expect(listed.body.swaps).toMatchObject([{ id, from: 'anna', to: 'bo', reason: 'training' }]);
    expect((await command('bo', 'answer-round-swap', { id, answer: 'accept' })).status).toBe(200);
    expect(await whose()).toEqual(['bo', 'anna']);
    expect(await openSwaps(db)).toEqual([]);
    expect((await auditOf(db)).map(({ action, who }) => [action, who]).slice(-2)).toEqual([
      ['offer_round_swap', 'anna'],
      ['answer_round_swap', 'bo'],
    ]);
    expect((await command('bo', 'answer-round-swap', { id, answer: 'accept' })).status).toBe(409);
  });

  it('are answered by nobody but the one who was asked, and withdrawn by nobody but who offered', async () => {
    const { command, offer, whose, db } = await site();
    const { id } = await offer();
    for (const [who, answer] of [
      ['anna', 'accept'],
      ['cai', 'accept'],
      ['cai', 'decline'],
      ['bo', 'withdraw'],
    ] as const)
      expect((await command(who, 'answer-round-swap', { id, answer })).status, `${who} ${answer}`).toBe(403);
    expect((await command('bo', 'answer-round-swap', { id, answer: 'decline' })).status).toBe(200);
    expect([await whose(), await openSwaps(db)]).toEqual([['anna', 'bo'], []]);
    const again = await offer();
    expect((await command('anna', 'answer-round-swap', { id: again.id, answer: 'withdraw' })).status).toBe(
      200,
    );
    expect((await command('bo', 'answer-round-swap', { id: again.id, answer: 'accept' })).status).toBe(409);
  });

  it('are taken back as they were, unless something has happened since', async () => {
    const { command, undo, offer, whose, db } = await site();
    const { id, done } = await offer();
    const accepted = await command('bo', 'answer-round-swap', { id, answer: 'accept' });
    expect((await undo('anna', 'offer-round-swap', done)).status).toBe(409);
    expect((await undo('bo', 'answer-round-swap', accepted.body)).status).toBe(200);
    expect(await whose()).toEqual(['anna', 'bo']);
    expect(await openSwaps(db)).toMatchObject([{ id, state: { kind: 'offered' } }]);
    const anew = await command('bo', 'answer-round-swap', { id, answer: 'accept' });
    await command('cai', 'assign-round', { due: BOS, account: 'cai' });
    expect((await undo('bo', 'answer-round-swap', anew.body)).status).toBe(409);
    expect(await whose()).toEqual(['bo', 'cai']);
  });

  it('are refused once one was walked or is somebody else’s', async () => {
    const { command, offer, db } = await site();
    const { id } = await offer();
    await command('cai', 'assign-round', { due: BOS, account: 'cai' });
    const late = await command('bo', 'answer-round-swap', { id, answer: 'accept' });
    expect(late).toMatchObject({ status: 409, body: { message: `${BOS} is not bo’s: it is cai’s.` } });
    const input = { gives: 'daily-main@2026-11-22', to: 'bo', reason: '' };
    const favour = (await command('anna', 'offer-round-swap', input)).body as CommandDone<{ id: string }>;
    await db
      .insertInto('round')
      .values({
        id: walkedRound().id,
        template: 'daily-main',
        version: 1,
        due: input.gives,
        day: '2026-11-22',
        received_at_ms: 0,
        walked_by: 'anna',
        sent_by: 'anna',
        result: 'normal',
        doubts: 0,
        is_late: 0,
        hash: '',
        clock_difference_ms: 0,
        submission: '{}',
        judged: '{}',
      })
      .execute();
    const answer = await command('bo', 'answer-round-swap', {
      id: favour.result?.id ?? '',
      answer: 'accept',
    });
    expect(answer.status).toBe(409);
    expect((await openSwaps(db)).map((swap) => swap.id)).toEqual([id]);
  });

  it.each([
    ['with oneself', { gives: ANNAS, to: 'anna', reason: '' }, 400],
    ['with nobody', { gives: ANNAS, to: 'nobody', reason: '' }, 404],
    ['for itself', { gives: ANNAS, to: 'bo', takes: ANNAS, reason: '' }, 400],
    ['of what is somebody else’s', { gives: BOS, to: 'cai', reason: '' }, 409],
    ['for what is not the other’s', { gives: ANNAS, to: 'cai', takes: BOS, reason: '' }, 409],
    ['of what is never due', { gives: 'daily-main@2026-13-01', to: 'bo', reason: '' }, 404],
  ])('are not offered %s', async (_what, input, status) => {
    const { command } = await site();
    expect((await command('anna', 'offer-round-swap', input)).status).toBe(status);
  });
});
