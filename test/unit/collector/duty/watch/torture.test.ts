import { expect, it } from 'vitest';
import { folderWith } from '../../../../support/folder.ts';
import { tortureHandover } from '../../../../support/torture-handover.ts';

it('is never half a handover, whenever the process is killed', async () => {
  const moments = [0.1, 0.7, 0.9, 0.2, 0.5, 0.4, 0.3, 0.95, 0.6, 0.05];
  let turn = 0;
  const chance = (): number => moments[turn++ % moments.length] ?? 0;
  const torture = tortureHandover({ folder: folderWith(), settings: {} }, chance);
  for (let life = 0; life < 10; life += 1) await torture.round();
  expect(torture.figures.sealed).toBeGreaterThan(0);
}, 240_000);
