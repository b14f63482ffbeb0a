import type { AlertInstance } from '../../config/model/alert.ts';
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
  const waiting = createWaiting();
  let writing: Promise<void> = Promise.resolve();
  const trouble = createTrouble(log, {
    level: 'error',
    begins: 'alert phases could not be saved',
    ends: 'alert phases are saved again',
  });

  const write = async (): Promise<void> => {
    const changes = waiting.take();
    if (changes === undefined) return;
    try {
      await store.save(changes);
      trouble.ended();
    } catch (error) {
      trouble.happened({ err: error });
      waiting.putBack(changes);
    }
  };
  return {
    add: (changes) => waiting.add(changes),
    flush() {
      writing = writing.then(write);
      return writing;
    },
  };
}

/** What is to be written. The later word on an instance counts. */
function createWaiting() {
  const saved = new Map<string, AlertInstance>();
  const removed = new Set<string>();
  let entries: AlertChanges['entries'] = [];
  const add = (later: AlertChanges): void => {
    for (const instance of later.saved) {
      saved.set(instance.fingerprint, instance);
      removed.delete(instance.fingerprint);
    }
    for (const fingerprint of later.removed) {
      saved.delete(fingerprint);
      removed.add(fingerprint);
    }
    if (later.entries.length > 0) entries = [...entries, ...later.entries].slice(-MAX_ENTRIES);
  };
  const take = (): AlertChanges | undefined => {
    if (saved.size + removed.size + entries.length === 0) return undefined;
    const taken = { saved: [...saved.values()], removed: [...removed], entries };
    saved.clear();
    removed.clear();
    entries = [];
    return taken;
  };
  return {
    add,
    take,
    /** What could not be written, before all that came since. */
    putBack(earlier: AlertChanges): void {
      const since = take();
      add(earlier);
      if (since !== undefined) add(since);
    },
  };
}
