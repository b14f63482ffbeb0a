import { describe, expect, it } from 'vitest';
import { isNews, laneOf } from '../../../../config/model/lane.ts';

describe('how often a reading is asked for', () => {
  it.each([
    ['ups_output_source', {}, 'fast'],
    ['ups_battery_runtime_seconds', {}, 'fast'],
    ['sensor_celsius', { sensor: 'Inlet Temp' }, 'fast'],
    ['sensor_celsius', { sensor: '冷通道 3' }, 'fast'],
    ['sensor_celsius', { sensor: 'CPU 1' }, 'ordinary'],
    ['interface_receive_bytes_total', { interface: '1' }, 'ordinary'],
    ['interface_speed_bytes_per_second', { interface: '1' }, 'slow'],
    ['host_storage_size_bytes', { storage: '/' }, 'slow'],
    ['crac_setpoint_celsius', {}, 'slow'],
  ] as const)('%s %o is in the %s lane', (metric, labels, lane) => {
    expect(laneOf(metric, labels)).toBe(lane);
  });

  it.each([
    ['ups_output_source', true],
    ['interface_up', true],
    ['leak_detected', true],
    ['ups_load_ratio', false],
  ] as const)('a change of %s is news: %s', (metric, expected) => {
    expect(isNews(metric)).toBe(expected);
  });
});
