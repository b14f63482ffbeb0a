// Kills a process that tells of alerts between any two of its steps, and looks whether anybody was left untold: --times N.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeFolder } from '../support/folder.ts';
import { tortureAlerting } from '../support/torture-alerting.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const times = Number(values.times);
const folder = makeFolder();
const torture = await tortureAlerting(folder, Number(values.seed));
for (let round = 0; round < times; round += 1) {
  await torture.round();
  if (round % 20 === 19) process.stderr.write(`${round + 1} lives\n`);
}
const figures = await torture.finish();
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify({ torture: 'alerting', figures: { lives: times, ...figures } })}\n`);
