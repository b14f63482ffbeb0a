import type { DeviceConfig } from '../config/load.ts';
import { fixedLines, linePrefix, type PageSource } from './page/text.ts';

/** What the site's file says of a device, whether it answers or not. */
export function createSiteFacts({ device, uplinks }: Pick<DeviceConfig, 'device' | 'uplinks'>): PageSource {
  const { id, kind, layer, room } = device;
  const info = fixedLines(`${linePrefix('site_device_info', { device: id, kind, layer, room })}1\n`);
  const ports = fixedLines(
    uplinks.map((name) => `${linePrefix('site_uplink', { device: id, interface: name })}1\n`).join(''),
  );
  return {
    write(append) {
      append('site_device_info', info);
      append('site_uplink', ports);
    },
  };
}

/** Several sources of one device as one. */
export function joinSources(...sources: readonly PageSource[]): PageSource {
  return {
    write(append) {
      for (const source of sources) source.write(append);
    },
  };
}
