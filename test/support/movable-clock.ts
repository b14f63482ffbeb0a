import type { Clock } from '../../config/runtime/clock.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';

/** A clock that goes as the machine's does, and can be set forward: a day of a whole collector passes in a minute. */
export interface MovableClock extends Clock {
  /** Sets it forward to an instant, unless that is over; what falls due on the way runs at once, in its order. */
  setTo(atMs: number): void;
}

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
  cancel: () => void;
}

export function movableClock(startMs: number): MovableClock {
  let aheadMs = startMs - systemClock.nowMs();
  const timers = new Set<Timer>();
  const nowMs = (): number => systemClock.nowMs() + aheadMs;
  const arm = (timer: Timer): void => {
    timer.cancel = systemClock.after(Math.max(0, timer.atMs - nowMs()), () => {
      timers.delete(timer);
      timer.callback();
    });
  };
  return {
    nowMs,
    after(delayMs, callback) {
      const timer: Timer = { atMs: nowMs() + delayMs, callback, cancel: () => undefined };
      timers.add(timer);
      arm(timer);
      return () => {
        timer.cancel();
        timers.delete(timer);
      };
    },
    setTo(atMs) {
      aheadMs += Math.max(0, atMs - nowMs());
      for (const timer of [...timers].sort((a, b) => a.atMs - b.atMs)) {
        timer.cancel();
        arm(timer);
      }
    },
  };
}
