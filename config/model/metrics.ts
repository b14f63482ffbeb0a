import { CLIMATE_METRICS } from './metrics/climate.ts';
import { DEVICE_METRICS } from './metrics/device.ts';
import { DISTRIBUTION_METRICS } from './metrics/distribution.ts';
import { FIREWALL_METRICS } from './metrics/firewall.ts';
import { HARDWARE_METRICS } from './metrics/hardware.ts';
import { HOST_METRICS } from './metrics/host.ts';
import { gauge, type Metric } from './metrics/metric.ts';
import { NETWORK_METRICS } from './metrics/network.ts';
import { PLANT_METRICS } from './metrics/plant.ts';
import { SENSOR_METRICS } from './metrics/sensor.ts';
import { UPS_METRICS } from './metrics/ups.ts';
import type { Severity } from './severity.ts';

export type { Metric, Unit } from './metrics/metric.ts';

/** Every metric of a device, by name. */
export const METRICS = {
  ...DEVICE_METRICS,
  ...UPS_METRICS,
  ...DISTRIBUTION_METRICS,
  ...PLANT_METRICS,
  ...CLIMATE_METRICS,
  ...SENSOR_METRICS,
  ...NETWORK_METRICS,
  ...HOST_METRICS,
  ...HARDWARE_METRICS,
  ...FIREWALL_METRICS,
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

/** What the site's files say of its devices, as series: rules ask by them which sensors and ports matter. */
export const SITE_FACTS = {
  site_device_info: gauge(
    'none',
    "What the site's file says of a device; always 1.",
    'kind',
    'layer',
    'room',
  ),
  site_feed: gauge(
    'none',
    "A power feed by the site's file: for a UPS the one that it carries, for others one that they draw from; always 1.",
    'kind',
    'room',
    'rack',
    'feed',
  ),
  site_uplink: gauge(
    'flag',
    "Interfaces whose failure is an alarm, by the site's file; always 1.",
    'interface',
  ),
  site_room_limit: gauge(
    'none',
    "Limits of the air at a climate sensor, by its room in the site's file: a name of `ROOM_LIMITS` and its value.",
    'room',
    'limit',
  ),
} as const satisfies Readonly<Record<string, Metric>>;

export function metricOf(name: string): Metric | undefined {
  return Object.hasOwn(METRICS, name) ? METRICS[name as MetricName] : undefined;
}

/** How grave a state is, `undefined` when it is normal or the metric has no such state. */
export function severityOfState(metric: string, stateName: string): Severity | undefined {
  return metricOf(metric)?.states?.[stateName];
}
