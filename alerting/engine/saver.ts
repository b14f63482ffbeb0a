import type { Log } from '../../config/runtime/log.ts';
import { createTrouble } from '../../config/runtime/trouble.ts';
import type { AlertChanges, AlertStore } from '../ports.ts';

/** Collects what evaluations changed and writes it, one transaction after the other, trying again what failed. */
export interface Saver {
  add(changes: AlertChanges): void;
  /** Answers when everything that was added before is written, or could not be. */
  flush(): Promise<void>;
}

/** While the records cannot be written, the oldest entries of the history beyond these are given up. */
const MAX_ENTRIES = 10_000;

export function createSaver({ store, log }: { store: AlertStore; log: Log }): Saver {
  let waiting = empty();
  let writing: Promise<void> = Promise.resolve();
  const trouble = createTrouble(log, {
    level: 'error',
    begins: 'alert phases could not be saved',
    ends: 'alert phases are saved again',
  });

  const write = async (): Promise<void> => {
    const changes = waiting;
    if (changes.saved.length + changes.removed.length + changes.entries.length === 0) return;
    waiting = empty();
    try {
      await store.save(changes);
      trouble.ended();
    } catch (error) {
      trouble.happened({ err: error });
      waiting = merged(changes, waiting);
    }
  };
  return {
    add(changes) {
      waiting = merged(waiting, changes);
    },
    flush() {
      writing = writing.then(write);
      return writing;
    },
  };
}

function empty(): AlertChanges {
  return { saved: [], removed: [], entries: [] };
}

/** The later word on an instance counts. */
function merged(earlier: AlertChanges, later: AlertChanges): AlertChanges {
  const saved = new Map(earlier.saved.map((instance) => [instance.fingerprint, instance]));
  const removed = new Set(earlier.removed);
  for (const instance of later.saved) {
    saved.set(instance.fingerprint, instance);
    removed.delete(instance.fingerprint);
  }
  for (const fingerprint of later.removed) {
    saved.delete(fingerprint);
    removed.add(fingerprint);
  }
  return {
    saved: [...saved.values()],
    removed: [...removed],
    entries: [...earlier.entries, ...later.entries].slice(-MAX_ENTRIES),
  };
}
