import type { Clock } from './clock.ts';

/** The machine's clock: the one place where the time is read. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(delayMs, 2_147_483_647));
    return () => clearTimeout(timer);
  },
};

/** A steady clock for measuring durations; only differences mean anything. */
export function monotonicMs(): number {
  return performance.now();
}
