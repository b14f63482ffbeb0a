// Kills processes that work on records, on both stores, and looks whether anything was lost: --times N rounds on each.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeFolder } from '../support/folder.ts';
import { stores } from '../support/stores.ts';
import { tortureRecords } from '../support/torture-records.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const times = Number(values.times);
const figures: Record<string, number> = {};
for (const { name, make } of await stores()) {
  const removals: (() => Promise<void>)[] = [];
  const fresh = () => {
    const folder = makeFolder();
    const { settings, remove } = make();
    removals.push(async () => {
      rmSync(folder, { recursive: true, force: true });
      await remove();
    });
    return { folder, settings };
  };
  const torture = tortureRecords(fresh, Number(values.seed));
  for (let round = 0; round < times; round += 1) {
    try {
      await torture.round(round);
    } catch (error) {
      throw new Error(`${name}, round ${round}, seed ${values.seed}`, { cause: error });
    }
    if (round % 20 === 19) process.stderr.write(`${name}: ${round + 1} kills, nothing lost\n`);
  }
  for (const remove of removals) await remove();
  figures[`kills_${name.toLowerCase()}`] = times;
  figures[`answers_${name.toLowerCase()}`] = torture.answered;
}
process.stdout.write(`${JSON.stringify({ torture: 'records', figures })}\n`);
