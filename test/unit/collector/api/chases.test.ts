import { expect, it } from 'vitest';
import { chaseRoutes } from '../../../../collector/api/chases.ts';
import { createChaseStore } from '../../../../collector/records/chases.ts';
import type { ChaseRecord, ChasesBody } from '../../../../config/model/chase.ts';
import type { CommandDone, CommandPreview } from '../../../../config/model/command.ts';
import { auditOf } from '../../../support/audit.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';

const RECORD: ChaseRecord = {
  id: 'unacknowledged:f0:1',
  kind: 'unacknowledged',
  title: { 'zh-CN': '停电', en: 'On battery' },
  dueAtMs: 1,
  whose: [],
  alert: 'f0',
  path: '/alerts?alert=f0',
  chased: [{ as: 'person', to: [], atMs: 2 }],
};

it('what is overdue is listed, answered with a line of the audit, and the answer can be taken back', async () => {
  const records = new Map<string, ChaseRecord>([
    [RECORD.id, RECORD],
    ['over', { ...RECORD, id: 'over', endedAtMs: 5 }],
    ['untold', { ...RECORD, id: 'untold', chased: [] }],
  ]);
  const own = await apiSite({
    plugins: ({ db, clock }) => [
      chaseRoutes({
        db,
        clock,
        alerting: {
          chases: () => [...records.values()],
          chaseTook: (record) => void records.set(record.id, record),
        },
      }),
    ],
  });
  const store = createChaseStore(own.db, () => own.clock.nowMs());
  await store.commit({ records: [...records.values()], messages: [] });
  const cookie = await own.cookieOf(await own.account('operator', 'li'));
  const command = async (payload: object) => {
    const answer = await own.api.inject({
      method: 'POST',
      url: '/api/commands/answer-chase',
      headers: { ...FROM_PAGE, cookie },
      payload,
    });
    return { status: answer.statusCode, body: answer.json<CommandPreview & CommandDone>() };
  };
  const list = async () =>
    (await own.api.inject({ url: '/api/chases', headers: { cookie } })).json<ChasesBody>();
  expect((await list()).open.map(({ id }) => id)).toEqual([RECORD.id]);
  expect((await list()).over.map(({ id }) => id)).toEqual(['over']);

  const input = { id: RECORD.id, text: 'on my way' };
  const { body: preview } = await command({ mode: 'preview', input });
  expect(preview.effects.map(({ code }) => code)).toEqual(['chase_answered', 'chase_waits']);
  const { body: done } = await command({ mode: 'do', input, version: preview.version });
  expect((await list()).open[0]?.answer).toMatchObject({ person: 'li', text: 'on my way' });
  expect((await store.records()).find(({ id }) => id === RECORD.id)?.answer?.text).toBe('on my way');
  await command({ mode: 'undo', token: done.undo?.token });
  expect((await list()).open[0]).not.toHaveProperty('answer');
  expect((await auditOf(own.db)).map(({ who, action }) => `${who} ${action}`)).toEqual([
    'li answer_chase',
    'li answer_chase_undone',
  ]);
  expect((await command({ mode: 'preview', input: { id: 'over', text: 'x' } })).status).toBe(404);
  expect((await command({ mode: 'preview', input: { id: RECORD.id, text: ' ' } })).status).toBe(400);
});
