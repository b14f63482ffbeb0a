import type { Log } from '../../config/runtime/log.ts';
import { createTrouble } from '../../config/runtime/trouble.ts';
import type { ReadyMessage } from './notifiers/notifier.ts';
import type { Attempt, OutboxMessage, OutboxStore } from '../ports.ts';

/** Attempts that took place and are not in the records yet: written before anything is sent again. */
export interface Attempts {
  add(id: number, attempt: Attempt): void;
  has(id: number): boolean;
  /** Writes all of them. Rejects where it cannot; they are tried again with the next call. */
  save(): Promise<void>;
}

export function createAttempts(store: Pick<OutboxStore, 'saveAttempt'>): Attempts {
  const unsaved = new Map<number, Attempt>();
  let saving: Promise<void> = Promise.resolve();
  const saveUnsaved = async (): Promise<void> => {
    for (const [id, attempt] of unsaved) {
      await store.saveAttempt(id, attempt);
      unsaved.delete(id);
    }
  };
  return {
    add: (id, attempt) => void unsaved.set(id, attempt),
    has: (id) => unsaved.has(id),
    /** One after the other: an attempt that two lanes save would count twice. */
    save() {
      const saved = saving.then(saveUnsaved);
      saving = saved.catch(() => undefined);
      return saved;
    },
  };
}

/** Answers `undefined` where a message cannot leave yet. */
export function makeReady(
  log: Log,
  finish: (message: OutboxMessage) => Promise<ReadyMessage>,
): (message: OutboxMessage) => Promise<ReadyMessage | undefined> {
  const trouble = createTrouble(log, {
    level: 'error',
    begins: 'messages cannot be made ready to leave',
    ends: 'messages are made ready again',
  });
  return async (message) => {
    try {
      const finished = await finish(message);
      trouble.ended();
      return finished;
    } catch (error) {
      trouble.happened({ err: error });
      return undefined;
    }
  };
}
