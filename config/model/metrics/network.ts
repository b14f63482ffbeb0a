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
  interface_receive_unicast_packets_total: counter(
    'count',
    'Packets received for one receiver.',
    'interface',
  ),
  interface_receive_multicast_packets_total: counter(
    'count',
    'Packets received for many receivers.',
    'interface',
  ),
  interface_receive_broadcast_packets_total: counter(
    'count',
    'Packets received for all receivers.',
    'interface',
  ),
  interface_transmit_unicast_packets_total: counter('count', 'Packets sent to one receiver.', 'interface'),
  interface_transmit_multicast_packets_total: counter(
    'count',
    'Packets sent to many receivers.',
    'interface',
  ),
  interface_transmit_broadcast_packets_total: counter('count', 'Packets sent to all receivers.', 'interface'),
  interface_receive_unknown_protocols_total: counter(
    'count',
    'Packets received and dropped because of a protocol that is not known.',
    'interface',
  ),
  interface_mtu_bytes: gauge(
    'bytes',
    'Longest packet that an interface carries (IF-MIB ifMtu).',
    'interface',
  ),
} satisfies Record<string, Metric>;
