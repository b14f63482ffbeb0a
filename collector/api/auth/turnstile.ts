import { WatchkeeperError } from '../../../config/model/errors.ts';

/** Lets so many through at a time; the next ones wait in order, and when too many wait the rest are turned away. */
export interface Turnstile {
  /** @throws {WatchkeeperError} `too_many_requests` when the queue is full; else what the task throws. */
  pass<T>(task: () => Promise<T>): Promise<T>;
}

export function createTurnstile({ atOnce, maxWaiting }: { atOnce: number; maxWaiting: number }): Turnstile {
  let inside = 0;
  const waiting: (() => void)[] = [];

  const enter = async (): Promise<void> => {
    if (inside < atOnce) {
      inside += 1;
      return;
    }
    if (waiting.length >= maxWaiting) {
      throw new WatchkeeperError('too_many_requests', 'Too many are signing in; try again in a moment.');
    }
    await new Promise<void>((go) => waiting.push(go));
  };
  const leave = (): void => {
    const next = waiting.shift();
    // The place goes to the next one as it is, so nobody slips in between.
    if (next === undefined) inside -= 1;
    else next();
  };

  return {
    async pass(task) {
      await enter();
      try {
        return await task();
      } finally {
        leave();
      }
    },
  };
}
