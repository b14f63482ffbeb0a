import type { DeviceView, LiveEntry, ReadingsView, WatcherView } from '../../config/model/api.ts';
import type { Site } from '../../config/model/site.ts';
import type { LiveHub } from './hub.ts';

/** Shows the room to the browsers as it changes. */
export interface LiveRoom {
  /** Judges the devices anew and tells what is different. */
  update(): void;
  /** The site's files were read anew. */
  showSite(): void;
}

export interface LiveRoomDeps {
  readonly hub: Pick<LiveHub, 'publish' | 'wanted'>;
  readonly nowMs: () => number;
  readonly site: () => Site;
  readonly deviceViews: (nowMs: number) => readonly DeviceView[];
  readonly readings: (device: string) => ReadingsView | undefined;
  readonly watcher: () => WatcherView;
}

/** A value that stays the same is told again only so often, for the sake of its age. */
const AGE_REFRESH_MS = 15_000;

interface Shown {
  readonly view: DeviceView;
  /** The view without its instants. */
  readonly substance: string;
  readonly atMs: number;
}

export function createLiveRoom({ hub, nowMs, site, deviceViews, readings, watcher }: LiveRoomDeps): LiveRoom {
  let shown = new Map<string, Shown>();

  const next = (view: DeviceView, atMs: number): Shown => {
    const before = shown.get(view.id);
    const substance = JSON.stringify(view, (key, value: unknown) => (INSTANTS.has(key) ? undefined : value));
    const isSame = before?.substance === substance && atMs - before.atMs < AGE_REFRESH_MS;
    return isSame ? before : { view, substance, atMs };
  };
  const update = (): void => {
    const atMs = nowMs();
    const previous = shown;
    shown = new Map(deviceViews(atMs).map((view) => [view.id, next(view, atMs)]));
    const entries: LiveEntry[] = [['watcher', watcher()]];
    let isUrgent = false;
    for (const [id, { view }] of shown) {
      entries.push([`device/${id}`, view]);
      isUrgent ||= stateOf(view) !== stateOf(previous.get(id)?.view);
    }
    for (const id of previous.keys()) {
      if (shown.has(id)) continue;
      entries.push([`device/${id}`, null]);
      isUrgent = true;
    }
    for (const id of hub.wanted()) entries.push([`readings/${id}`, readings(id) ?? null]);
    hub.publish(entries, { isUrgent });
  };
  return {
    update,
    showSite() {
      hub.publish([['site', site()]], { isUrgent: true });
      update();
    },
  };
}

const INSTANTS: ReadonlySet<string> = new Set(['atMs', 'lastSeenAtMs']);

function stateOf(view: DeviceView | undefined): string {
  if (view === undefined) return '';
  return view.state.kind === 'alarmed' ? view.state.severity : view.state.kind;
}
