import type { DeviceKind } from './device.ts';

/** The metrics that a tile shows, most telling first; those that a device does not have are left out. */
const HEADLINES: Readonly<Record<DeviceKind, readonly string[]>> = {
  ups: ['ups_output_source', 'ups_load_ratio', 'ups_battery_runtime_seconds', 'ups_battery_charge_ratio'],
  pdu: ['pdu_load_watts', 'sensor_watts', 'sensor_amperes'],
  ats: ['ats_source', 'sensor_volts'],
  crac: ['crac_supply_air_celsius', 'crac_return_air_celsius', 'sensor_celsius', 'sensor_rpm'],
  climate_sensor: ['sensor_celsius', 'sensor_humidity_ratio'],
  leak: ['leak_detected'],
  smoke: ['smoke_detected'],
  door: ['door_open'],
  firewall: ['host_cpu_load_ratio', 'host_memory_used_ratio', 'host_load'],
  switch: ['host_cpu_load_ratio', 'host_memory_used_ratio', 'host_load'],
  server: ['host_cpu_load_ratio', 'host_memory_used_ratio', 'node_load1'],
  storage: ['host_storage_used_ratio'],
  application: ['probe_success'],
  other: ['sensor_celsius', 'sensor_watts'],
};

export function headlineMetrics(kind: DeviceKind): readonly string[] {
  return HEADLINES[kind];
}
