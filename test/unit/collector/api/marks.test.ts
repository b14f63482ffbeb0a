import { describe, expect, it } from 'vitest';
import { marksRoutes } from '../../../../collector/api/marks.ts';
import { auditLines } from '../../../../collector/records/audit-lines.ts';
import { createAlertStore } from '../../../../collector/records/alerts.ts';
import { addLedgerLine } from '../../../../collector/records/watch.ts';
import type { AlertView } from '../../../../config/model/api.ts';
import type { CommandDone, CommandPreview } from '../../../../config/model/command.ts';
import type { MarksBody } from '../../../../config/model/marks.ts';
import type { Site } from '../../../../config/model/site.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';

const named = (id: string) => ({ id, name: { 'zh-CN': id, en: id } });
const device = (id: string, room: string): Site['devices'][number] => ({
  ...named(id),
  kind: 'ups',
  layer: 'facility',
  room,
  feeds: [],
});
const SITE: Site = {
  name: { 'zh-CN': '机房', en: 'Room' },
  isDemonstration: false,
  timeZone: 'UTC',
  rooms: ['main', 'annex'].map((id) => ({ ...named(id), rows: [] })),
  devices: [device('ups-a', 'main'), device('ups-b', 'main'), device('ups-c', 'annex')],
};

const alert = (of: string): AlertView => ({
  fingerprint: `f-${of}`,
  rule: 'r',
  name: 'UpsOnBattery',
  severity: 'critical',
  phase: { kind: 'firing', sinceMs: 1, firedAtMs: 2 },
  labels: { alertname: 'UpsOnBattery', device: of },
  device: of,
  summary: { 'zh-CN': '市电中断', en: 'Mains lost' },
  response: { 'zh-CN': '', en: '' },
  consequence: { 'zh-CN': '', en: '' },
  value: 1,
});

async function site() {
  const own = await apiSite({ plugins: ({ db, clock }) => [marksRoutes({ db, clock, site: () => SITE })] });
  const account = await own.account('operator', 'li');
  const cookie = await own.cookieOf(account);
  const startMs = own.clock.nowMs();
  const entries = ['ups-a', 'ups-b', 'ups-c'].flatMap((of, at) => [
    { atMs: startMs - 9_000 + at, transition: 'fired' as const, alert: alert(of) },
    { atMs: startMs - 5_000 + at, transition: 'resolved' as const, alert: alert(of) },
  ]);
  await createAlertStore(own.db).save({ saved: [], removed: [], entries });
  const line = { recordedAtMs: startMs, cause: 'taken' } as const;
  await addLedgerLine(own.db, { ...line, post: 'operator', atMs: startMs - 7_000, person: 'li' });
  await addLedgerLine(own.db, { ...line, post: 'shiftLead', atMs: startMs - 7_000, person: 'li' });
  await addLedgerLine(own.db, { ...line, post: 'operator', atMs: startMs - 6_000, cause: 'given_up' });
  const headers = { ...FROM_PAGE, cookie };
  const get = async (place = '', fromMs = startMs - 10_000, toMs = startMs + 10_000) => {
    const answer = await own.api.inject({ url: `/api/marks?fromMs=${fromMs}&toMs=${toMs}${place}`, headers });
    return { status: answer.statusCode, body: answer.json<MarksBody>() };
  };
  const give = async <T>(name: string, payload: object) => {
    const answer = await own.api.inject({ method: 'POST', url: `/api/commands/${name}`, headers, payload });
    return { status: answer.statusCode, body: answer.json<T>() };
  };
  const done = async (name: string, input: object) => {
    const { body } = await give<CommandPreview>(name, { mode: 'preview', input });
    return give<CommandDone<{ readonly id: number }>>(name, { mode: 'do', input, version: body.version });
  };
  const told = async (place = ''): Promise<readonly string[]> =>
    (await get(place)).body.marks.map((mark) => {
      if (mark.kind === 'alert') return `${mark.transition} ${mark.alert.device}`;
      return mark.kind === 'watch'
        ? `watch ${mark.person ?? 'nobody'}`
        : `note ${mark.note.text} ${mark.note.by}`;
    });
  return { ...own, startMs, get, give, done, told };
}

describe('marks on the time line', () => {
  it('are the alerts of the place, and the moves of the watch', async () => {
    const { told, get, startMs } = await site();
    expect(await told('&device=ups-b')).toEqual([
      'fired ups-b',
      'watch li',
      'watch nobody',
      'resolved ups-b',
    ]);
    expect(await told('&room=main')).toEqual([
      'fired ups-a',
      'fired ups-b',
      'watch li',
      'watch nobody',
      'resolved ups-a',
      'resolved ups-b',
    ]);
    expect((await told()).filter((line) => line.endsWith('ups-c'))).toHaveLength(2);
    expect((await get('', startMs - 6_500, startMs - 5_500)).body.marks).toEqual([
      { kind: 'watch', atMs: startMs - 6_000, cause: 'given_up' },
    ]);
    expect((await get('&device=none')).status).toBe(404);
    expect((await get('&room=none')).status).toBe(404);
    expect((await get('', 5, 5)).status).toBe(400);
  });

  it('are what people write, which is shown beforehand, audited and can be taken back', async () => {
    const { told, give, done, startMs, db } = await site();
    const input = { atMs: startMs - 1_000, device: 'ups-a', text: ' filter changed ' };
    const { body } = await give<CommandPreview>('add-annotation', { mode: 'preview', input });
    expect(body.effects).toEqual([
      { code: 'annotation_added', params: { place: 'ups-a', text: 'filter changed' } },
    ]);
    expect(await told('&device=ups-a')).not.toContain('note filter changed li');
    const added = await done('add-annotation', input);
    await done('add-annotation', { atMs: startMs - 2_000, room: 'main', text: 'doors open' });
    const both = ['note doors open li', 'note filter changed li'];
    expect((await told('&device=ups-a')).slice(-2)).toEqual(both);
    expect((await told('&room=main')).slice(-2)).toEqual(both);
    expect((await told('&device=ups-b')).slice(-1)).toEqual(both.slice(0, 1));
    expect((await told('&room=annex')).slice(-1)).toEqual(['resolved ups-c']);

    const undone = await give<CommandDone>('add-annotation', { mode: 'undo', token: added.body.undo?.token });
    expect(undone.body.effects).toEqual([
      { code: 'annotation_removed', params: { place: 'ups-a', text: 'filter changed' } },
    ]);
    expect((await told('&device=ups-a')).slice(-1)).toEqual(both.slice(0, 1));
    const lines: object[] = [];
    for await (const { action, personal: { who, target } = {} } of auditLines(db))
      if (action.includes('annotation')) lines.push({ action, who, target });
    expect(lines).toEqual([
      { action: 'add_annotation', who: 'li', target: 'ups-a' },
      { action: 'add_annotation', who: 'li', target: 'main' },
      { action: 'add_annotation_undone', who: 'li', target: 'ups-a' },
    ]);
  });

  it('that somebody wrote are taken away, once, and brought back', async () => {
    const { told, give, done, startMs } = await site();
    const added = await done('add-annotation', { atMs: startMs, room: 'main', text: 'x' });
    const id = added.body.result?.id;
    const gone = await done('remove-annotation', { id });
    expect(gone.body.effects).toEqual([{ code: 'annotation_removed', params: { place: 'main', text: 'x' } }]);
    expect(await told('&room=main')).not.toContain('note x li');
    expect((await give('remove-annotation', { mode: 'preview', input: { id } })).status).toBe(404);
    const undo = await give('add-annotation', { mode: 'undo', token: added.body.undo?.token });
    expect(undo.status).toBe(409);
    await give('remove-annotation', { mode: 'undo', token: gone.body.undo?.token });
    expect(await told('&room=main')).toContain('note x li');
  });

  it.each([
    [{ room: 'main' }, 'in the future', 120_000, 400],
    [{}, 'nowhere', 0, 400],
    [{ room: 'none' }, 'in no room', 0, 404],
    [{ device: 'none' }, 'at no device', 0, 404],
    [{ room: 'main' }, '   ', 0, 400],
    [{ room: 'main' }, 'x'.repeat(501), 0, 400],
  ])('are not written %j: %s', async (place, text, aheadMs, status) => {
    const { give, startMs } = await site();
    const input = { atMs: startMs + aheadMs, ...place, text };
    expect((await give('add-annotation', { mode: 'preview', input })).status).toBe(status);
  });
});
