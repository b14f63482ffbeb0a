import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newRows } from '../../collector/duty/rounds/hand-in.ts';
import { roundLines } from '../../collector/duty/rounds/lists.ts';
import { seedTemplates } from '../../collector/duty/rounds/templates.ts';
import { migrate } from '../../collector/records/migrate.ts';
import { MIGRATIONS } from '../../collector/records/migrations/index.ts';
import { roundListTables } from '../../collector/records/migrations/round-lists.ts';
import { openStore } from '../../collector/records/open.ts';
import type { RoundDoubt } from '../../config/model/round-judge.ts';
import { folderWith } from '../support/folder.ts';
import { roundTemplate, WALKED_AT_MS, walkedRound } from '../support/rounds.ts';
import { stores } from '../support/stores.ts';

const TOO_FAST = { code: 'too_fast', seconds: 1, minSeconds: 10 } as const;
const idOf = (index: number): string => walkedRound().id.replace(/1$/, String(index));

/** A round as it was handed in before its doubts had a table of their own. */
const handedIn = (index: number, doubts: readonly RoundDoubt[]) =>
  newRows({
    round: walkedRound({ id: idOf(index) }),
    judged: { result: 'normal', items: [], doubts },
    hash: String(index),
    receivedAtMs: WALKED_AT_MS + index,
    clockDifferenceMs: 0,
    sentBy: 'anna',
    due: undefined,
    day: '2026-11-22',
  }).round;

describe.each(await stores())('rounds of an earlier version, in $name', ({ place }) => {
  it('are found by their doubts, each kind once, and whose a round was by its day', async () => {
    const { postgres } = place();
    const { db, close } = openStore(
      postgres === undefined ? { file: join(folderWith(), 'records.sqlite') } : { postgres },
    );
    onTestFinished(close);
    await migrate(db, MIGRATIONS.slice(0, MIGRATIONS.indexOf(roundListTables)));
    await db
      .insertInto('round')
      .values([
        handedIn(1, [
          { ...TOO_FAST, checkpoint: 'entrance' },
          { ...TOO_FAST, checkpoint: 'gas' },
          { code: 'done_twice', by: 'O’Neill "bo" \\' },
        ]),
        handedIn(2, []),
        handedIn(3, [{ code: 'late', seconds: 60 }]),
      ])
      .execute();
    await sql`insert into round_assignment (due, account, by, at_ms)
      values ('daily-main@2026-11-23', 'bo', 'anna', 1)`.execute(db);
    await migrate(db);
    const doubts = await db.selectFrom('round_doubt').selectAll().orderBy('round').orderBy('code').execute();
    expect(doubts).toEqual([
      { round: idOf(1), code: 'done_twice', received_at_ms: WALKED_AT_MS + 1 },
      { round: idOf(1), code: 'too_fast', received_at_ms: WALKED_AT_MS + 1 },
      { round: idOf(3), code: 'late', received_at_ms: WALKED_AT_MS + 3 },
    ]);
    await seedTemplates(db, [roundTemplate()], 0);
    expect((await roundLines(db, { limit: 9, doubt: 'too_fast' })).map(({ id }) => id)).toEqual([idOf(1)]);
    expect(await db.selectFrom('round_assignment').select('day').execute()).toEqual([{ day: '2026-11-23' }]);
    expect(await db.selectFrom('round').select('id').execute()).toHaveLength(3);
  });
});
