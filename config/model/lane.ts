import type { Labels } from './labels.ts';
import { metricOf, type MetricName } from './metrics.ts';

/**
 * How often a reading is worth asking for. `fast`: what matters in a power failure, read every few seconds while a device is on battery
 * or alarmed. `slow`: inventory, read every few minutes. Everything else with each poll.
 */
export type Lane = 'fast' | 'ordinary' | 'slow';

const FAST: ReadonlySet<string> = new Set<MetricName>([
  'ups_on_battery_seconds',
  'ups_battery_runtime_seconds',
  'ups_battery_charge_ratio',
  'ups_input_volts',
  'ups_load_ratio',
  'ups_alarms',
  'ats_input_volts',
  'dc_battery_runtime_seconds',
  'dc_battery_charge_ratio',
  'dc_battery_volts',
  'mains_volts',
  'genset_volts',
  'crac_supply_air_celsius',
  'crac_return_air_celsius',
  'leak_detected',
  'smoke_detected',
  'door_open',
  'contact_active',
]);

const SLOW: ReadonlySet<string> = new Set<MetricName>([
  'interface_speed_bytes_per_second',
  'host_memory_size_bytes',
  'host_storage_size_bytes',
  'ups_battery_age_seconds',
  'ups_battery_capacity_coulombs',
  'dc_battery_capacity_coulombs',
  'ups_battery_modules',
  'crac_run_seconds_total',
  'genset_run_seconds_total',
  'disk_life_ratio',
]);

/** What stands on a nameplate, and what a device is set to. */
const INVENTORY = /_(nominal|rated|limit|setpoint)(_|$)/;

/** Sensors in the air that the equipment takes in: they tell first that the cooling is gone. */
const INLET = /inlet|intake|ambient|cold|进风|进气|环境|冷通道/i;

/** The lane of a reading, by what the catalogue says that it is. */
export function laneOf(metric: MetricName, labels: Labels): Lane {
  if (SLOW.has(metric) || INVENTORY.test(metric)) return 'slow';
  if (FAST.has(metric) || metricOf(metric)?.type === 'state') return 'fast';
  return metric === 'sensor_celsius' && INLET.test(labels['sensor'] ?? '') ? 'fast' : 'ordinary';
}

/** Readings whose change is news at once: states, and flags that are either so or not. */
export function isNews(metric: MetricName): boolean {
  const { type, unit } = metricOf(metric) ?? {};
  return type === 'state' || unit === 'flag';
}
