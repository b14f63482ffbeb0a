import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type {
  AlertView,
  DeviceView,
  ReadingsView,
  ServerMessage,
  WatcherView,
} from '../../config/model/api.ts';
import type { AttentionView } from '../../config/model/attention.ts';
import type { Site } from '../../config/model/site.ts';
import type { BoardView, WatchView } from '../../config/model/watch-api.ts';
import { applyMessage, createLiveMap, valueAt, type LiveKey, type ValueAt } from './live-map.ts';
import { byUrgency } from './urgency.ts';

/** The live state as signals: a part of a page redraws when what it read has changed, and only then. */
export interface LiveState {
  readonly site: ReadonlySignal<Site | undefined>;
  readonly watcher: ReadonlySignal<WatcherView | undefined>;
  /** What the alerts ask of the watch. */
  readonly attention: ReadonlySignal<AttentionView | undefined>;
  /** Who keeps the watch. */
  readonly watch: ReadonlySignal<WatchView | undefined>;
  /** The duty board; absent where its topic is not followed. */
  readonly board: ReadonlySignal<BoardView | undefined>;
  readonly devices: ReadonlySignal<ReadonlyMap<string, DeviceView>>;
  /** Worst and newest first. */
  readonly alerts: ReadonlySignal<readonly AlertView[]>;
  device(id: string): ReadonlySignal<DeviceView | undefined>;
  readings(id: string): ReadonlySignal<ReadingsView | undefined>;
  apply(message: ServerMessage): void;
  position(): { readonly epoch: string; readonly seq: number } | undefined;
}

export function createLiveState(): LiveState {
  const map = createLiveMap();
  const cells = new Map<LiveKey, Signal<unknown>>();
  const devicesVersion = signal(0);
  const alertsVersion = signal(0);

  function cell<K extends LiveKey>(key: K): ReadonlySignal<ValueAt<K> | undefined> {
    let found = cells.get(key);
    if (found === undefined) {
      found = signal<unknown>(valueAt(map, key));
      cells.set(key, found);
    }
    return found as Signal<ValueAt<K> | undefined>;
  }

  function valuesUnder<K extends `device/${string}` | `alert/${string}`>(prefix: string): ValueAt<K>[] {
    return [...map.values].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value as ValueAt<K>);
  }

  return {
    site: cell('site'),
    watcher: cell('watcher'),
    attention: cell('attention'),
    watch: cell('watch'),
    board: cell('board'),
    devices: computed(() => {
      void devicesVersion.value;
      return new Map(valuesUnder<`device/${string}`>('device/').map((device) => [device.id, device]));
    }),
    alerts: computed(() => {
      void alertsVersion.value;
      return valuesUnder<`alert/${string}`>('alert/').sort(byUrgency);
    }),
    device: (id) => cell(`device/${id}`),
    readings: (id) => cell(`readings/${id}`),
    position: () => map.position,
    apply(message) {
      const changed = applyMessage(map, message);
      batch(() => {
        for (const key of changed) {
          const known = cells.get(key);
          if (known !== undefined) known.value = valueAt(map, key);
          if (key.startsWith('device/')) devicesVersion.value += 1;
          if (key.startsWith('alert/')) alertsVersion.value += 1;
        }
      });
    },
  };
}
