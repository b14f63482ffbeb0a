import type { DeviceConfig } from '../config/load.ts';
import { ROOM_LIMITS } from '../config/model/climate.ts';
import { fixedLines, linePrefix, type PageSource } from './page/text.ts';

/** What the site's file says of a device, whether it answers or not. */
export function createSiteFacts(config: Pick<DeviceConfig, 'device' | 'uplinks' | 'limits'>): PageSource {
  const { device, uplinks } = config;
  const { id, kind, layer, room, feeds, mount } = device;
  const info = fixedLines(`${linePrefix('site_device_info', { device: id, kind, layer, room })}1\n`);
  const ports = fixedLines(
    uplinks.map((name) => `${linePrefix('site_uplink', { device: id, interface: name })}1\n`).join(''),
  );
  const fed = fixedLines(
    feeds
      .map((feed) => {
        const rack = mount === undefined ? {} : { rack: mount.rack };
        return `${linePrefix('site_feed', { device: id, kind, room, ...rack, feed })}1\n`;
      })
      .join(''),
  );
  const limits = fixedLines(limitLines(config));
  return {
    write(append) {
      append('site_device_info', info);
      append('site_feed', fed);
      append('site_uplink', ports);
      append('site_room_limit', limits);
    },
  };
}

/** How the air has to be at a climate sensor; other devices measure other air. */
function limitLines({ device: { id, kind, room }, limits }: Pick<DeviceConfig, 'device' | 'limits'>): string {
  if (kind !== 'climate_sensor') return '';
  return Object.entries({ ...ROOM_LIMITS, ...limits })
    .map(([limit, value]) => `${linePrefix('site_room_limit', { device: id, room, limit })}${value}\n`)
    .join('');
}

/** Several sources of one device as one. */
export function joinSources(...sources: readonly PageSource[]): PageSource {
  return {
    write(append) {
      for (const source of sources) source.write(append);
    },
  };
}
