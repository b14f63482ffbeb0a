import { expect, it } from 'vitest';
import { folderWith } from '../../../../support/folder.ts';
import { killRounds } from '../../../../torture/head-rounds.ts';

it('a head that is killed while it is written always starts again, and has all that was flushed', async () => {
  const borne = await killRounds(folderWith(), { times: 10, seed: 20_261_122 });
  expect(borne.ticks).toBeGreaterThan(0);
}, 120_000);
