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
  const shown = new Map<string, Shown>();

  const update = (): void => {
    const atMs = nowMs();
    const views = deviceViews(atMs);
    const entries: LiveEntry[] = [['watcher', watcher()]];
    let isUrgent = false;
    for (const view of views) {
      const before = shown.get(view.id);
      if (before !== undefined && isTold(view, before, atMs)) continue;
      shown.set(view.id, { view, atMs });
      entries.push([`device/${view.id}`, view]);
      isUrgent ||= stateOf(view) !== stateOf(before?.view);
    }
    if (shown.size > views.length) {
      for (const id of goneFrom(shown, views)) entries.push([`device/${id}`, null]);
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

/** Whether what was told last still says all that there is to say. */
function isTold(view: DeviceView, before: Shown, atMs: number): boolean {
  return view === before.view || (atMs - before.atMs < AGE_REFRESH_MS && saysTheSame(before.view, view));
}

/** Forgets the devices that are no more, and names them. */
function goneFrom(shown: Map<string, Shown>, views: readonly DeviceView[]): readonly string[] {
  const present = new Set(views.map(({ id }) => id));
  const gone = [...shown.keys()].filter((id) => !present.has(id));
  for (const id of gone) shown.delete(id);
  return gone;
}

const INSTANTS: ReadonlySet<string> = new Set(['atMs', 'lastSeenAtMs']);

/** Whether two values are equal but for their instants. A thousand devices are compared each second: without a list for each. */
function saysTheSame(some: unknown, other: unknown): boolean {
  if (Object.is(some, other)) return true;
  if (!isCompound(some) || !isCompound(other)) return false;
  let more = 0;
  for (const name in some) {
    if (!Object.hasOwn(other, name)) return false;
    if (!INSTANTS.has(name) && !saysTheSame(some[name], other[name])) return false;
    more += 1;
  }
  for (const _name in other) more -= 1;
  return more === 0;
}

/** An object or a list. */
function isCompound(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function stateOf(view: DeviceView | undefined): string {
  if (view === undefined) return '';
  return view.state.kind === 'alarmed' ? view.state.severity : view.state.kind;
}
