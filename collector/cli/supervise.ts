import { spawn, type ChildProcess } from 'node:child_process';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import { STOP_DEADLINE_MS, type ReadyMessage, type SupervisorMessage } from '../../config/runtime/program.ts';

/** A program that is started again when it ends by itself. */
export interface Supervised {
  /** Where it answered when it started first. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Added to its environment when it is started again: what it must find as it was. */
  keepEnv(env: NodeJS.ProcessEnv): void;
  reload(): void;
  tell(message: SupervisorMessage): void;
  /** Ends it for good, within `STOP_DEADLINE_MS` and a moment. */
  stop(): Promise<void>;
}

interface SuperviseDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly name: string;
  /** The file that it begins with. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Programs that run for years on a small machine: a young generation of 2 MB costs a little time and saves tens of MB. */
const SMALL_MEMORY = ['--max-semi-space-size=2'];
/** What runs for years is soon compiled by V8's best compiler: the one before that costs some MB, for itself and for what it makes. */
const WITHOUT_MAGLEV = ['--no-maglev'];
/**
 * An agent's memory hardly changes once its devices are known: its heap need not grow far beyond what lives in it before what is dead is
 * looked for. What exploring a thousand devices took goes back to the system (`agents/spare-memory.ts`).
 */
const STEADY_MEMORY = [
  '--optimize-for-size',
  '--heap-growing-percent=10',
  '--no-incremental-marking',
  '--expose-gc',
  // One thread beside the main one has its helpers' work done in time; each would keep a piece of the heap for itself.
  '--v8-pool-size=1',
];
/**
 * What the system's allocator keeps for itself (mallopt(3)): one arena for all threads instead of eight for each core, and pieces from so
 * many bytes on go back to the system when they are freed.
 */
const mallocSettings = (largeBytes: number): NodeJS.ProcessEnv => ({
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_MMAP_THRESHOLD_: String(largeBytes),
});

/**
 * A collector's heap is mostly what lives for hours: all of it is marked at each collection of what is dead, so that takes place only when
 * the heap has grown by a fifth. Node's own measure would let it grow fourfold.
 * What a judgement of all rules needs for a moment is to die young: 2 MB would carry it among what is old, at the price of marking all.
 * What a storm of alerts needed goes back to the system (`collector/spare-memory.ts`): otherwise V8 keeps freed pages for a process that
 * is never idle.
 * Its garbage is still collected beside its work, for people wait on it.
 */
const COLLECTOR_MEMORY = [
  '--max-semi-space-size=8',
  '--heap-growing-percent=20',
  '--expose-gc',
  ...WITHOUT_MAGLEV,
  // V8's own functions would be mapped once more for each of the threads, beside the code that it compiles.
  '--no-short-builtin-calls',
];

/** How a program's process is started: arguments for Node, and what is added to its environment. */
export function launchSettings(name: string): {
  readonly flags: readonly string[];
  readonly env: NodeJS.ProcessEnv;
} {
  if (name === 'agent')
    return { flags: [...SMALL_MEMORY, ...STEADY_MEMORY, ...WITHOUT_MAGLEV], env: mallocSettings(65_536) };
  if (name === 'collector') return { flags: COLLECTOR_MEMORY, env: mallocSettings(8_192) };
  return { flags: SMALL_MEMORY, env: {} };
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
/** A program that ran for so long is taken to work: its next failure is retried at once. */
const STEADY_AFTER_MS = 60_000;

/**
 * Starts a program and keeps it running.
 * @throws {WatchkeeperError} when it ends before it was ready for the first time; it has said why on standard error.
 */
export async function supervise({ clock, log, name, entry, args, env }: SuperviseDeps): Promise<Supervised> {
  let child: ChildProcess;
  let cancelRestart: (() => void) | undefined;
  let retryAfterMs = FIRST_RETRY_MS;
  let kept: NodeJS.ProcessEnv = {};
  let isStopping = false;
  let hasBeenReady = false;

  const launch = (): Promise<ReadyMessage> => {
    const startedAtMs = clock.nowMs();
    const { flags, env: own } = launchSettings(name);
    child = spawn(process.execPath, [...flags, entry, ...args], {
      env: { ...own, ...env, ...kept },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A group of its own: an interrupt from the keyboard reaches the supervisor alone, which stops it in order.
      detached: true,
    });
    return new Promise((ready, failed) => {
      child.once('message', (message) => ready(message as ReadyMessage));
      child.once('error', (error) => failed(error));
      child.once('exit', (code, signal) => {
        failed(new WatchkeeperError('not_running', `The ${name} could not start.`));
        if (isStopping || !hasBeenReady) return;
        if (clock.nowMs() - startedAtMs > STEADY_AFTER_MS) retryAfterMs = FIRST_RETRY_MS;
        cancelRestart = restart(code, signal);
      });
    });
  };
  const restart = (code: number | null, signal: string | null): (() => void) => {
    log.warn({ program: name, code, signal, retryAfterMs }, 'program ended and is started again');
    const cancel = clock.after(retryAfterMs, () => {
      launch().then(
        () => log.info({ program: name }, 'program runs again'),
        () => undefined, // Its end has planned the next attempt.
      );
    });
    retryAfterMs = Math.min(retryAfterMs * 2, LONGEST_RETRY_MS);
    return cancel;
  };

  const stop = async (): Promise<void> => {
    isStopping = true;
    cancelRestart?.();
    await end(child, clock);
  };
  try {
    const { addresses } = await launch();
    hasBeenReady = true;
    return {
      addresses,
      keepEnv: (more) => {
        kept = { ...kept, ...more };
      },
      reload: () => child.kill('SIGHUP'),
      tell: (message) => void (child.connected && child.send(message)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function end(child: ChildProcess, clock: Clock): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const hasEnded = new Promise((done) => child.once('exit', done));
  const cancel = clock.after(STOP_DEADLINE_MS, () => child.kill('SIGKILL'));
  child.kill('SIGTERM');
  await hasEnded;
  cancel();
}
