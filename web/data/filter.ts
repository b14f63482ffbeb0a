import type { AlertView } from '../../config/model/api.ts';
import { LAYERS, type Layer } from '../../config/model/device.ts';
import type { Site, SiteDevice } from '../../config/model/site.ts';
import { deviceOf } from './place.ts';

/** What a page shows of the site; absent means all. */
export interface Filter {
  readonly room?: string | undefined;
  readonly layer?: Layer | undefined;
}

export function admits(filter: Filter, device: SiteDevice): boolean {
  return (
    (filter.room === undefined || device.room === filter.room) &&
    (filter.layer === undefined || device.layer === filter.layer)
  );
}

/** The layers that the devices have, in the order of the model: what a site does not use is not offered. */
export function layersOf(devices: readonly SiteDevice[]): readonly Layer[] {
  return LAYERS.filter((layer) => devices.some((device) => device.layer === layer));
}

/** Alerts that the filter admits, and how many it hides. An alert of no device belongs to every room. */
export function splitAlerts(
  alerts: readonly AlertView[],
  site: Site,
  filter: Filter,
): { readonly shown: readonly AlertView[]; readonly hidden: number } {
  const shown = alerts.filter((alert) => {
    const device = deviceOf(site, alert.device);
    return device === undefined || admits(filter, device);
  });
  return { shown, hidden: alerts.length - shown.length };
}
