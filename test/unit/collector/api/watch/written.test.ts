import { describe, expect, it } from 'vitest';
import { verifyHandoverFile } from '../../../../../collector/duty/watch/export.ts';
import type { HandoversBody, WatchLogBody } from '../../../../../config/model/watch-api.ts';
import { auditOf } from '../../../../support/audit.ts';
import { FROM_PAGE } from '../../../../support/api-site.ts';
import { photoBytes } from '../../../../support/jpeg.ts';
import { watchSite } from '../../../../support/watch-site.ts';

const HOUR_MS = 3_600_000;

describe('what is written down', () => {
  it('is found by its words, is corrected by an addition, and keeps hostile text as text', async () => {
    const site = await watchSite();
    const hostile = '<img src=x onerror=alert(1)> 水浸传感器 \u202e';
    const { body } = await site.give('li', 'write-log', { text: hostile, tags: ['漏水'] });
    const { id } = body.result as { id: number };
    await site.give('li', 'write-log', { text: 'it was dry', corrects: id });
    const found = await site.get<WatchLogBody>(`/api/watch-log?text=${encodeURIComponent('水浸')}`);
    expect(found.entries).toMatchObject([{ id, text: hostile, tags: ['漏水'], author: 'li' }]);
    expect(found.names).toEqual({ li: expect.stringMatching(/./) });
    const all = await site.get<WatchLogBody>('/api/watch-log');
    expect(all.entries[0]).toMatchObject({ text: 'it was dry', corrects: id });
    await expect(site.own.db.deleteFrom('watch_log').execute()).rejects.toThrow(/stays/);
    expect(await site.refusal('li', 'write-log', { text: '', attachments: [7] })).toBe('no_such_record');
  });

  it('takes a photo without what it says of its place, and nothing that a browser would run', async () => {
    const site = await watchSite();
    const cookie = await site.own.cookieOf(
      await site.own.db.selectFrom('account').select('id').where('name', '=', 'li').executeTakeFirstOrThrow(),
    );
    const photo = photoBytes({ talk: 'Exif GPS 31.2,121.5 by somebody' });
    const upload = (name: string, content: Buffer) =>
      site.own.api.inject({
        method: 'POST',
        url: '/api/attachments',
        headers: { ...FROM_PAGE, cookie },
        payload: { name, content: content.toString('base64') },
      });
    const answer = await upload('../../房间.jpg', photo);
    expect(answer.json()).toMatchObject({ name: '房间.jpg', mediaType: 'image/jpeg' });
    const { id } = answer.json<{ id: number }>();
    const { bytes } = await site.raw(`/api/attachments/${id}`);
    expect(bytes.toString('latin1')).not.toMatch(/GPS|somebody/);
    expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect((await upload('x.html', Buffer.from([0, 1, 2]))).statusCode).toBe(400);
    expect((await upload('x.svg', Buffer.from('<svg onload="x"/>'))).json()).toMatchObject({
      mediaType: 'text/plain; charset=utf-8',
    });
    expect((await upload('x.jpg', photo.subarray(0, 12))).statusCode).toBe(400);
    const { body } = await site.give('li', 'write-log', { text: '', attachments: [id] });
    expect(body.effects).toMatchObject([{ code: 'watch_noted' }]);
    expect(await site.refusal('wang', 'write-log', { text: 'x', attachments: [id] })).toBe('no_such_record');
  });

  it('is a line of the audit for each act, and a file that proves itself', async () => {
    const site = await watchSite();
    await site.take('li');
    await site.own.clock.advance(HOUR_MS);
    const id = await site.start('wang');
    await site.own.clock.advance(1_000);
    await site.openAll('wang', id);
    await site.sign('li', id, 'outgoing');
    await site.own.clock.advance(1_000);
    await site.give('zhao', 'write-log', { text: 'somebody else was busy' });
    await site.sign('wang', id, 'incoming');
    await site.give('li', 'add-addendum', { handover: id, text: 'the key was found' });
    const actions = (await auditOf(site.own.db)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'sign_handover')).toHaveLength(2);
    const file = (await site.raw(`/api/handovers/${id}/export`)).bytes.toString();
    expect(verifyHandoverFile(file)).toMatchObject({ isWhole: true, handover: { id } });
    expect(file).not.toContain('somebody else was busy');
    const changed = Array.from({ length: 60 }, (_, index) => {
      const at = Math.floor((file.length / 60) * index);
      const other = file[at] === '7' ? '8' : '7';
      return verifyOf(file.slice(0, at) + other + file.slice(at + 1));
    });
    expect(new Set(changed)).toEqual(new Set([false]));
    expect(verifyHandoverFile(file, 'f'.repeat(64))).toEqual({ isWhole: false, why: 'anchor_missing' });
    const { handovers } = await site.get<HandoversBody>(`/api/handovers?text=${encodeURIComponent('wang')}`);
    expect(handovers.map((one) => one.id)).toEqual([id]);
    const pdf = await site.raw(`/api/handovers/${id}/sheet.pdf`);
    expect([pdf.status, pdf.bytes.subarray(0, 5).toString()]).toEqual([200, '%PDF-']);
    expect((await site.raw('/api/handovers/month.pdf?month=2026-11&language=en')).status).toBe(200);
  });
});

function verifyOf(text: string): boolean {
  try {
    return verifyHandoverFile(text).isWhole;
  } catch {
    return false;
  }
}
