import type { DeviceKind } from '../../config/model/device.ts';
import type { SiteDevice } from '../../config/model/site.ts';
import type { MessageKey } from '../i18n/words.ts';

/** A question that this room can answer. */
export interface Example {
  readonly label: MessageKey;
  readonly query: string;
}

/** What to ask of the first device of a kind, or of all of them. */
const OF_KINDS: readonly { readonly kind: DeviceKind; readonly label: MessageKey; readonly query: string }[] =
  [
    { kind: 'ups', label: 'explore.example.load', query: 'max by (device) (ups_load_ratio)' },
    {
      kind: 'ups',
      label: 'explore.example.runtime',
      query: 'ups_battery_runtime_seconds{device="$device"} / 3600',
    },
    {
      kind: 'climate_sensor',
      label: 'explore.example.inlet',
      query: 'sensor_celsius and on (device) site_device_info{kind="climate_sensor"}',
    },
    {
      kind: 'climate_sensor',
      label: 'explore.example.rise',
      query: 'deriv(sensor_celsius{device="$device"}[15m]) * 3600',
    },
    {
      kind: 'switch',
      label: 'explore.example.traffic',
      query: 'rate(interface_receive_bytes_total{device="$device"}[5m]) * 8',
    },
    { kind: 'server', label: 'explore.example.storage', query: 'topk(10, host_storage_used_ratio)' },
  ];

const OF_ALL: readonly Example[] = [
  { label: 'explore.example.silent', query: 'device_up == 0' },
  { label: 'explore.example.alerts', query: 'sum by (alertname) (ALERTS{alertstate="firing"})' },
];

/** Questions to begin with, with the names of this room's devices in them. */
export function examplesFor(devices: readonly SiteDevice[]): readonly Example[] {
  const ofKinds = OF_KINDS.flatMap(({ kind, label, query }): readonly Example[] => {
    const device = devices.find((one) => one.kind === kind);
    return device === undefined ? [] : [{ label, query: query.replaceAll('$device', device.id) }];
  });
  return [...ofKinds, ...OF_ALL];
}
