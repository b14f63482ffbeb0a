import type { AlertStore } from '../alerting/ports.ts';
import type { Clock } from '../config/runtime/clock.ts';
import { collectGarbage, SETTLED_AFTER_MS } from '../config/runtime/garbage.ts';

/** So many alerts forgotten at once were a storm. */
const STORM = 1_000;
/** Where a thousand devices waver, a thousand alerts come and go with each judgement: that is no storm that has passed. */
const REST_MS = 30 * 60_000;

/**
 * The store, of which a storm that is forgotten gives its memory back to the system: a heap that has room would keep what
 * is dead for hours. It costs one pause, as long as looking through the heap takes.
 */
export function sparingMemory(
  store: AlertStore,
  { clock, collect = collectGarbage }: { readonly clock: Clock; readonly collect?: () => void },
): AlertStore {
  let restsUntilMs = Number.NEGATIVE_INFINITY;
  return {
    instances: () => store.instances(),
    firedSince: (sinceMs) => store.firedSince(sinceMs),
    async save(changes) {
      await store.save(changes);
      if (changes.removed.length < STORM || clock.nowMs() < restsUntilMs) return;
      restsUntilMs = clock.nowMs() + REST_MS;
      clock.after(SETTLED_AFTER_MS, collect);
    },
  };
}
