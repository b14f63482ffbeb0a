import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEMO_FOLDER } from '../../config/load.ts';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { createLog } from '../../config/runtime/log.ts';
import { entryFile } from '../../config/runtime/place.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { dataFolder } from '../../config/runtime/program.ts';
import { HOME_ZONE } from '../../config/agent-settings.ts';
import { askControl, CONTROL_SOCKET } from '../control.ts';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';
import { supervise, type Supervised } from './supervise.ts';

/** The programs that run as processes of their own, and the file that each begins with. */
const ENTRIES = {
  lab: 'agents/lab/main.ts',
  agent: 'agents/main.ts',
  collector: 'collector/main.ts',
} as const;
export type ProgramName = keyof typeof ENTRIES;

/** What a program is started with: absolute folders and its environment. */
export interface ProgramSettings {
  readonly config: string;
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a program under supervision. */
export function superviseProgram(
  name: ProgramName,
  { config, data, env }: ProgramSettings,
): Promise<Supervised> {
  return supervise({
    clock: systemClock,
    log: createLog('start'),
    name,
    entry: entryFile(ENTRIES[name]),
    args: ['--config', config, '--data', data],
    env,
  });
}

/**
 * The folders of the options, the data folder made where there is none.
 * @throws {WatchkeeperError} `data_folder_unusable` when it cannot be written.
 */
export function folders(options: { config?: string | undefined; data?: string | undefined }): {
  config: string;
  data: string;
} {
  const data = resolve(dataFolder(options.data));
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    accessSync(data, constants.W_OK);
  } catch (error) {
    throw new WatchkeeperError(
      'data_folder_unusable',
      `The data folder ${data} cannot be written: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
  return { config: resolve(options.config ?? DEMO_FOLDER), data };
}

/** Kept when a person or the service manager wants the command to end. Ask for it before starting anything. */
export function stopSignal(): Promise<void> {
  return new Promise((stop) => {
    process.on('SIGINT', () => stop());
    process.on('SIGTERM', () => stop());
  });
}

/** Passes a request to read the configuration anew on to the programs. */
export function reloadOnSignal(programs: readonly Supervised[]): void {
  process.on('SIGHUP', () => {
    for (const program of programs) program.reload();
  });
}

/** A command that runs one program alone, as a site does that has its agents elsewhere. */
function alone(name: Exclude<ProgramName, 'lab'>, summary: string): Command {
  return {
    name,
    usage: '[--config DIR] [--data DIR]',
    summary,
    async run(args) {
      const { values } = parseOptions(args, { config: { type: 'string' }, data: { type: 'string' } });
      const stopRequested = stopSignal();
      const program = await superviseProgram(name, { ...folders(values), env: process.env });
      reloadOnSignal([program]);
      process.stdout.write(`The ${name} runs at ${program.addresses['page'] ?? ''}\n`);
      await stopRequested;
      await program.stop();
      return 0;
    },
  };
}

const agentAlone = alone(
  'agent',
  'runs only an agent: polls the devices of the site and shows them as metrics',
);

/** Runs an agent, or has the collector make a token by which one may join. */
export const agent: Command = {
  ...agentAlone,
  usage: '[--config DIR] [--data DIR] | token --zone ZONE [--name NAME --certificate DIR] [--data DIR]',
  run: ([first, ...rest]) =>
    first === 'token' ? printToken(rest) : agentAlone.run(first === undefined ? [] : [first, ...rest]),
};

async function printToken(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, {
    zone: { type: 'string' },
    data: { type: 'string' },
    name: { type: 'string' },
    certificate: { type: 'string' },
  });
  const zone = values.zone ?? HOME_ZONE;
  const socket = join(dataFolder(values.data), CONTROL_SOCKET);
  if (values.certificate !== undefined) {
    const { name = '' } = values;
    writeCertificate(values.certificate, await askControl(socket, 'agent-certificate', { zone, name }));
    process.stdout.write(
      `Made ${CERTIFICATE_FILES.join(', ')} in ${values.certificate}. Bring them to the agent; in its agent.yaml:\n` +
        `  collector: { url: …, zone: ${zone}, name: ${name}, ca_file: …/ca.crt, cert_file: …/agent.crt, key_file: …/agent.key }\n`,
    );
    return 0;
  }
  const { token } = await askControl(socket, 'agent-token', { zone });
  process.stdout.write(
    `${String(token)}\n\nGood once, within a day. In agent.yaml of the agent of zone ${zone}:\n` +
      `  collector: { url: …, zone: ${zone}, name: …, join_token: { file: … } }\n`,
  );
  return 0;
}

const CERTIFICATE_FILES = ['ca.crt', 'agent.crt', 'agent.key'] as const;

/** The files of one agent, for this account alone; none that is there is replaced. */
function writeCertificate(folder: string, made: Readonly<Record<string, unknown>>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const file of CERTIFICATE_FILES) {
    const text = made[file];
    if (typeof text !== 'string') continue;
    writeFileSync(join(folder, file), text, { mode: 0o600, flag: 'wx', flush: true });
  }
}

export const collector = alone(
  'collector',
  'runs only the collector: scrapes agents, keeps samples, serves the pages',
);
