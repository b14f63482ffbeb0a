import { messageOf } from '../../config/model/errors.ts';
import { registry } from '../../config/runtime/registry.ts';
import { backup } from './backup.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { firstRun } from './first-run.ts';
import { lab } from './lab.ts';
import { agent, collector } from './program.ts';
import { restore } from './restore.ts';
import { rules } from './rules.ts';
import { start } from './start.ts';
import { probe, record } from './tool.ts';
import { verify } from './verify.ts';

const COMMANDS = registry<Command>([
  start,
  agent,
  collector,
  check,
  rules,
  firstRun,
  lab,
  probe,
  record,
  verify,
  backup,
  restore,
]);

function usage(): string {
  const lines = [...COMMANDS.values()].map(
    ({ name, usage: rest, summary }) => `  ${name} ${rest}\n      ${summary}`,
  );
  return `watchkeeper COMMAND\n\n${lines.join('\n')}\n`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  const command = COMMANDS.get(name ?? '');
  if (command === undefined) {
    process.stderr.write(name === undefined ? usage() : `There is no command ${name}.\n\n${usage()}`);
    return 2;
  }
  try {
    return await command.run(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
