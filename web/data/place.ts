import type { AlertView } from '../../config/model/api.ts';
import type { Room, Site, SiteDevice } from '../../config/model/site.ts';
import type { Words } from '../i18n/words.ts';

export function deviceOf(site: Site, id: string | undefined): SiteDevice | undefined {
  return id === undefined ? undefined : site.devices.find((device) => device.id === id);
}

/** What an alert is of: its device as people call it, else what its labels say. */
export function subjectText(
  site: Site,
  { device: id, labels }: Pick<AlertView, 'device' | 'labels'>,
  words: Words,
): string {
  const device = deviceOf(site, id);
  return device === undefined ? (id ?? labels['instance'] ?? '') : words.local(device.name);
}

export function roomOf(site: Site, id: string | undefined): Room | undefined {
  return id === undefined ? undefined : site.rooms.find((room) => room.id === id);
}

function unitsText({ t }: Words, { mount }: SiteDevice): string {
  if (mount === undefined) return '';
  return mount.height === 1
    ? t('room.unit', { unit: mount.unit })
    : t('room.units', { from: mount.unit, to: mount.unit + mount.height - 1 });
}

/** Where a device stands, from the room to the rack unit. */
export function placeText(site: Site, device: SiteDevice, words: Words): string {
  const room = roomOf(site, device.room);
  const parts = [
    // Where there is one room only, its name says nothing.
    site.rooms.length === 1 || room === undefined ? undefined : words.local(room.name),
    device.mount?.rack,
    device.mount === undefined ? undefined : unitsText(words, device),
    device.place === undefined ? undefined : words.local(device.place),
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}
