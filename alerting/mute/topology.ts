import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import type { Site, SiteDevice } from '../../config/model/site.ts';
import type { Inhibitor, Seen } from './inhibit.ts';

/**
 * What an alert of one device does to what hangs on it, by the annotations of its rule: `cuts_off` says what it takes
 * from the devices behind it, `follows` what the loss of explains it. Words apart by blanks: `network`, `power`.
 */
type Supply = 'network' | 'power';

/** Finds the alert of the switch, feed or UPS that explains an alert of what hangs on it. */
export function topologyInhibitor(site: Site, seen: readonly Seen[]): Inhibitor {
  const devices = new Map(site.devices.map((device) => [device.id, device]));
  const active = seen.map(({ alert }) => alert).filter(isActive);
  const cutters = (supply: Supply) => active.filter((alert) => says(alert, 'cuts_off', supply));
  const dark = new Map(cutters('network').map((alert) => [alert.labels['device'] ?? '', alert]));
  const lost = lostFeeds(devices, cutters('power'));
  if (dark.size + lost.size === 0) return () => undefined;
  return ({ alert }) => {
    const device = devices.get(alert.labels['device'] ?? '');
    if (device === undefined) return undefined;
    return (
      (says(alert, 'follows', 'network') ? firstDark(device, devices, dark) : undefined) ??
      (says(alert, 'follows', 'power') ? powerCut(device, alert, lost) : undefined)
    );
  };
}

function says({ annotations }: AlertInstance, annotation: 'cuts_off' | 'follows', supply: Supply): boolean {
  return annotations[annotation]?.split(/\s+/).includes(supply) === true;
}

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

/** The feeds that carry nothing, each with the alert that says so: of the feed itself, or of its UPS. */
function lostFeeds(
  devices: ReadonlyMap<string, SiteDevice>,
  cutters: readonly AlertInstance[],
): ReadonlyMap<string, AlertInstance> {
  return new Map(
    cutters.flatMap((alert) => {
      const { feed: own } = alert.labels;
      if (own !== undefined) return [[own, alert] as const];
      const device = devices.get(alert.labels['device'] ?? '');
      return device?.kind === 'ups' ? device.feeds.map((feed) => [feed, alert] as const) : [];
    }),
  );
}

/** A device is dark by its power only when every feed that it draws from is lost. */
function powerCut(
  { feeds }: SiteDevice,
  { fingerprint }: AlertInstance,
  lost: ReadonlyMap<string, AlertInstance>,
): AlertInstance | undefined {
  if (feeds.length === 0 || !feeds.every((feed) => lost.has(feed))) return undefined;
  const cut = lost.get(feeds[0] ?? '');
  return cut?.fingerprint === fingerprint ? undefined : cut;
}
