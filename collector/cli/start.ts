import { newToken } from '../api/auth/token.ts';
import { loadConfig, type Config } from '../../config/load.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { addressForLinks, hostPortOf } from '../../config/model/listen.ts';
import { hostname } from 'node:os';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';
import {
  folders,
  reloadOnSignal,
  stopSignal,
  superviseProgram,
  type ProgramName,
  type ProgramSettings,
} from './program.ts';
import type { Supervised } from './supervise.ts';

/** Runs an agent, the collector and, in a demonstration, the lab as processes of their own until it is told to stop. */
export const start: Command = {
  name: 'start',
  usage: '[--config DIR] [--data DIR] [--listen HOST:PORT] [--demo-login]',
  summary: 'runs everything on this machine; the demonstration room without --config',
  async run(args) {
    const { values } = parseOptions(args, {
      config: { type: 'string' },
      data: { type: 'string' },
      listen: { type: 'string' },
      'demo-login': { type: 'boolean' },
    });
    const env = {
      ...process.env,
      ...(values.listen === undefined ? {} : { WATCHKEEPER_LISTEN: values.listen }),
      ...(values['demo-login'] === true ? { WATCHKEEPER_DEMO_LOGIN: '1' } : {}),
    };
    const settings = { ...folders(values), env };
    const config = loadConfig(settings.config, env);
    if (values['demo-login'] === true && !config.site.isDemonstration) {
      throw new WatchkeeperError('invalid_request', '--demo-login is for the demonstration only.');
    }
    const stopRequested = stopSignal();
    const programs = await startAll(config, settings);
    reloadOnSignal(programs);
    await stopRequested;
    await stopAll(programs);
    return 0;
  },
};

/** Starts the programs in the order in which they need each other; if one fails, those before it are stopped. */
async function startAll(config: Config, settings: ProgramSettings): Promise<readonly Supervised[]> {
  const programs: Supervised[] = [];
  const run = async (name: ProgramName, extra: NodeJS.ProcessEnv): Promise<Supervised> => {
    const program = await superviseProgram(name, { ...settings, env: { ...settings.env, ...extra } });
    programs.push(program);
    return program;
  };
  try {
    let ports: NodeJS.ProcessEnv = {};
    // New with each start: only these two know it.
    const pushing = { WATCHKEEPER_AGENT_TOKEN: newToken() };
    if (config.devices.some(({ lab }) => lab !== undefined)) {
      const lab = await run('lab', labTraps(config.agent.trapListen));
      ports = { WATCHKEEPER_LAB_PORTS: JSON.stringify(portsOf(lab.addresses)) };
      lab.keepEnv(ports);
    }
    const agent = await run('agent', { ...ports, ...pushing });
    const agentUrl = agent.addresses['page'] ?? '';
    const { traps } = agent.addresses;
    agent.keepEnv({
      WATCHKEEPER_AGENT_LISTEN: hostPortOf(agentUrl),
      ...(traps === undefined ? {} : { WATCHKEEPER_TRAP_LISTEN: traps }),
    });
    const collector = await run('collector', { ...pushing, WATCHKEEPER_AGENT_URL: agentUrl });
    collector.keepEnv({ WATCHKEEPER_LISTEN: hostPortOf(collector.addresses['page'] ?? '') });
    const url = collector.addresses['push'] ?? '';
    agent.keepEnv({ WATCHKEEPER_COLLECTOR_URL: url });
    agent.tell({ kind: 'collector', url });
    process.stdout.write(greeting(collector.addresses));
    return programs;
  } catch (error) {
    await stopAll(programs);
    throw error;
  }
}

/** Where the simulated devices send traps; not to a port that the system is still to choose. */
function labTraps(listen: string | undefined): NodeJS.ProcessEnv {
  return listen === undefined || listen.endsWith(':0') ? {} : { WATCHKEEPER_LAB_TRAPS: listen };
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
  rootFingerprint,
}: Readonly<Record<string, string>>): string {
  const lines = [`Watchkeeper runs at ${page}`];
  if (rootFingerprint !== undefined) {
    const root = `${addressForLinks(page, hostname()).replace('https:', 'http:')}/root`;
    lines.push(`Its root certificate for PCs and phones: ${root}`, `  SHA-256 ${rootFingerprint}`);
  }
  if (demoName !== undefined) lines.push(`Sign in as ${demoName} with the password ${demoPassword ?? ''}`);
  if (firstRunPath !== undefined) lines.push(`Create the first administrator: ${page}${firstRunPath}`);
  return `${lines.join('\n')}\n`;
}

async function stopAll(programs: readonly Supervised[]): Promise<void> {
  await Promise.all(programs.map((program) => program.stop()));
}
