import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { messageOf } from '../../config/model/errors.ts';
import { makeFolder } from '../support/folder.ts';
import { tortureHistory } from './history-rounds.ts';

/** `npm run torture -- history [--times N] [--seed S]`: kill -9 while history is written, damaged files, a full disk; one JSON line. */
const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { times: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const folder = makeFolder();
try {
  const borne = await tortureHistory(folder, { times: Number(values.times), seed: Number(values.seed) });
  process.stdout.write(`${JSON.stringify({ torture: 'history', seed: Number(values.seed), ...borne })}\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
rmSync(folder, { recursive: true, force: true });
