import { join } from 'node:path';
import { dataFolder } from '../../config/runtime/program.ts';
import { askControl, CONTROL_SOCKET } from '../control.ts';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';

/** Prints a new one-time link while nobody can administer the place. */
export const firstRun: Command = {
  name: 'first-run',
  usage: '[--data DIR]',
  summary: 'makes a new link that creates the first administrator, while there is none',
  async run(args) {
    const { values } = parseOptions(args, { data: { type: 'string' } });
    const { link } = await askControl(join(dataFolder(values.data), CONTROL_SOCKET), 'first-run');
    if (typeof link !== 'string') {
      process.stdout.write('There is an administrator already.\n');
      return 1;
    }
    process.stdout.write(`Create the first administrator: ${link}\n`);
    return 0;
  },
};
