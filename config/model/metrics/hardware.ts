import { counter, gauge, state, type Metric } from './metric.ts';

/** How a part of a device is, as the device judges it. What is not there, or waits, is as it should be. */
export const CONDITION = {
  normal: undefined,
  standby: undefined,
  absent: undefined,
  unknown: 'info',
  warning: 'minor',
  failed: 'major',
  critical: 'critical',
} as const;

/** Parts of servers, switches, firewalls and storage. */
export const HARDWARE_METRICS = {
  hardware_state: state('Condition of a device or of a part of it.', CONDITION, 'component'),
  fan_state: state('Condition of a fan.', CONDITION, 'fan'),
  power_supply_state: state('Condition of a power supply.', CONDITION, 'supply'),
  disk_state: state('Condition of a disk.', CONDITION, 'disk'),
  array_state: state('Condition of a disk array or of a volume on it.', CONDITION, 'array'),
  disk_errors_total: counter('count', 'Errors of a disk, by their kind.', 'disk', 'kind'),
  disk_life_ratio: gauge('ratio', 'Writes that a solid-state disk is still good for, 0 to 1.', 'disk'),
  optical_receive_dbm: gauge('dbm', 'Light that an optical module receives.', 'port'),
  optical_transmit_dbm: gauge('dbm', 'Light that an optical module sends.', 'port'),
  modem_signal_dbm: gauge('dbm', 'Strength of the signal at a radio modem.', 'modem'),
} satisfies Record<string, Metric>;
