import { parseArgs } from 'node:util';
import { messageOf } from '../model/errors.ts';
import type { Log } from './log.ts';

/** What a program tells the supervisor that started it, once, when it works. */
export interface ReadyMessage {
  readonly kind: 'ready';
  /** Where it answers: the agent's and the collector's pages (`page`), the ports of the lab's devices. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** What the supervisor tells a program while it runs: where the collector answers. */
export interface SupervisorMessage {
  readonly kind: 'collector';
  readonly url: string;
}

/** What started and can be stopped. */
export interface Running {
  readonly addresses: Readonly<Record<string, string>>;
  /** Reads the configuration anew, where the program has one; a faulty one changes nothing. */
  reload?(): Promise<void>;
  /** Takes what the supervisor tells. */
  hear?(message: SupervisorMessage): void;
  stop(): Promise<void>;
}

/** How long a program may take to stop before it is ended all the same. */
export const STOP_DEADLINE_MS = 4_000;

/** The data folder: the option, else the environment, else `data` here. */
export function dataFolder(option: string | undefined): string {
  return option ?? process.env['WATCHKEEPER_DATA'] ?? 'data';
}

/** The options that all programs take. */
export function programOptions(args: readonly string[]): { config: string | undefined; data: string } {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, data: { type: 'string' } },
    strict: true,
  });
  return { config: values.config, data: dataFolder(values.data) };
}

/**
 * The frame of a process: starts the program, tells the supervisor, reloads on SIGHUP, and stops in order on
 * SIGINT, SIGTERM or when the supervisor is gone.
 */
export async function runProgram(log: Log, start: () => Promise<Running>): Promise<void> {
  const starting = start();
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    starting
      .then((running) => running.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'stopping failed');
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  process.on('message', (message) => {
    starting.then(
      (running) => running.hear?.(message as SupervisorMessage),
      () => undefined, // Its end is told below.
    );
  });
  process.on('SIGHUP', () => {
    starting
      .then((running) => running.reload?.())
      .catch((error: unknown) =>
        log.error({ err: error }, 'reload failed; what was in force stays in force'),
      );
  });
  try {
    const { addresses } = await starting;
    const ready: ReadyMessage = { kind: 'ready', addresses };
    process.send?.(ready);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
}
