import { expect, it } from 'vitest';
import { folderWith } from '../../../../support/folder.ts';
import { tortureHistory } from '../../../../torture/history-rounds.ts';

it('bears ten seeded rounds of kill -9, damaged files and a full disk', async () => {
  const borne = await tortureHistory(folderWith(), { times: 10, seed: 11 });
  expect(borne.kills + borne.full).toBe(10);
  expect(borne.halves).toBeGreaterThan(10);
}, 240_000);
