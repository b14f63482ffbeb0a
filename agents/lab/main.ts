import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseListen } from '../../config/model/listen.ts';
import { LAB_SOCKET } from '../../config/model/lab.ts';
import { serveLines } from '../../config/runtime/line-socket.ts';
import { createLog } from '../../config/runtime/log.ts';
import { programOptions, runProgram, type Running } from '../../config/runtime/program.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { obey } from './control.ts';
import { startLab } from './lab.ts';
import { portsOf } from './ports.ts';

const log = createLog('lab');

async function start(): Promise<Running> {
  const { data } = programOptions(process.argv.slice(2));
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const lab = await startLab({
    clock: systemClock,
    log,
    ports: portsOf(process.env['WATCHKEEPER_LAB_PORTS']),
    trapPort: parseListen(process.env['WATCHKEEPER_LAB_TRAPS'] ?? '')?.port,
  });
  try {
    const control = await serveLines({
      path: join(data, LAB_SOCKET),
      answer: (request) => obey(lab, request),
      onError: (error) => log.error({ err: error }, 'a request to the lab failed'),
    });
    return {
      addresses: lab.addresses,
      async stop() {
        await control.stop();
        await lab.stop();
      },
    };
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

await runProgram(log, start);
