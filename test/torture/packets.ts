import { parseArgs } from 'node:util';
import { messageOf } from '../../config/model/errors.ts';
import { TARGETS } from './targets.ts';
import { torture } from './torture.ts';

/** `npm run torture -- packets [--times N] [--seed S] [--target NAME]`: one JSON line for each target. */
const MAX_PACKET_MS = 1_000;
const MAX_GROWN_MB = 20;

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    times: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
  },
});
const chosen = Object.entries(TARGETS).filter(
  ([name]) => values.target === undefined || values.target === name,
);
if (chosen.length === 0) {
  process.stderr.write(
    `There is no target ${values.target ?? ''}; there are ${Object.keys(TARGETS).join(', ')}.\n`,
  );
  process.exitCode = 2;
}
for (const [name, make] of chosen) {
  try {
    const borne = torture(await make(), { times: Number(values.times), seed: Number(values.seed) });
    const isGood = borne.slowestMs <= MAX_PACKET_MS && borne.grownMb <= MAX_GROWN_MB;
    process.stdout.write(
      `${JSON.stringify({ torture: 'packets', target: name, seed: Number(values.seed), isGood, ...borne })}\n`,
    );
    if (!isGood) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
