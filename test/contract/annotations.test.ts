import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addAnnotation,
  annotationById,
  annotationsBetween,
  setAnnotationRemoved,
  type NewAnnotation,
} from '../../collector/records/annotations.ts';
import { openRecords } from '../../collector/records/open.ts';
import type { Db } from '../../collector/records/tables.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { stores } from '../support/stores.ts';

const written = (atMs: number, place: Partial<NewAnnotation>, text = `at ${atMs}`): NewAnnotation => ({
  atMs,
  room: 'main',
  text,
  by: '王 <b>',
  writtenAtMs: 9_000_000_000_000,
  ...place,
});

describe.each(await stores())('annotations in $name', ({ make }) => {
  const folder = sharedFolderWith();
  let db: Db;
  let close: () => Promise<void>;
  const ids: number[] = [];
  afterAll(() => close());
  beforeAll(async () => {
    const { settings, remove } = make();
    const records = await openRecords(folder, settings);
    db = records.db;
    close = () => records.close().then(remove);
    for (const one of [
      written(3_000, { device: 'ups-a' }),
      written(1_000, {}, "换了滤网'); drop table annotation; --"),
      written(2_000, { room: 'annex' }),
      written(2_000, { device: 'ups-b' }),
    ])
      ids.push(await addAnnotation(db, one));
  });

  const texts = async (
    ...[span, place]: [{ fromMs: number; toMs: number }, { room?: string; device?: string }?]
  ) =>
    (await annotationsBetween(db, span, place)).map(({ atMs, room, device }) => `${atMs} ${device ?? room}`);

  it('are found by time and place: of a device with those of its room', async () => {
    const all = { fromMs: 0, toMs: 10_000 };
    expect(await texts(all)).toEqual(['1000 main', '2000 annex', '2000 ups-b', '3000 ups-a']);
    expect(await texts(all, { room: 'main' })).toEqual(['1000 main', '2000 ups-b', '3000 ups-a']);
    expect(await texts(all, { room: 'main', device: 'ups-a' })).toEqual(['1000 main', '3000 ups-a']);
    expect(await texts({ fromMs: 1_000, toMs: 2_000 }, { room: 'main' })).toEqual([
      '1000 main',
      '2000 ups-b',
    ]);
    expect(await texts({ fromMs: 1_001, toMs: 1_999 })).toEqual([]);
  });

  it('come back as they were written', async () => {
    expect(await annotationById(db, ids[1] ?? 0)).toEqual({
      id: ids[1],
      ...written(1_000, {}, "换了滤网'); drop table annotation; --"),
    });
    expect(await annotationById(db, 999)).toBeUndefined();
  });

  it('are taken away once, and brought back once', async () => {
    const [id = 0] = ids;
    expect(await setAnnotationRemoved(db, id, undefined)).toBe(false);
    expect(await setAnnotationRemoved(db, id, 5_000)).toBe(true);
    expect(await setAnnotationRemoved(db, id, 6_000)).toBe(false);
    expect(await annotationById(db, id)).toBeUndefined();
    expect(await texts({ fromMs: 3_000, toMs: 3_000 })).toEqual([]);
    expect(await setAnnotationRemoved(db, id, undefined)).toBe(true);
    expect(await texts({ fromMs: 3_000, toMs: 3_000 })).toEqual(['3000 ups-a']);
  });
});
