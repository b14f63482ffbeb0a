import type {
  AlertView,
  DeviceView,
  LiveEntry,
  ReadingsView,
  ServerMessage,
  WatcherView,
} from '../../config/model/api.ts';
import type { AttentionView } from '../../config/model/attention.ts';
import type { Site } from '../../config/model/site.ts';
import type { BoardView, WatchView } from '../../config/model/watch-api.ts';

/** The browser's copy of the live state, and how far it goes. */
export interface LiveMap {
  readonly values: Map<LiveKey, LiveValue>;
  /** Absent until the first snapshot. */
  position?: { readonly epoch: string; readonly seq: number };
}

export type LiveKey = LiveEntry[0];
export type LiveValue = NonNullable<LiveEntry[1]>;

/** The type of the value under a key. */
export type ValueAt<K extends LiveKey> = K extends 'site'
  ? Site
  : K extends 'watcher'
    ? WatcherView
    : K extends 'attention'
      ? AttentionView
      : K extends 'watch'
        ? WatchView
        : K extends 'board'
          ? BoardView
          : K extends `device/${string}`
            ? DeviceView
            : K extends `readings/${string}`
              ? ReadingsView
              : AlertView;

export function createLiveMap(): LiveMap {
  return { values: new Map() };
}

export function valueAt<K extends LiveKey>(map: LiveMap, key: K): ValueAt<K> | undefined {
  return map.values.get(key) as ValueAt<K> | undefined;
}

function put(map: LiveMap, [key, value]: LiveEntry): void {
  if (value === null) map.values.delete(key);
  else map.values.set(key, value);
}

function applySnapshot(map: LiveMap, message: Extract<ServerMessage, { type: 'snapshot' }>): Set<LiveKey> {
  const changed = new Set([...map.values.keys(), ...message.entries.map(([key]) => key)]);
  map.values.clear();
  for (const entry of message.entries) put(map, entry);
  map.position = { epoch: message.epoch, seq: message.seq };
  return changed;
}

function applyDelta(map: LiveMap, { seq, entries }: Extract<ServerMessage, { type: 'delta' }>): Set<LiveKey> {
  const { position } = map;
  // Before the first snapshot there is nothing that a delta could change; an old one came twice.
  if (position === undefined || seq <= position.seq) return new Set();
  for (const entry of entries) put(map, entry);
  map.position = { epoch: position.epoch, seq };
  return new Set(entries.map(([key]) => key));
}

/** Brings the map up to the message and returns the keys whose value may have changed. */
export function applyMessage(map: LiveMap, message: ServerMessage): ReadonlySet<LiveKey> {
  if (message.type === 'snapshot') return applySnapshot(map, message);
  if (message.type === 'delta') return applyDelta(map, message);
  return new Set();
}
