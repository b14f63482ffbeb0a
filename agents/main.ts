import { createLog } from '../config/runtime/log.ts';
import { programOptions, runProgram } from '../config/runtime/program.ts';
import { systemClock } from '../config/runtime/system-clock.ts';
import { DEMO_FOLDER } from '../config/shipped.ts';
import { startAgent } from './agent.ts';
import { settingsElsewhere } from './settings/elsewhere.ts';

const log = createLog('agent');
await runProgram(log, () => {
  const { config, data } = programOptions(process.argv.slice(2));
  return startAgent({
    settings: settingsElsewhere({ folder: config ?? DEMO_FOLDER, env: process.env, clock: systemClock }),
    dataFolder: data,
    env: process.env,
    clock: systemClock,
    log,
  });
});
