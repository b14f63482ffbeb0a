import { mkdirSync } from 'node:fs';
import { DEMO_FOLDER } from '../config/load.ts';
import { createLog } from '../config/runtime/log.ts';
import { programOptions, runProgram } from '../config/runtime/program.ts';
import { systemClock } from '../config/runtime/system-clock.ts';
import { startCollector } from './app.ts';

const log = createLog('collector');

await runProgram(log, async () => {
  const { config, data } = programOptions(process.argv.slice(2));
  mkdirSync(data, { recursive: true, mode: 0o700 });
  return startCollector({
    configFolder: config ?? DEMO_FOLDER,
    dataFolder: data,
    env: process.env,
    clock: systemClock,
    log,
  });
});
