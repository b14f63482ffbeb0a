import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecords } from '../../collector/records/open.ts';
import { forgetTexts, indexText, searchIds } from '../../collector/records/search.ts';
import type { Db } from '../../collector/records/tables.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { stores } from '../support/stores.ts';

describe.each(await stores())('the search in $name', ({ make }) => {
  const folder = sharedFolderWith();
  let db: Db;
  let close: () => Promise<void>;
  afterAll(() => close());
  const TEXTS: Readonly<Record<number, string>> = {
    1: '三楼机房漏水，已通知物业',
    2: 'Leak at CRAC-2, water under the raised floor',
    3: '水漏了一地',
    4: 'ＵＰＳ　Ａ路 switched to battery at 10.1.0.21',
    5: '空调A1冷凝水泵故障 100%_done \\o/',
    6: "Robert'); drop table search_term; --",
  };
  beforeAll(async () => {
    const { settings, remove } = make();
    const records = await openRecords(folder, settings);
    db = records.db;
    close = () => records.close().then(remove);
    for (const [id, text] of Object.entries(TEXTS)) await indexText(db, 'watch', { id: Number(id), text });
    await indexText(db, 'other', { id: 1, text: '漏水' });
  });

  it.each([
    ['漏水', [1]],
    ['水', [5, 3, 1]],
    ['机房 漏水', [1]],
    ['房漏', [1]],
    ['水漏', [3]],
    ['漏 水', [3, 1]],
    ['leak', [2]],
    ['LEA wat', [2]],
    ['crac-2', [2]],
    ['rac', []],
    ['ups a路', [4]],
    ['10.1.0.2', [4]],
    ['1.10.0', []],
    ['空调a1', [5]],
    ['0%_d', []],
    ['100%_done', [5]],
    ['100__done', []],
    ["robert');", [6]],
    ["' or 1=1 --", []],
    ['%', []],
    ['', []],
    ['漏水 battery', []],
  ])('finds by %j what holds it, and nothing else', async (text, ids) => {
    expect(await searchIds(db, { scope: 'watch', text, limit: 10 })).toEqual(ids);
  });

  it('goes on below a number, as many as are asked for', async () => {
    expect(await searchIds(db, { scope: 'watch', text: '水', limit: 1 })).toEqual([5]);
    expect(await searchIds(db, { scope: 'watch', text: '水', limit: 5, beforeId: 5 })).toEqual([3, 1]);
  });

  it('forgets a text, and finds a new one in the place of an old one', async () => {
    await forgetTexts(db, 'watch', [1, 99]);
    await indexText(db, 'watch', { id: 3, text: '已修复' });
    expect(await searchIds(db, { scope: 'watch', text: '水', limit: 10 })).toEqual([5]);
    expect(await searchIds(db, { scope: 'watch', text: '修复', limit: 10 })).toEqual([3]);
    expect(await searchIds(db, { scope: 'other', text: '漏水', limit: 10 })).toEqual([1]);
    const terms = await db
      .selectFrom('search_term')
      .select('id')
      .distinct()
      .where('scope', '=', 'watch')
      .execute();
    expect(new Set(terms.map(({ id }) => id))).toEqual(new Set([2, 3, 4, 5, 6]));
  });
});
