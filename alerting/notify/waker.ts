import type { Clock } from '../../config/runtime/clock.ts';
import { createTrouble } from '../../config/runtime/trouble.ts';
import type { Log } from '../../config/runtime/log.ts';

export interface Waker {
  /** Runs the task soon; while it runs, once more after it. */
  wake(): void;
  /** Ends it and waits for the run that is under way. */
  stop(): Promise<void>;
}

/** Runs a task when it is woken and at the instant that it answered, never twice at once. The task does not reject. */
export function createWaker(clock: Clock, task: () => Promise<number | undefined>): Waker {
  let isAwake = false;
  let isStopped = false;
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();

  const run = async (): Promise<void> => {
    isAwake = false;
    if (isStopped) return;
    cancel?.();
    const untilMs = await task();
    if (untilMs !== undefined && !isStopped) {
      cancel = clock.after(Math.max(0, untilMs - clock.nowMs()), wake);
    }
  };
  const wake = (): void => {
    if (isAwake || isStopped) return;
    isAwake = true;
    running = running.then(run);
  };
  return {
    wake,
    async stop() {
      isStopped = true;
      cancel?.();
      await running;
    },
  };
}

/** How long to wait before what went wrong is tried again. */
const RETRY_MS = 5_000;

export interface LookingDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** What cannot be done while it goes wrong, and what is done again, in words of the log. */
  readonly begins: string;
  readonly ends: string;
}

/** As `createWaker`, for a task that may reject: that is told once, and the task runs again a little later. */
export function createLooking(
  { clock, log, ...words }: LookingDeps,
  look: (nowMs: number) => Promise<number | undefined>,
): Waker {
  const trouble = createTrouble(log, { level: 'error', ...words });
  return createWaker(clock, async () => {
    const nowMs = clock.nowMs();
    try {
      const untilMs = await look(nowMs);
      trouble.ended();
      return untilMs;
    } catch (error) {
      trouble.happened({ err: error });
      return nowMs + RETRY_MS;
    }
  });
}
