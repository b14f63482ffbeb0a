import type { Localized } from '../../config/model/localized.ts';
import type { Site } from '../../config/model/site.ts';

/** Where a device is, in the words of the site. */
export interface Place {
  readonly device: Localized;
  readonly room: Localized;
  /** Its rack and lowest unit (`A1 U5`), or what the site says in words. */
  readonly spot?: Localized;
}

/** The id of the room of a device; empty for what the site does not name. */
export function roomOf(site: Site, device: string | undefined): string {
  return site.devices.find(({ id }) => id === device)?.room ?? '';
}

export function placeOf(site: Site, deviceId: string | undefined): Place | undefined {
  const device = site.devices.find(({ id }) => id === deviceId);
  if (device === undefined) return undefined;
  const room = site.rooms.find(({ id }) => id === device.room);
  const place = { device: device.name, room: room?.name ?? { 'zh-CN': device.room, en: device.room } };
  if (device.place !== undefined) return { ...place, spot: device.place };
  if (device.mount === undefined) return place;
  const spot = `${device.mount.rack} U${device.mount.unit}`;
  return { ...place, spot: { 'zh-CN': spot, en: spot } };
}
