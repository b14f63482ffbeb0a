import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEMO_FOLDER, loadConfig, type Config } from '../../config/load.ts';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { createLog } from '../../config/runtime/log.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import type { Command } from './command.ts';
import { dataFolder, parseOptions } from './options.ts';
import { supervise, type Supervised } from './supervise.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Runs an agent, the collector and, in a demonstration, the lab as processes of their own until it is told to stop. */
export const start: Command = {
  name: 'start',
  usage: '[--config DIR] [--data DIR] [--listen HOST:PORT]',
  summary: 'runs everything on this machine; the demonstration room without --config',
  async run(args) {
    const { values } = parseOptions(args, {
      config: { type: 'string' },
      data: { type: 'string' },
      listen: { type: 'string' },
      'demo-login': { type: 'boolean' },
    });
    const folder = resolve(values.config ?? DEMO_FOLDER);
    const data = resolve(dataFolder(values.data));
    const env = {
      ...process.env,
      ...(values.listen === undefined ? {} : { WATCHKEEPER_LISTEN: values.listen }),
      ...(values['demo-login'] === true ? { WATCHKEEPER_DEMO_LOGIN: '1' } : {}),
    };
    const config = loadConfig(folder, env);
    if (values['demo-login'] === true && !config.site.isDemonstration) {
      throw new WatchkeeperError('invalid_request', '--demo-login is for the demonstration only.');
    }
    prepareData(data);
    const stopRequested = new Promise<void>((stop) => {
      process.on('SIGINT', () => stop());
      process.on('SIGTERM', () => stop());
    });
    const programs = await startAll({ config, data, env });
    process.on('SIGHUP', () => {
      for (const program of programs) program.reload();
    });
    await stopRequested;
    await stopAll(programs);
    return 0;
  },
};

function prepareData(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new WatchkeeperError(
      'data_folder_unusable',
      `The data folder ${folder} cannot be written: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

interface StartDeps {
  readonly config: Config;
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts the programs in the order in which they need each other; if one fails, those before it are stopped. */
async function startAll({ config, data, env }: StartDeps): Promise<readonly Supervised[]> {
  const programs: Supervised[] = [];
  const log = createLog('start');
  const run = async (name: string, entry: string, extra: NodeJS.ProcessEnv): Promise<Supervised> => {
    const args = ['--config', config.folder, '--data', data];
    const program = await supervise({
      clock: systemClock,
      log,
      name,
      entry: join(ROOT, entry),
      args,
      env: { ...env, ...extra },
    });
    programs.push(program);
    return program;
  };
  try {
    let ports: NodeJS.ProcessEnv = {};
    if (config.devices.some(({ lab }) => lab !== undefined)) {
      const lab = await run('lab', 'agents/lab/main.ts', {});
      ports = { WATCHKEEPER_LAB_PORTS: JSON.stringify(portsOf(lab.addresses)) };
      lab.keepEnv(ports);
    }
    const agent = await run('agent', 'agents/main.ts', ports);
    const agentUrl = agent.addresses['page'] ?? '';
    agent.keepEnv({ ...ports, WATCHKEEPER_AGENT_LISTEN: new URL(agentUrl).host });
    const collector = await run('collector', 'collector/main.ts', { WATCHKEEPER_AGENT_URL: agentUrl });
    collector.keepEnv({ WATCHKEEPER_LISTEN: new URL(collector.addresses['page'] ?? '').host });
    process.stdout.write(greeting(collector.addresses));
    return programs;
  } catch (error) {
    await stopAll(programs);
    throw error;
  }
}

function portsOf(addresses: Readonly<Record<string, string>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(addresses).map(([name, address]) => [
      name,
      Number(address.slice(address.lastIndexOf(':') + 1)),
    ]),
  );
}

function greeting({
  page = '',
  firstRunPath,
  demoName,
  demoPassword,
}: Readonly<Record<string, string>>): string {
  const lines = [`Watchkeeper runs at ${page}`];
  if (demoName !== undefined) lines.push(`Sign in as ${demoName} with the password ${demoPassword ?? ''}`);
  if (firstRunPath !== undefined) lines.push(`Create the first administrator: ${page}${firstRunPath}`);
  return `${lines.join('\n')}\n`;
}

async function stopAll(programs: readonly Supervised[]): Promise<void> {
  await Promise.all(programs.map((program) => program.stop()));
}
