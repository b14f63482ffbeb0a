import type { Clock } from './clock.ts';

export interface Loop {
  /** Ends the loop, aborts the run that is under way and waits for it. */
  stop(): Promise<void>;
}

/**
 * Runs a task at each multiple of `intervalMs` (plus `offsetMs`). A run that takes longer skips the slots that it overran; runs never
 * overlap. A task handles its own errors: one that escapes goes to `onError`, and the loop goes on.
 */
export function every(
  clock: Clock,
  {
    intervalMs,
    offsetMs = 0,
    onError,
  }: { intervalMs: number; offsetMs?: number; onError: (error: unknown) => void },
  task: (slotMs: number, signal: AbortSignal) => Promise<void> | void,
): Loop {
  const ending = new AbortController();
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();

  const run = async (slotMs: number): Promise<void> => {
    try {
      await task(slotMs, ending.signal);
    } catch (error) {
      if (!ending.signal.aborted) onError(error);
    }
    plan();
  };
  const plan = (): void => {
    if (ending.signal.aborted) return;
    const nowMs = clock.nowMs();
    const slotMs = Math.floor((nowMs - offsetMs) / intervalMs + 1) * intervalMs + offsetMs;
    cancel = clock.after(slotMs - nowMs, () => {
      running = run(slotMs);
    });
  };
  plan();
  return {
    async stop() {
      ending.abort();
      cancel?.();
      await running;
    },
  };
}
