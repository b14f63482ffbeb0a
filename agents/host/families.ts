import type { Family } from '../page/text.ts';

/**
 * What is told of this machine, under the names that node_exporter gave them: dashboards and rules of others fit. The `device` label
 * says whose they are here, so network interfaces are named by `interface`.
 */
export const HOST_FAMILIES = {
  node_boot_time_seconds: { type: 'gauge', help: 'When the host started, as Unix time.' },
  node_cpu_seconds_total: { type: 'counter', help: 'Seconds that the CPUs spent in each mode.' },
  node_filesystem_avail_bytes: { type: 'gauge', help: 'Space of a file system that anyone may use.' },
  node_filesystem_free_bytes: { type: 'gauge', help: 'Free space of a file system.' },
  node_filesystem_size_bytes: { type: 'gauge', help: 'Size of a file system.' },
  node_load1: { type: 'gauge', help: 'Mean length of the run queue over 1 minute.' },
  node_load5: { type: 'gauge', help: 'Mean length of the run queue over 5 minutes.' },
  node_load15: { type: 'gauge', help: 'Mean length of the run queue over 15 minutes.' },
  node_memory_Buffers_bytes: { type: 'gauge', help: 'Memory in buffers.' },
  node_memory_Cached_bytes: { type: 'gauge', help: 'Memory in the page cache.' },
  node_memory_MemAvailable_bytes: {
    type: 'gauge',
    help: 'Memory that programs could have without swapping.',
  },
  node_memory_MemFree_bytes: { type: 'gauge', help: 'Memory in no use at all.' },
  node_memory_MemTotal_bytes: { type: 'gauge', help: 'Memory of the host.' },
  node_memory_SwapFree_bytes: { type: 'gauge', help: 'Swap space in no use.' },
  node_memory_SwapTotal_bytes: { type: 'gauge', help: 'Swap space of the host.' },
  node_network_receive_bytes_total: { type: 'counter', help: 'Bytes received by an interface.' },
  node_network_receive_drop_total: { type: 'counter', help: 'Packets received and dropped.' },
  node_network_receive_errs_total: { type: 'counter', help: 'Packets received with errors.' },
  node_network_receive_packets_total: { type: 'counter', help: 'Packets received.' },
  node_network_transmit_bytes_total: { type: 'counter', help: 'Bytes sent by an interface.' },
  node_network_transmit_drop_total: { type: 'counter', help: 'Packets to send that were dropped.' },
  node_network_transmit_errs_total: { type: 'counter', help: 'Packets not sent because of errors.' },
  node_network_transmit_packets_total: { type: 'counter', help: 'Packets sent.' },
  node_uname_info: { type: 'gauge', help: 'The system that runs on the host; always 1.' },
} as const satisfies Readonly<Record<string, Family>>;

export type HostMetric = keyof typeof HOST_FAMILIES;

/** One value of this machine. */
export interface HostSample {
  readonly metric: HostMetric;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
