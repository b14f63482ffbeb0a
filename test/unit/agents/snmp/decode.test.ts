import { describe, expect, it } from 'vitest';
import { valueOf, type Recipe } from '../../../../agents/snmp/decode.ts';

const PLAIN: Recipe = {
  metric: 'sensor_celsius',
  leaf: 0,
  minus: [],
  over: -1,
  whileLeaf: -1,
  whileIs: [],
  invalid: [],
  multiply: 1,
  divide: 1,
  offset: 0,
};
const ABSENT = Number.NaN;

describe('a reading', () => {
  const cases: [string, Partial<Recipe>, number[], number][] = [
    ['is the number that the device told', {}, [23], 23],
    ['is scaled by whole numbers', { multiply: 60 }, [48], 2880],
    ['keeps the exact decimal of a tenth', { divide: 10 }, [274], 27.4],
    ['is moved after scaling', { divide: 10, offset: -40 }, [650], 25],
    ['can be below zero where the quantity can', { divide: 10 }, [-125], -12.5],
    [
      'is a level where the device tells light in proportion',
      { metric: 'optical_receive_dbm', divide: 1000, isDecibels: true },
      [500],
      10 * Math.log10(0.5),
    ],
    [
      'is no level where there is no light',
      { metric: 'optical_receive_dbm', divide: 1000, isDecibels: true },
      [0],
      ABSENT,
    ],
    ['is absent when the device told none', {}, [ABSENT], ABSENT],
    ['is absent, not zero, when the number means "not known"', { invalid: [-1, 65535] }, [65535], ABSENT],
    ['is absent when a size is below zero', { metric: 'host_storage_used_bytes' }, [-1], ABSENT],
    [
      'is absent when a runtime is below zero',
      { metric: 'ups_battery_runtime_seconds', multiply: 60 },
      [-1],
      ABSENT,
    ],
    ['is zero where the device told zero', { metric: 'ups_load_ratio', divide: 100 }, [0], 0],
    [
      'is absent when it comes out below zero',
      { metric: 'host_memory_used_bytes', minus: [1] },
      [20, 30],
      ABSENT,
    ],
    [
      'is a number below zero that comes out above',
      { metric: 'host_memory_used_bytes', multiply: -1 },
      [-4],
      4,
    ],
    ['is absent when the device told one without end', {}, [Number.POSITIVE_INFINITY], ABSENT],
    ['is a difference', { metric: 'host_memory_used_bytes', minus: [1, 2] }, [100, 30, 20], 50],
    ['is absent when a part of the difference is', { minus: [1] }, [100, ABSENT], ABSENT],
    ['is a share', { metric: 'host_storage_used_ratio', over: 1 }, [25, 100], 0.25],
    [
      'is absent, not infinite, when the whole is zero',
      { metric: 'host_storage_used_ratio', over: 1 },
      [25, 0],
      ABSENT,
    ],
    ['is absent, not infinite, when nothing is divided by zero', { over: 1 }, [0, 0], ABSENT],
    [
      'is absent when the whole overflowed below zero',
      { metric: 'host_storage_used_ratio', over: 1 },
      [0, -5],
      ABSENT,
    ],
    ['is a share of the leaf that is asked first', { leaf: 1, over: 0 }, [100, 25], 0.25],
    [
      'is absent while the leaf that is asked first says that it is not valid',
      { leaf: 1, whileLeaf: 0, whileIs: [1] },
      [2, 21],
      ABSENT,
    ],
    ['counts while another object says so', { whileLeaf: 1, whileIs: [1] }, [21, 1], 21],
    [
      'is absent while another object says that it is not valid',
      { whileLeaf: 1, whileIs: [1] },
      [21, 2],
      ABSENT,
    ],
    ['is absent while that object is silent', { whileLeaf: 1, whileIs: [1] }, [21, ABSENT], ABSENT],
    ['is mapped', { metric: 'interface_up', map: new Map([[2, 0]]) }, [2], 0],
    [
      'is absent when its number is not in the map',
      { metric: 'interface_up', map: new Map([[2, 0]]) },
      [4],
      ABSENT,
    ],
    [
      'of a state set is the number that means a state',
      { metric: 'ups_output_source', states: new Map([[5, 'battery']]) },
      [5],
      5,
    ],
    [
      'of a state set is absent when its number means none',
      { metric: 'ups_output_source', states: new Map([[5, 'battery']]) },
      [9],
      ABSENT,
    ],
    ['is absent when its scale is not known', { multiply: ABSENT }, [21], ABSENT],
    ['is absent when its leaf does not exist', { leaf: 9 }, [21], ABSENT],
  ];
  it.each(cases)('%s', (_what, change, raw, expected) => {
    expect(valueOf({ ...PLAIN, ...change }, Float64Array.from(raw))).toBe(expected);
  });

  it.each(['sensor_celsius', 'sensor_volts', 'sensor_amperes', 'sensor_watts'] as const)(
    'of %s can be below zero',
    (metric) => {
      expect(valueOf({ ...PLAIN, metric }, Float64Array.of(-3))).toBe(-3);
    },
  );
});
