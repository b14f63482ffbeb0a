import { counter, gauge, type Metric } from './metric.ts';

/** Ports of a network device. */
export const NETWORK_METRICS = {
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
