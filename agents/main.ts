import { DEMO_FOLDER } from '../config/load.ts';
import { createLog } from '../config/runtime/log.ts';
import { programOptions, runProgram } from '../config/runtime/program.ts';
import { systemClock } from '../config/runtime/system-clock.ts';
import { startAgent } from './agent.ts';

const log = createLog('agent');
await runProgram(log, () => {
  const { config, data } = programOptions(process.argv.slice(2));
  return startAgent({
    configFolder: config ?? DEMO_FOLDER,
    dataFolder: data,
    env: process.env,
    clock: systemClock,
    log,
  });
});
