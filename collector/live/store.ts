import type { ClientMessage, LiveEntry, Topic } from '../../config/model/api.ts';

/**
 * The live state as text that is ready to be sent, with the number of the delta that changed each key last. Changes
 * are gathered until `flush`.
 */
export interface LiveStore {
  /** Answers whether anything is different now. */
  set(entries: readonly LiveEntry[]): boolean;
  /** Lets a key go without telling anybody: for what no client looks at any more. */
  forget(key: LiveKey): void;
  /** Makes one delta of all changes since the last; `undefined` if there were none. */
  flush(atMs: number): Delta | undefined;
  /** Everything that the topics select. Flush before. */
  snapshot(topics: readonly Topic[], atMs: number): string;
  /** What a client of these topics missed since it resumed from; `undefined` when nobody can say. Flush before. */
  missed(topics: readonly Topic[], resume: Resume, atMs: number): string | undefined;
  readonly seq: number;
}

/** One step of the live state: the message for a client of these topics, `undefined` if nothing of it is theirs. */
export type Delta = (topics: readonly Topic[]) => string | undefined;

type LiveKey = LiveEntry[0];
type Resume = NonNullable<ClientMessage['resume']>;

interface Held {
  /** Of the value; `undefined` once it is removed. */
  readonly text: string | undefined;
  readonly seq: number;
}

/** How many removed keys are remembered for those who resume. */
const MAX_REMOVED = 5_000;

/** `epoch` names this life of the collector: what a client has of another is worth nothing. */
export function createLiveStore(epoch: string, maxRemoved = MAX_REMOVED): LiveStore {
  const held = createHeldValues(maxRemoved);
  const changes = new Map<LiveKey, string | undefined>();
  let seq = 0;

  const message = (entries: readonly HeldEntry[], atMs: number): string =>
    `{"type":"delta","seq":${seq},"atMs":${atMs},"entries":${entriesText(entries)}}`;
  const selected = (topics: readonly Topic[]): readonly HeldEntry[] =>
    held.entries().filter(([key]) => isSelected(key, topics));

  return {
    get seq() {
      return seq;
    },
    set(entries) {
      for (const [key, value] of entries) {
        const text = value === null ? undefined : JSON.stringify(value);
        if (held.textOf(key) === text) changes.delete(key);
        else changes.set(key, text);
      }
      return changes.size > 0;
    },
    forget(key) {
      changes.delete(key);
      held.forget(key);
    },
    flush(atMs) {
      if (changes.size === 0) return undefined;
      seq += 1;
      const entries = [...changes].map(([key, text]) => [key, held.put(key, { text, seq })] as const);
      changes.clear();
      return remembering((topics) => {
        const own = entries.filter(([key]) => isSelected(key, topics));
        return own.length === 0 ? undefined : message(own, atMs);
      });
    },
    snapshot(topics, atMs) {
      const entries = entriesText(selected(topics).filter(([, { text }]) => text !== undefined));
      return `{"type":"snapshot","epoch":${JSON.stringify(epoch)},"seq":${seq},"atMs":${atMs},"entries":${entries}}`;
    },
    missed(topics, resume, atMs) {
      if (resume.epoch !== epoch || resume.seq > seq || resume.seq < held.forgottenSeq) return undefined;
      // Readings are sent whole: the client may look at a device that it did not look at before.
      const entries = selected(topics).filter(
        ([key, own]) => own.seq > resume.seq || key.startsWith(READINGS),
      );
      return message(entries, atMs);
    },
  };
}

type HeldEntry = readonly [LiveKey, Held];

/** Values by key, and the keys that were removed as far as they are remembered. */
function createHeldValues(maxRemoved: number) {
  /** In the order of their last change. */
  const held = new Map<LiveKey, Held>();
  let removed = 0;
  let forgottenSeq = 0;

  const drop = (key: LiveKey): void => {
    const before = held.get(key);
    if (before !== undefined && before.text === undefined) removed -= 1;
    held.delete(key);
  };
  const forgetOldestRemoved = (): void => {
    for (const [key, { text, seq }] of held) {
      if (removed <= maxRemoved) return;
      if (text !== undefined) continue;
      drop(key);
      forgottenSeq = seq;
    }
  };
  return {
    /** Who has no more than this may have missed the removal of a key that is not remembered. */
    get forgottenSeq() {
      return forgottenSeq;
    },
    textOf: (key: LiveKey): string | undefined => held.get(key)?.text,
    entries: (): HeldEntry[] => [...held],
    put(key: LiveKey, value: Held): Held {
      drop(key);
      held.set(key, value);
      if (value.text === undefined) removed += 1;
      forgetOldestRemoved();
      return value;
    },
    forget: drop,
  };
}

const READINGS = 'readings/';

function isSelected(key: LiveKey, topics: readonly Topic[]): boolean {
  return topics.includes(topicOf(key));
}

function topicOf(key: LiveKey): Topic {
  if (key === 'board') return 'board';
  return key.startsWith(READINGS) ? `device:${key.slice(READINGS.length)}` : 'overview';
}

function entriesText(entries: readonly HeldEntry[]): string {
  return `[${entries.map(([key, { text }]) => `[${JSON.stringify(key)},${text ?? 'null'}]`).join()}]`;
}

/** Many clients have the same topics: their message is made once. */
function remembering(make: Delta): Delta {
  const made = new Map<string, string | undefined>();
  return (topics) => {
    const key = topics.join('\n');
    if (!made.has(key)) made.set(key, make(topics));
    return made.get(key);
  };
}
