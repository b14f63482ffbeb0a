import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { peopleBetween } from '../../collector/duty/watch/people-between.ts';
import { openRecords, type Records } from '../../collector/records/open.ts';
import { addLedgerLine, findHandovers, ledgerLately, ledgerSince } from '../../collector/records/watch.ts';
import { responsibleAt } from '../../config/model/ledger.ts';
import type { RecordsSettings } from '../../config/records.ts';
import { folderWith } from '../support/folder.ts';
import { manualClock } from '../support/manual-clock.ts';
import { stores } from '../support/stores.ts';
import { watchSite, type WatchSite } from '../support/watch-site.ts';

const HOUR_MS = 3_600_000;

describe.each(await stores())('the watch on $name', ({ place }) => {
  let folder: string;
  let settings: RecordsSettings;
  const open = async (): Promise<Records> => {
    const records = await openRecords(folder, settings);
    let isOpen = true;
    const close = async (): Promise<void> => {
      if (isOpen) await records.close();
      isOpen = false;
    };
    onTestFinished(close);
    return { ...records, close };
  };
  beforeEach(() => {
    folder = folderWith();
    settings = place();
  });

  const begun = async (records: Records): Promise<{ site: WatchSite; id: number }> => {
    const site = await watchSite({ records });
    await site.take('li');
    const id = await site.start('wang');
    await site.openAll('wang', id);
    return { site, id };
  };
  const lines = async ({ own }: WatchSite) => ledgerSince(own.db, 0, 100);

  it('has one truth when both sign at the same millisecond', async () => {
    const { site, id } = await begun(await open());
    const [first, second] = await Promise.all([
      site.sign('li', id, 'outgoing'),
      site.sign('wang', id, 'incoming'),
    ]);
    expect([first.status, second.status]).toEqual([200, 200]);
    const { handover } = await site.handover(id);
    expect(handover.state.kind).toBe('sealed');
    expect(handover.signatures.map(({ role }) => role).sort()).toEqual(['incoming', 'outgoing']);
    expect((await lines(site)).map(({ person }) => person)).toEqual(['li', 'wang']);
  });

  it('knows how many shared its load at each instant', async () => {
    const { db } = await open();
    const line = { cause: 'taken', recordedAtMs: 0 } as const;
    const kept = [
      { ...line, post: 'operator', atMs: 1_000, person: 'li' },
      { ...line, post: 'deputy', atMs: 2_000, person: 'wang' },
      { ...line, post: 'shiftLead', atMs: 2_000, person: 'chen' },
      { ...line, post: 'deputy', atMs: 3_000, cause: 'given_up' },
    ] as const;
    for (const one of kept) await addLedgerLine(db, one);
    const between = await peopleBetween(db, 2_500);
    expect([2_500, 2_999, 3_000, 9_000].map(between)).toEqual([2, 2, 1, 1]);
    expect((await peopleBetween(db, 0))(500)).toBe(1);
  });

  it('begins one of two handovers that are begun at once, and tells the other', async () => {
    const site = await watchSite({ records: await open() });
    await site.take('li');
    const given = await Promise.all([
      site.give('wang', 'start-handover', {}),
      site.give('zhao', 'start-handover', {}),
    ]);
    expect(new Set(given.map(({ status }) => status))).toEqual(new Set([200, 409]));
    expect(await findHandovers(site.own.db, { limit: 10 })).toHaveLength(2);
  });

  it('goes on after a restart between the two signatures', async () => {
    const records = await open();
    const { site, id } = await begun(records);
    await site.sign('li', id, 'outgoing');
    await site.desk.stop();
    await records.close();
    const later = manualClock(site.own.clock.nowMs() + 60_000);
    const again = await watchSite({ records: await open(), clock: later, people: [] });
    expect(again.desk.onWatch('operator', later.nowMs())).toEqual(['li']);
    expect((await again.sign('wang', id, 'incoming')).status).toBe(200);
    expect(again.desk.onWatch('operator', later.nowMs())).toEqual(['wang']);
  });

  it('refuses a sheet that has become stale, and one that nobody has seen', async () => {
    const { site, id } = await begun(await open());
    const input = { handover: id, role: 'outgoing', sheetHash: '0'.repeat(64), way: 'password' };
    expect(await site.refusal('li', 'sign-handover', input)).toBe('sheet_other');
    await site.own.clock.advance(2 * HOUR_MS + 1);
    expect((await site.sign('li', id, 'outgoing')).body.faults?.[0]?.message).toBe('sheet_stale');
  });

  it('keeps what was signed as it is, whatever a program asks', async () => {
    const { site, id } = await begun(await open());
    const { db } = site.own;
    await site.sign('li', id, 'outgoing');
    await site.sign('wang', id, 'incoming');
    await expect(
      db.updateTable('handover').set({ handover: '{}' }).where('id', '=', id).execute(),
    ).rejects.toThrow();
    await expect(db.deleteFrom('handover').where('id', '=', id).execute()).rejects.toThrow();
    await expect(db.updateTable('watch_ledger').set({ person: 'zhao' }).execute()).rejects.toThrow();
    await expect(db.deleteFrom('watch_ledger').execute()).rejects.toThrow();
    await site.give('li', 'add-addendum', { handover: id, text: 'the key was found' });
    await expect(db.deleteFrom('handover_addendum').execute()).rejects.toThrow();
    expect((await site.handover(id)).addenda).toMatchObject([{ person: 'li', text: 'the key was found' }]);
  });

  it('knows the newest lines, however many somebody has made before', async () => {
    const { db } = await open();
    for (let atMs = 1; atMs <= 9; atMs += 1) {
      const person = `p${atMs}`;
      await addLedgerLine(db, { post: 'deputy', atMs, recordedAtMs: atMs, person, cause: 'taken' });
    }
    const named = (found: readonly { readonly person?: string }[]) => found.map(({ person }) => person);
    expect(named(await ledgerLately(db, 2, 3))).toEqual(['p7', 'p8', 'p9']);
    expect(named(await ledgerSince(db, 2, 3))).toEqual(['p2', 'p3', 'p4']);
  });

  it('answers for every instant as the ledger in memory does', async () => {
    const { db } = await open();
    const atMs = [10, 20, 20, 35];
    for (const [index, at] of atMs.entries()) {
      const person = ['li', 'wang', 'zhao'][index];
      await addLedgerLine(db, {
        post: 'operator',
        atMs: at,
        recordedAtMs: at,
        cause: 'taken',
        ...(person === undefined ? {} : { person }),
      });
    }
    const all = await ledgerSince(db, 0, 100);
    const found = [9, 10, 19, 20, 34, 35].map((at) => responsibleAt(all, 'operator', at));
    expect(found.map((one) => (one.kind === 'person' ? one.person : 'nobody'))).toEqual([
      'nobody',
      'li',
      'li',
      'zhao',
      'zhao',
      'nobody',
    ]);
  });
});

describe('two collectors on one PostgreSQL', async () => {
  const postgres = (await stores()).find(({ name }) => name === 'PostgreSQL');

  it.skipIf(postgres === undefined)(
    'have one truth when each takes a signature at the same millisecond',
    async () => {
      const settings = postgres?.place() ?? {};
      const folder = folderWith();
      const [here, there] = [await openRecords(folder, settings), await openRecords(folderWith(), settings)];
      onTestFinished(() => here.close());
      onTestFinished(() => there.close());
      const one = await watchSite({ records: here });
      await one.take('li');
      const other = await watchSite({
        records: there,
        clock: manualClock(one.own.clock.nowMs()),
        people: [],
      });
      const id = await one.start('wang');
      await one.openAll('wang', id);
      const given = await Promise.all([one.sign('li', id, 'outgoing'), other.sign('wang', id, 'incoming')]);
      expect(given.map(({ status }) => status)).toEqual([200, 200]);
      expect((await one.handover(id)).handover.state.kind).toBe('sealed');
      expect(await ledgerSince(here.db, 0, 10)).toHaveLength(2);
    },
  );
});
