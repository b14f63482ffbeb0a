// Kills a process that hands the watch over between any two of its steps, on both stores: --times N lives on each.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeFolder } from '../support/folder.ts';
import { stores } from '../support/stores.ts';
import { tortureHandover } from '../support/torture-handover.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const times = Number(values.times);
let state = Number(values.seed);
/** The same moments in each run of a seed (Numerical Recipes' generator). */
const chance = (): number => {
  state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
  return state / 2 ** 32;
};
const figures: Record<string, number> = {};
for (const { name, make } of await stores()) {
  const folder = makeFolder();
  const { settings, remove } = make();
  const torture = tortureHandover({ folder, settings }, chance);
  for (let life = 0; life < times; life += 1) {
    try {
      await torture.round();
    } catch (error) {
      throw new Error(`${name}, life ${life}, seed ${values.seed}`, { cause: error });
    }
    if (life % 20 === 19) process.stderr.write(`${name}: ${life + 1} lives, never half a handover\n`);
  }
  rmSync(folder, { recursive: true, force: true });
  await remove();
  const store = name.toLowerCase();
  figures[`lives_${store}`] = times;
  figures[`sealed_${store}`] = torture.figures.sealed;
  figures[`half_signed_${store}`] = torture.figures.halfSigned;
}
process.stdout.write(`${JSON.stringify({ torture: 'handover', figures })}\n`);
