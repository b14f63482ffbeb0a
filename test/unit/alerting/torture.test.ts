import { expect, it } from 'vitest';
import { folderWith } from '../../support/folder.ts';
import { tortureAlerting } from '../../support/torture-alerting.ts';

it('killed between any two steps, alerting leaves nobody untold, and what it repeats is the same message', async () => {
  const torture = await tortureAlerting(folderWith(), 20_261_127);
  for (let round = 0; round < 10; round += 1) await torture.round();
  const { alerts, kills } = await torture.finish();
  expect(alerts).toBe(20);
  expect(kills).toBeGreaterThan(4);
}, 240_000);
