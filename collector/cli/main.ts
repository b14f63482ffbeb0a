import { messageOf } from '../../config/model/errors.ts';
import type { Command } from './command.ts';

/** Each is loaded when it is asked for: most need little of what the others do. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['start', async () => (await import('./start.ts')).start],
  ['agent', async () => (await import('./program.ts')).agent],
  ['collector', async () => (await import('./program.ts')).collector],
  ['check', async () => (await import('./check.ts')).check],
  ['rules', async () => (await import('./rules.ts')).rules],
  ['first-run', async () => (await import('./first-run.ts')).firstRun],
  ['lab', async () => (await import('./lab.ts')).lab],
  ['probe', async () => (await import('./tool.ts')).probe],
  ['record', async () => (await import('./tool.ts')).record],
  ['metrics', async () => (await import('./tool.ts')).metrics],
  ['verify', async () => (await import('./verify.ts')).verify],
  ['export', async () => (await import('./export.ts')).exportSamples],
  ['backup', async () => (await import('./backup.ts')).backup],
  ['restore', async () => (await import('./restore.ts')).restore],
]);

async function usage(): Promise<string> {
  const commands = await Promise.all([...COMMANDS.values()].map((load) => load()));
  const lines = commands.map(({ name, usage: rest, summary }) => `  ${name} ${rest}\n      ${summary}`);
  return `watchkeeper COMMAND\n\n${lines.join('\n')}\n`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  const load = COMMANDS.get(name ?? '');
  if (load === undefined) {
    process.stderr.write(
      name === undefined ? await usage() : `There is no command ${name}.\n\n${await usage()}`,
    );
    return 2;
  }
  try {
    const command = await load();
    return await command.run(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
