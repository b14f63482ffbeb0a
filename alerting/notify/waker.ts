import type { Clock } from '../../config/runtime/clock.ts';

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
