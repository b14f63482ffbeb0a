import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import { remembered } from '../../config/model/remembered.ts';
import type { Site, SiteDevice } from '../../config/model/site.ts';
import type { Inhibitor, Seen } from './inhibit.ts';

/**
 * What an alert of one device does to what hangs on it, by the annotations of its rule: `cuts_off` says what it takes
 * from the devices behind it, `follows` what the loss of explains it. Words apart by blanks: `network`, `power`, `agent`.
 */
type Supply = 'network' | 'power' | 'agent';

/** Finds the alert of the switch, feed, UPS or agent that explains an alert of what hangs on it. */
export function topologyInhibitor(site: Site, seen: readonly Seen[]): Inhibitor {
  const cutting = seen
    .map(({ alert }) => alert)
    .filter((alert) => 'cuts_off' in alert.annotations && isActive(alert));
  if (cutting.length === 0) return () => undefined;
  const { devices, carriers } = plantOf(site);
  const cutters = (supply: Supply) => cutting.filter((alert) => says(alert, 'cuts_off', supply));
  const dark = new Map(cutters('network').map((alert) => [alert.labels['device'] ?? '', alert]));
  const feeds = lostFeeds(carriers, devices, cutters('power'));
  const agents = new Map(cutters('agent').map((alert) => [alert.labels['instance'] ?? '', alert]));
  if (dark.size + feeds.count + agents.size === 0) return () => undefined;
  return ({ alert }) => byAgent(alert, agents) ?? byDevice(alert, { devices, dark, feeds });
}

/** The devices of a site by their ids, and those that carry its feeds. */
const plantOf = remembered(({ devices }: Site) => ({
  devices: new Map(devices.map((device) => [device.id, device])),
  carriers: devices.filter(({ kind }) => kind === 'ups'),
}));

type Alerts = ReadonlyMap<string, AlertInstance>;

/**
 * What an agent tells of itself is explained by its being gone, and so is what it told of a device once nobody says it
 * any more: while there is news of the device somebody reads it.
 */
function byAgent(alert: AlertInstance, agents: Alerts): AlertInstance | undefined {
  if (alert.labels['device'] !== undefined && alert.phase.kind !== 'held') return undefined;
  const gone = says(alert, 'follows', 'agent') ? agents.get(alert.labels['instance'] ?? '') : undefined;
  return gone?.fingerprint === alert.fingerprint ? undefined : gone;
}

interface Cut {
  readonly devices: ReadonlyMap<string, SiteDevice>;
  readonly dark: Alerts;
  readonly feeds: LostFeeds;
}

/** An agent that is named as the machine that it runs on hangs on what that hangs on. */
function byDevice(alert: AlertInstance, { devices, dark, feeds }: Cut): AlertInstance | undefined {
  const { device: id, instance = '' } = alert.labels;
  const device = devices.get(id ?? instance);
  if (device === undefined) return undefined;
  const network = says(alert, 'follows', 'network') ? firstDark(device, devices, dark) : undefined;
  return network ?? (says(alert, 'follows', 'power') ? powerCut(device, alert, feeds) : undefined);
}

function says({ annotations }: AlertInstance, annotation: 'cuts_off' | 'follows', supply: Supply): boolean {
  const words = annotations[annotation];
  return words !== undefined && WORD[supply].test(words);
}

const WORD: Readonly<Record<Supply, RegExp>> = {
  network: /(^|\s)network(\s|$)/,
  power: /(^|\s)power(\s|$)/,
  agent: /(^|\s)agent(\s|$)/,
};

/** The nearest device on the way to this one that is cut off. A way that turns back on itself ends. */
function firstDark(
  { id, behind }: SiteDevice,
  devices: ReadonlyMap<string, SiteDevice>,
  dark: ReadonlyMap<string, AlertInstance>,
): AlertInstance | undefined {
  const passed = new Set([id]);
  for (let at = behind; at !== undefined && !passed.has(at); at = devices.get(at)?.behind) {
    const cut = dark.get(at);
    if (cut !== undefined) return cut;
    passed.add(at);
  }
  return undefined;
}

/** The feeds that carry nothing. Rooms call their feeds alike: each is known by its room and its name. */
interface LostFeeds {
  readonly count: number;
  /** The alert that says it of a feed as a device of this room draws from it. */
  readonly of: (room: string, feed: string) => AlertInstance | undefined;
}

/** Where a feed is lost that its alert names no room for. */
const ANYWHERE = '';

const keyOf = (room: string, feed: string): string => `${room}\n${feed}`;

/** Each with the alert that says so: of the feed itself, or of its UPS where no other of its room carries it too. */
function lostFeeds(
  carriers: readonly SiteDevice[],
  devices: ReadonlyMap<string, SiteDevice>,
  cutters: readonly AlertInstance[],
): LostFeeds {
  const ofFeeds = cutters.filter(({ labels }) => labels['feed'] !== undefined);
  const lost = new Map(
    ofFeeds.map((alert) => [keyOf(alert.labels['room'] ?? ANYWHERE, alert.labels['feed'] ?? ''), alert]),
  );
  for (const [key, alert] of feedsOfUps(carriers, devices, cutters)) if (!lost.has(key)) lost.set(key, alert);
  return {
    count: lost.size,
    of: (room, feed) =>
      lost.get(keyOf(room, feed)) ??
      lost.get(keyOf(carryingRoom(carriers, room, feed), feed)) ??
      lost.get(keyOf(ANYWHERE, feed)),
  };
}

/** The feeds of which every UPS of their room is off. */
function feedsOfUps(
  carriers: readonly SiteDevice[],
  devices: ReadonlyMap<string, SiteDevice>,
  cutters: readonly AlertInstance[],
): readonly (readonly [string, AlertInstance])[] {
  const cut = cutters.filter(
    ({ labels }) => labels['feed'] === undefined && devices.get(labels['device'] ?? '')?.kind === 'ups',
  );
  const isCut = ({ id }: SiteDevice): boolean => cut.some(({ labels }) => labels['device'] === id);
  return cut.flatMap((alert) => {
    const { room = '', feeds = [] } = devices.get(alert.labels['device'] ?? '') ?? {};
    return feeds
      .filter((feed) => carriers.filter((ups) => ups.room === room && ups.feeds.includes(feed)).every(isCut))
      .map((feed) => [keyOf(room, feed), alert] as const);
  });
}

/** The room whose UPS carry a feed: its own where there are any, else the only one that has such a feed. */
function carryingRoom(carriers: readonly SiteDevice[], room: string, feed: string): string {
  const rooms = new Set(carriers.filter(({ feeds }) => feeds.includes(feed)).map((ups) => ups.room));
  const [only] = rooms;
  return rooms.size === 1 && only !== undefined ? only : room;
}

/** A device is dark by its power only when every feed that it draws from is lost. */
function powerCut(
  { feeds, room }: SiteDevice,
  { fingerprint }: AlertInstance,
  lost: LostFeeds,
): AlertInstance | undefined {
  const cuts = feeds.map((feed) => lost.of(room, feed));
  const [first] = cuts;
  if (first === undefined || cuts.includes(undefined)) return undefined;
  return first.fingerprint === fingerprint ? undefined : first;
}
