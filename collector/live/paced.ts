import type { Clock } from '../../config/runtime/clock.ts';

/** A task that is asked for more often than it can be afforded. */
export interface Paced {
  /** Does it now, or, while it rests, as soon as the rest is over: however often it was asked for, once. */
  request(): void;
  /** What is still due is not done any more. */
  stop(): void;
}

/** What takes no longer needs no rest. */
const SHORT_MS = 20;
/** It rests so many times as long as it took. */
const REST_FACTOR = 20;

/** `steadyMs` is for measuring how long the task takes. */
export function createPaced(clock: Pick<Clock, 'after'>, steadyMs: () => number, task: () => void): Paced {
  let endRest: (() => void) | undefined;
  let isDue = false;
  const run = (): void => {
    isDue = false;
    const startedMs = steadyMs();
    task();
    const tookMs = steadyMs() - startedMs;
    if (tookMs <= SHORT_MS) return;
    endRest = clock.after(REST_FACTOR * tookMs, () => {
      endRest = undefined;
      if (isDue) run();
    });
  };
  return {
    request() {
      if (endRest === undefined) run();
      else isDue = true;
    },
    stop() {
      isDue = false;
      endRest?.();
      endRest = undefined;
    },
  };
}
