import type { AlertView, DeviceView } from '../../config/model/api.ts';
import type { DeviceState } from '../../config/model/device.ts';
import type { Severity } from '../../config/model/severity.ts';
import type { SiteDevice } from '../../config/model/site.ts';

/** Small views for tests of what pages decide. */

export function siteDevice(id: string, rest: Partial<SiteDevice> = {}): SiteDevice {
  return {
    id,
    name: { 'zh-CN': id, en: id },
    kind: 'server',
    layer: 'server',
    room: 'main',
    feeds: [],
    ...rest,
  };
}

export function mounted(id: string, rack: string, unit: number, height = 1): SiteDevice {
  return siteDevice(id, { mount: { rack, unit, height } });
}

export function viewOf(id: string, state: DeviceState): DeviceView {
  return { id, state, headline: [] };
}

export function firing(fingerprint: string, severity: Severity, sinceMs: number, device?: string): AlertView {
  const text = { 'zh-CN': fingerprint, en: fingerprint };
  return {
    fingerprint,
    rule: fingerprint,
    name: fingerprint,
    severity,
    phase: { kind: 'firing', sinceMs, firedAtMs: sinceMs },
    labels: {},
    summary: text,
    response: text,
    consequence: text,
    value: 1,
    ...(device === undefined ? {} : { device }),
  };
}
