import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { freePort, freeUdpPort } from './free-port.ts';
import { BUILT_ENV, builtProgram } from './programs.ts';
import { programPath } from './system.ts';

export const ROOT = join(import.meta.dirname, '..', '..');

/** The whole product as a person starts it, on ports that the system gives. */
export interface Watchkeeper {
  readonly url: string;
  /** Everything that it printed, line by line. */
  readonly lines: readonly string[];
  readonly process: ChildProcess;
  /** Account of the demonstration, where it was started with `--demo-login`. */
  readonly account: { readonly name: string; readonly password: string } | undefined;
  /** Address that creates the first administrator, where there is none yet. */
  readonly firstRunUrl: string | undefined;
  /** Ends it as a service manager would, and gives its exit code. */
  stop(): Promise<number | null>;
}

export interface WatchkeeperOptions {
  readonly data: string;
  readonly config?: string;
  readonly isDemoLogin?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** Started as `npm start`, as a newcomer does, instead of by the command line itself. */
  readonly isByNpm?: boolean;
  /** The checkout that is started; this one when absent. */
  readonly checkout?: string;
}

/** Becomes the product, and has the kernel end it when the tests' process ends, in whatever way that ends (prctl(2)). */
const SETPRIV = programPath('setpriv');

/** A fresh checkout installs its packages first. */
const READY_WITHIN_MS = 100_000;

/** Starts it and waits until it has printed its address; fails with what it printed if it ends before. */
export async function startWatchkeeper(options: WatchkeeperOptions): Promise<Watchkeeper> {
  const { child, lines } = launch({ ...options, env: { ...(await ownAddresses()), ...options.env } });
  const url = await firstMatch(child, lines, /^Watchkeeper runs at (\S+)/);
  const wanted =
    options.isDemoLogin === true ? /^Sign in as (\S+) with the password (\S+)/ : /^Watchkeeper runs/;
  const [, name = '', password = ''] = await firstMatch(child, lines, wanted);
  return {
    url: url[1] ?? '',
    lines,
    process: child,
    account: options.isDemoLogin === true ? { name, password } : undefined,
    get firstRunUrl() {
      return lines
        .map((line) => /first administrator: (\S+)/.exec(line)?.[1])
        .find((found) => found !== undefined);
    },
    stop: () => stopProcess(child),
  };
}

/** Starts it and waits for its end: for commands, and for starts that must fail. */
export async function runToEnd(
  options: WatchkeeperOptions,
): Promise<{ code: number | null; lines: readonly string[] }> {
  const { child, lines } = launch(options);
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  return { code, lines };
}

/** A collector that is started again is on the address that it had: nobody may have been given that meanwhile. */
async function ownAddresses(): Promise<NodeJS.ProcessEnv> {
  return {
    WATCHKEEPER_LISTEN: `127.0.0.1:${await freePort()}`,
    WATCHKEEPER_AGENT_LISTEN: `127.0.0.1:${await freePort()}`,
    WATCHKEEPER_TRAP_LISTEN: `127.0.0.1:${await freeUdpPort()}`,
  };
}

function launch(options: WatchkeeperOptions): { child: ChildProcess; lines: string[] } {
  const program = options.isByNpm === true ? 'npm' : process.execPath;
  const args = options.isByNpm === true ? ['start', '--'] : [builtProgram('collector/cli/main.ts'), 'start'];
  args.push('--data', options.data);
  if (options.config !== undefined) args.push('--config', options.config);
  if (options.isDemoLogin === true) args.push('--demo-login');
  const [command, ...rest] =
    SETPRIV === undefined ? [program, ...args] : [SETPRIV, '--pdeathsig', 'TERM', program, ...args];
  const child = spawn(command, rest, {
    cwd: options.checkout ?? ROOT,
    env: {
      ...process.env,
      ...BUILT_ENV,
      WATCHKEEPER_LISTEN: '127.0.0.1:0',
      WATCHKEEPER_AGENT_LISTEN: '127.0.0.1:0',
      WATCHKEEPER_TRAP_LISTEN: '127.0.0.1:0',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => lines.push(line));
  return { child, lines };
}

async function firstMatch(
  child: ChildProcess,
  lines: readonly string[],
  pattern: RegExp,
): Promise<RegExpExecArray> {
  const deadlineMs = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const found = lines.map((line) => pattern.exec(line)).find((match) => match !== null);
    if (found !== null && found !== undefined) return found;
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      child.kill('SIGKILL');
      throw new Error(`never printed ${String(pattern)}:\n${lines.join('\n')}`);
    }
    await new Promise((next) => setTimeout(next, 20));
  }
}

async function stopProcess(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  child.kill('SIGTERM');
  return ended;
}
