import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Connection } from './live-connection.ts';
import type { PageClock } from './page-clock.ts';

/** A collector that starts anew, or a cable that is plugged over, is back before. */
export const LOSS_GRACE_MS = 15_000;

/** Whether the watcher's heartbeat has stopped: it has not been heard for longer than a restart takes. */
export function lossOf(
  connection: ReadonlySignal<Connection>,
  clock: Pick<PageClock, 'after'>,
): ReadonlySignal<boolean> {
  const isLost = signal(false);
  let cancel: (() => void) | undefined;
  effect(() => {
    const { kind } = connection.value;
    // A try to connect again is no word of it.
    if (kind === 'lost') cancel ??= clock.after(LOSS_GRACE_MS, () => void (isLost.value = true));
    if (kind !== 'live') return;
    cancel?.();
    cancel = undefined;
    isLost.value = false;
  });
  return isLost;
}
