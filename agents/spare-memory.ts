import type { Clock } from '../config/runtime/clock.ts';
import { collectGarbage, SETTLED_AFTER_MS } from '../config/runtime/garbage.ts';
import type { line } from './poller.ts';

type Line = ReturnType<typeof line>;

/** So many devices explored leave behind what is worth a pause. */
const MANY = 50;

/** A line in which devices are explored, and what ends what it waits for. */
export interface SparingLine {
  readonly inLine: Line;
  stop(): void;
}

/**
 * The line in which devices are explored: once many have been, as at the start, the memory that this took goes back to the system. It is
 * a third of all that an agent of a thousand devices would hold for good.
 */
export function sparingMemory(
  inLine: Line,
  {
    clock,
    collect = collectGarbage,
  }: { readonly clock: Pick<Clock, 'after'>; readonly collect?: () => void },
): SparingLine {
  let explored = 0;
  let cancel: (() => void) | undefined;
  const settle = (): void => {
    explored += 1;
    cancel?.();
    cancel = undefined;
    if (explored < MANY) return;
    cancel = clock.after(SETTLED_AFTER_MS, () => {
      explored = 0;
      collect();
    });
  };
  return {
    async inLine(task) {
      const found = await inLine(task);
      // One that failed has found nothing that would have to be collected.
      settle();
      return found;
    },
    stop: () => cancel?.(),
  };
}
