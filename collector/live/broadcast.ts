import type { LiveEntry } from '../../config/model/api.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Delta, LiveStore } from './store.ts';

/** Gathers changes for a moment, so that many make one message. */
export interface Broadcast {
  publish(entries: readonly LiveEntry[], options?: { readonly isUrgent: boolean }): void;
  /** Delivers what was gathered. */
  flush(): void;
  stop(): void;
}

/** Changes that are not urgent wait so long for others. */
const GATHER_MS = 250;

export function createBroadcast({
  store,
  clock,
  deliver,
}: {
  readonly store: LiveStore;
  readonly clock: Clock;
  readonly deliver: (delta: Delta) => void;
}): Broadcast {
  let cancel: (() => void) | undefined;
  let flushedAtMs = Number.NEGATIVE_INFINITY;
  const stop = (): void => {
    cancel?.();
    cancel = undefined;
  };
  const flush = (): void => {
    stop();
    flushedAtMs = clock.nowMs();
    const delta = store.flush(flushedAtMs);
    if (delta !== undefined) deliver(delta);
  };
  return {
    publish(entries, { isUrgent } = { isUrgent: false }) {
      if (!store.set(entries)) return;
      if (isUrgent) flush();
      else cancel ??= clock.after(Math.max(0, flushedAtMs + GATHER_MS - clock.nowMs()), flush);
    },
    flush,
    stop,
  };
}
