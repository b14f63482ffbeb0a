import type { HostMetric, HostSample } from './families.ts';

/** Reading the files that Linux tells its state in; each function takes the text of one. */

/** Linux counts processor time in hundredths of a second for every program that asks. */
const TICKS_PER_SECOND = 100;
const CPU_MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;

/** `/proc/stat`: processor time and the time of start. */
export function readStat(text: string): readonly HostSample[] {
  const samples: HostSample[] = [];
  for (const line of text.split('\n')) {
    const [name = '', ...fields] = line.split(/\s+/);
    const cpu = /^cpu(\d+)$/.exec(name)?.[1];
    if (name === 'btime') samples.push(sample('node_boot_time_seconds', {}, fields[0]));
    if (cpu === undefined) continue;
    CPU_MODES.forEach((mode, place) => {
      const { value } = sample('node_cpu_seconds_total', {}, fields[place]);
      samples.push({
        metric: 'node_cpu_seconds_total',
        labels: { cpu, mode },
        value: value / TICKS_PER_SECOND,
      });
    });
  }
  return samples.filter(({ value }) => Number.isFinite(value));
}

const MEMORY: Readonly<Record<string, HostMetric>> = {
  MemTotal: 'node_memory_MemTotal_bytes',
  MemFree: 'node_memory_MemFree_bytes',
  MemAvailable: 'node_memory_MemAvailable_bytes',
  Buffers: 'node_memory_Buffers_bytes',
  Cached: 'node_memory_Cached_bytes',
  SwapTotal: 'node_memory_SwapTotal_bytes',
  SwapFree: 'node_memory_SwapFree_bytes',
};

/** `/proc/meminfo`, in KiB. */
export function readMemory(text: string): readonly HostSample[] {
  return [...text.matchAll(/^(\w+):\s+(\d+) kB$/gm)].flatMap(([, name = '', kibibytes]) => {
    const metric = MEMORY[name];
    return metric === undefined ? [] : [{ metric, labels: {}, value: Number(kibibytes) * 1024 }];
  });
}

/** The columns of `/proc/net/dev` that are told, by their place behind the interface's name. */
const NETWORK_COLUMNS: ReadonlyMap<number, HostMetric> = new Map([
  [0, 'node_network_receive_bytes_total'],
  [1, 'node_network_receive_packets_total'],
  [2, 'node_network_receive_errs_total'],
  [3, 'node_network_receive_drop_total'],
  [8, 'node_network_transmit_bytes_total'],
  [9, 'node_network_transmit_packets_total'],
  [10, 'node_network_transmit_errs_total'],
  [11, 'node_network_transmit_drop_total'],
]);

/** `/proc/net/dev`: what passed through the interfaces, but for the loopback. */
export function readNetwork(text: string): readonly HostSample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, counts] = /^\s*([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || counts === undefined || name === 'lo') return [];
    const fields = counts.split(/\s+/);
    return [...NETWORK_COLUMNS]
      .map(([place, metric]) => sample(metric, { interface: name }, fields[place]))
      .filter(({ value }) => Number.isFinite(value));
  });
}

function sample(metric: HostMetric, labels: HostSample['labels'], field: string | undefined): HostSample {
  return { metric, labels, value: field === undefined || field === '' ? Number.NaN : Number(field) };
}
