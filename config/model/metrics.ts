import type { Severity } from './severity.ts';

/**
 * What the product measures and in which unit. A device profile says where a number is; this says what it means, so
 * that no profile can misname a unit. Base units of Prometheus throughout.
 */
export interface Metric {
  readonly type: 'gauge' | 'counter' | 'state';
  readonly unit: Unit;
  /** One sentence. */
  readonly help: string;
  /** Beside `device`, which every series of a device has. */
  readonly labels: readonly string[];
  /**
   * For type `state`: each state's name with its severity, `undefined` when it is normal, in the order in which
   * they are told. On a page a state set has one series for each state, 1 for the present one, 0 for the others.
   */
  readonly states?: Readonly<Record<string, Severity | undefined>>;
}

export type Unit =
  | 'none'
  | 'state'
  | 'flag'
  | 'count'
  | 'celsius'
  | 'volts'
  | 'amperes'
  | 'watts'
  | 'volt_amperes'
  | 'joules'
  | 'hertz'
  | 'seconds'
  | 'timestamp_seconds'
  | 'bytes'
  | 'bytes_per_second'
  | 'pascals'
  | 'ratio'
  | 'rpm';

type Options = Partial<Pick<Metric, 'labels' | 'states'>>;

const gauge = (unit: Unit, help: string, ...labels: string[]): Metric => ({
  type: 'gauge',
  unit,
  help,
  labels,
});
const counter = (unit: Unit, help: string, ...labels: string[]): Metric => ({
  type: 'counter',
  unit,
  help,
  labels,
});
const state = (help: string, states: NonNullable<Options['states']>, ...labels: string[]): Metric => ({
  type: 'state',
  unit: 'state',
  help,
  labels,
  states,
});

const DEVICE = {
  device_up: gauge('flag', 'Whether the last poll of the device got an answer.'),
  device_info: gauge(
    'none',
    'What the device says of itself; always 1.',
    'vendor',
    'model',
    'firmware',
    'system_name',
  ),
  device_uptime_seconds: gauge('seconds', 'Time since the device started.'),
  device_poll_duration_seconds: gauge('seconds', 'How long the last poll of the device took.'),
} satisfies Record<string, Metric>;

const UPS = {
  ups_output_source: state('Where the output of the UPS comes from (RFC 1628 upsOutputSource).', {
    normal: undefined,
    battery: 'critical',
    bypass: 'critical',
    booster: 'minor',
    reducer: 'minor',
    none: 'critical',
    other: 'minor',
  }),
  ups_battery_status: state('Condition of the battery (RFC 1628 upsBatteryStatus).', {
    normal: undefined,
    low: 'critical',
    depleted: 'critical',
    unknown: 'minor',
  }),
  ups_self_test: state('Result or state of the last self-test (RFC 1628 upsTestResultsSummary).', {
    passed: undefined,
    no_test: undefined,
    in_progress: undefined,
    warning: 'minor',
    failed: 'major',
    aborted: 'minor',
  }),
  ups_on_battery_seconds: gauge('seconds', 'Time on battery, 0 on mains.'),
  ups_battery_runtime_seconds: gauge('seconds', 'Estimated time that the battery carries the present load.'),
  ups_battery_charge_ratio: gauge('ratio', 'Estimated charge of the battery, 0 to 1.'),
  ups_battery_volts: gauge('volts', 'Voltage of the battery.'),
  ups_battery_amperes: gauge('amperes', 'Current of the battery.'),
  ups_battery_celsius: gauge('celsius', 'Temperature of the battery.'),
  ups_input_line_bads_total: counter('count', 'How often the input left its tolerance.'),
  ups_input_volts: gauge('volts', 'Voltage of an input line.', 'line'),
  ups_input_amperes: gauge('amperes', 'Current of an input line.', 'line'),
  ups_input_hertz: gauge('hertz', 'Frequency of an input line.', 'line'),
  ups_input_watts: gauge('watts', 'Power of an input line.', 'line'),
  ups_output_volts: gauge('volts', 'Voltage of an output line.', 'line'),
  ups_output_amperes: gauge('amperes', 'Current of an output line.', 'line'),
  ups_output_watts: gauge('watts', 'Power of an output line.', 'line'),
  ups_output_hertz: gauge('hertz', 'Frequency of the output.'),
  ups_load_ratio: gauge('ratio', 'Load of an output line as a share of its capacity, 0 to 1.', 'line'),
  ups_bypass_volts: gauge('volts', 'Voltage of a bypass line.', 'line'),
  ups_bypass_hertz: gauge('hertz', 'Frequency of the bypass.'),
  ups_alarms: gauge('count', 'Alarms that the UPS itself shows as active.'),
} satisfies Record<string, Metric>;

const ENVIRONMENT = {
  sensor_celsius: gauge('celsius', 'Temperature at a sensor.', 'sensor'),
  sensor_humidity_ratio: gauge('ratio', 'Relative humidity at a sensor, 0 to 1.', 'sensor'),
  sensor_volts: gauge('volts', 'Voltage at a sensor.', 'sensor'),
  sensor_amperes: gauge('amperes', 'Current at a sensor.', 'sensor'),
  sensor_watts: gauge('watts', 'Power at a sensor.', 'sensor'),
  sensor_hertz: gauge('hertz', 'Frequency at a sensor.', 'sensor'),
  sensor_rpm: gauge('rpm', 'Speed of a fan.', 'sensor'),
  sensor_state: state(
    'Condition of a sensor as its device judges it.',
    { normal: undefined, warning: 'minor', critical: 'critical', unavailable: 'minor', failed: 'minor' },
    'sensor',
  ),
  leak_detected: gauge('flag', 'Whether a leak sensor feels water.', 'sensor'),
  smoke_detected: gauge('flag', 'Whether a smoke detector has tripped.', 'sensor'),
  door_open: gauge('flag', 'Whether a door contact is open.', 'sensor'),
  contact_active: gauge('flag', 'Whether a dry contact is in its alarm position.', 'sensor'),
  crac_supply_air_celsius: gauge('celsius', 'Temperature of the air that an air conditioner blows out.'),
  crac_return_air_celsius: gauge('celsius', 'Temperature of the air that an air conditioner takes in.'),
  crac_setpoint_celsius: gauge('celsius', 'Temperature that an air conditioner is set to.'),
  pdu_load_watts: gauge('watts', 'Power that a PDU delivers.'),
} satisfies Record<string, Metric>;

const NETWORK = {
  interface_up: gauge(
    'flag',
    'Whether an interface works (IF-MIB ifOperStatus).',
    'interface',
    'description',
  ),
  interface_enabled: gauge(
    'flag',
    'Whether an interface is switched on (IF-MIB ifAdminStatus).',
    'interface',
  ),
  interface_speed_bytes_per_second: gauge('bytes_per_second', 'Nominal speed of an interface.', 'interface'),
  interface_receive_bytes_total: counter('bytes', 'Bytes received by an interface.', 'interface'),
  interface_transmit_bytes_total: counter('bytes', 'Bytes sent by an interface.', 'interface'),
  interface_receive_errors_total: counter('count', 'Packets received with errors.', 'interface'),
  interface_transmit_errors_total: counter('count', 'Packets not sent because of errors.', 'interface'),
  interface_receive_discards_total: counter('count', 'Good packets received and dropped.', 'interface'),
  interface_transmit_discards_total: counter('count', 'Packets to send that were dropped.', 'interface'),
} satisfies Record<string, Metric>;

const HOST = {
  host_cpu_load_ratio: gauge('ratio', 'Load of a processor over the last minute, 0 to 1.', 'cpu'),
  host_load: gauge('count', 'Mean length of the run queue.', 'period'),
  host_memory_size_bytes: gauge('bytes', 'Memory of the host.'),
  host_memory_used_bytes: gauge('bytes', 'Memory in use, without buffers and cache.'),
  host_memory_used_ratio: gauge('ratio', 'Share of the memory in use, 0 to 1.'),
  host_storage_size_bytes: gauge('bytes', 'Size of a file system.', 'storage'),
  host_storage_used_bytes: gauge('bytes', 'Space in use on a file system.', 'storage'),
  host_storage_used_ratio: gauge('ratio', 'Share of a file system in use, 0 to 1.', 'storage'),
  host_processes: gauge('count', 'Processes on the host.'),
  host_users: gauge('count', 'Users logged in on the host.'),
} satisfies Record<string, Metric>;

/** Every metric of a device, by name. */
export const METRICS = { ...DEVICE, ...UPS, ...ENVIRONMENT, ...NETWORK, ...HOST } as const satisfies Readonly<
  Record<string, Metric>
>;

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
  site_uplink: gauge(
    'flag',
    "Interfaces whose failure is an alarm, by the site's file; always 1.",
    'interface',
  ),
} as const satisfies Readonly<Record<string, Metric>>;

export function metricOf(name: string): Metric | undefined {
  return Object.hasOwn(METRICS, name) ? METRICS[name as MetricName] : undefined;
}

/** How grave a state is, `undefined` when it is normal or the metric has no such state. */
export function severityOfState(metric: string, stateName: string): Severity | undefined {
  return metricOf(metric)?.states?.[stateName];
}
