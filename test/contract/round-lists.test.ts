import { beforeEach, describe, expect, it } from 'vitest';
import { boundRounds } from '../../collector/duty/rounds/bodies.ts';
import { roundLines } from '../../collector/duty/rounds/lists.ts';
import type { Db } from '../../collector/records/tables.ts';
import { defined } from '../../config/model/defined.ts';
import { walkedRound } from '../support/rounds.ts';
import { roundRecords, type RoundRecords } from '../support/round-records.ts';
import { stores } from '../support/stores.ts';

describe.each(await stores())('lists of rounds in $name', ({ place }) => {
  let db: Db;
  let send: RoundRecords['send'];
  let proven: RoundRecords['proven'];

  beforeEach(async () => {
    ({ db, send, proven } = await roundRecords(place()));
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
});
