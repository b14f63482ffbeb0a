import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { entryFile } from '../../config/runtime/place.ts';
import type { Command } from './command.ts';

/** A command that is a program of the agents': it gets the arguments and the terminal, and its exit code is the command's. */
function tool(name: 'probe' | 'record' | 'metrics', usage: string, summary: string): Command {
  return {
    name,
    usage,
    summary,
    async run(args) {
      const entry = entryFile(`agents/tools/${name}-main.ts`);
      const child = spawn(process.execPath, [entry, ...args], { stdio: 'inherit' });
      // An interrupt from the keyboard reaches both; the program decides how it ends.
      process.on('SIGINT', () => undefined);
      const [code] = (await once(child, 'exit')) as [number | null];
      return code ?? 1;
    },
  };
}

export const probe = tool(
  'probe',
  'HOST[:PORT] [--community C | --v3 USER …] | --recording FILE [--json]',
  'finds out what a device is and reads all of it once; --help tells its options',
);
export const record = tool(
  'record',
  'HOST[:PORT] [--out FILE] [--community C | --v3 USER …]',
  'writes what a device holds as an anonymised recording, for a bug report or a new profile',
);
export const metrics = tool(
  'metrics',
  '[WORD…] [--json]',
  'lists what a device profile may read: metrics, units, labels, states',
);
