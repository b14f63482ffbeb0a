import type { Labels } from '../../config/model/labels.ts';
import type { Language, Localized } from '../../config/model/localized.ts';
import type { Site } from '../../config/model/site.ts';
import { text } from './texts.ts';

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

/** The room, and where in it: `Main room, A1 U5`. */
export function placeText({ room, spot }: Pick<Place, 'room' | 'spot'>, language: Language): string {
  return spot === undefined
    ? text(language, 'place.room', { room: room[language] })
    : text(language, 'place.spot', { room: room[language], spot: spot[language] });
}

/** What an alert is of, by its labels: the device and where it is; of what the site does not name, what they say. */
export function whereText(labels: Labels, site: Site, language: Language): string {
  const place = placeOf(site, labels['device']);
  if (place === undefined) return labels['device'] ?? labels['instance'] ?? '';
  return text(language, 'place.device', {
    device: place.device[language],
    place: placeText(place, language),
  });
}
