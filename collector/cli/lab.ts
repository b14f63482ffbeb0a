import { join } from 'node:path';
import { LAB_SCENARIOS, LAB_SOCKET } from '../../config/model/lab.ts';
import { askLine } from '../../config/runtime/line-socket.ts';
import { dataFolder } from '../../config/runtime/program.ts';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';

/** Makes things happen in a demonstration room that runs. */
export const lab: Command = {
  name: 'lab',
  usage: 'SCENARIO [--data DIR]',
  summary: `makes something happen in the demonstration room: ${LAB_SCENARIOS.join(', ')}`,
  async run(args) {
    const { values, positionals } = parseOptions(args, { data: { type: 'string' } }, true);
    const scenario = positionals[0];
    const request = scenario === undefined ? { list: true } : { scenario };
    const answer = (await askLine(join(dataFolder(values.data), LAB_SOCKET), request)) as LabAnswer;
    process.stdout.write(`${describe(answer)}\n`);
    return answer.error === undefined ? 0 : 1;
  },
};

interface LabAnswer {
  readonly active?: readonly string[];
  readonly scenarios?: readonly string[];
  readonly error?: { readonly message: string };
}

function describe({ active = [], scenarios = [], error }: LabAnswer): string {
  if (error !== undefined) return error.message;
  const going = active.length === 0 ? 'Nothing is going on.' : `Going on: ${active.join(', ')}.`;
  return scenarios.length === 0 ? going : `${going} There are ${scenarios.join(', ')}.`;
}
