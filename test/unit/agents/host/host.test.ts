import { describe, expect, it } from 'vitest';
import { createHost } from '../../../../agents/host/host.ts';
import { manualClock } from '../../../support/manual-clock.ts';

describe('this host', () => {
  it('is read with what every machine has', async () => {
    const clock = manualClock();
    const host = createHost(clock);
    expect(host.read()).toEqual({ samples: [], info: {}, atMs: 0 });
    await host.poll();
    const { samples, info, atMs } = host.read();
    const metrics = new Set<string>(samples.map(({ metric }) => metric));
    for (const metric of [
      'node_load1',
      'node_memory_MemTotal_bytes',
      'node_uname_info',
      'node_cpu_seconds_total',
    ])
      expect(metrics).toContain(metric);
    expect(atMs).toBe(clock.nowMs());
    expect(info['system_name']).not.toBe('');
    const root = samples.filter(({ labels }) => labels['mountpoint'] === '/');
    expect(root.map(({ metric }) => metric)).toContain('node_filesystem_avail_bytes');
    for (const { value } of samples) expect(value).toBeGreaterThanOrEqual(0);
  });
});
