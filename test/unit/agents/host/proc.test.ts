import { describe, expect, it } from 'vitest';
import { readMemory, readNetwork, readStat } from '../../../../agents/host/proc.ts';

const of = (samples: ReturnType<typeof readStat>): readonly (readonly unknown[])[] =>
  samples.map(({ metric, labels, value }) => [metric, ...Object.values(labels), value]);

describe('what Linux tells of itself', () => {
  it('processor time by processor and mode, and when it started', () => {
    const text =
      'cpu  10 20 30 40 50 60 70 80 0 0\ncpu0 100 2 300 400 5 6 7 8 9 10\nintr 5 6\nbtime 1700000000\n';
    expect(of(readStat(text))).toEqual([
      ['node_cpu_seconds_total', '0', 'user', 1],
      ['node_cpu_seconds_total', '0', 'nice', 0.02],
      ['node_cpu_seconds_total', '0', 'system', 3],
      ['node_cpu_seconds_total', '0', 'idle', 4],
      ['node_cpu_seconds_total', '0', 'iowait', 0.05],
      ['node_cpu_seconds_total', '0', 'irq', 0.06],
      ['node_cpu_seconds_total', '0', 'softirq', 0.07],
      ['node_cpu_seconds_total', '0', 'steal', 0.08],
      ['node_boot_time_seconds', 1_700_000_000],
    ]);
  });

  it('modes that an old kernel does not know are left out', () => {
    expect(readStat('cpu0 1 2 3 4\n')).toHaveLength(4);
  });

  it('memory in bytes', () => {
    const text = 'MemTotal:       16384 kB\nMemAvailable:    8192 kB\nHugePages_Total:   0\nDirty:  12 kB\n';
    expect(of(readMemory(text))).toEqual([
      ['node_memory_MemTotal_bytes', 16_777_216],
      ['node_memory_MemAvailable_bytes', 8_388_608],
    ]);
  });

  it('what passed through interfaces, but for the loopback', () => {
    const text = [
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls',
      '    lo: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0',
      '  eth0:1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0',
    ].join('\n');
    expect(of(readNetwork(text))).toEqual([
      ['node_network_receive_bytes_total', 'eth0', 1000],
      ['node_network_receive_packets_total', 'eth0', 10],
      ['node_network_receive_errs_total', 'eth0', 1],
      ['node_network_receive_drop_total', 'eth0', 2],
      ['node_network_transmit_bytes_total', 'eth0', 2000],
      ['node_network_transmit_packets_total', 'eth0', 20],
      ['node_network_transmit_errs_total', 'eth0', 3],
      ['node_network_transmit_drop_total', 'eth0', 4],
    ]);
  });

  it.each([readStat, readMemory, readNetwork])('nothing comes of an empty or strange text', (read) => {
    expect(read('')).toEqual([]);
    expect(read('\0\nfoo bar\n: : :\n')).toEqual([]);
  });
});
