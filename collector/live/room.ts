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
  readonly atMs: number;
}

export function createLiveRoom({ hub, nowMs, site, deviceViews, readings, watcher }: LiveRoomDeps): LiveRoom {
  let shown = new Map<string, Shown>();

  const next = (view: DeviceView, atMs: number): Shown => {
    const before = shown.get(view.id);
    const isFresh = before !== undefined && atMs - before.atMs < AGE_REFRESH_MS;
    return isFresh && saysTheSame(before.view, view) ? before : { view, atMs };
  };
  const update = (): void => {
    const atMs = nowMs();
    const previous = shown;
    shown = new Map(deviceViews(atMs).map((view) => [view.id, next(view, atMs)]));
    const entries: LiveEntry[] = [['watcher', watcher()]];
    let isUrgent = false;
    for (const [id, { view }] of shown) {
      const before = previous.get(id)?.view;
      if (view === before) continue;
      entries.push([`device/${id}`, view]);
      isUrgent ||= stateOf(view) !== stateOf(before);
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

/** Whether two values are equal but for their instants. */
function saysTheSame(some: unknown, other: unknown): boolean {
  if (Object.is(some, other)) return true;
  if (!isCompound(some) || !isCompound(other)) return false;
  const names = Object.keys(some);
  if (names.length !== Object.keys(other).length) return false;
  return names.every(
    (name) => Object.hasOwn(other, name) && (INSTANTS.has(name) || saysTheSame(some[name], other[name])),
  );
}

/** An object or a list. */
function isCompound(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function stateOf(view: DeviceView | undefined): string {
  if (view === undefined) return '';
  return view.state.kind === 'alarmed' ? view.state.severity : view.state.kind;
}
