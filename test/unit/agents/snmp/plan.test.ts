import { describe, expect, it } from 'vitest';
import type { Discovery } from '../../../../agents/snmp/discovery.ts';
import { createPlanner, SYS_UPTIME, type Plan } from '../../../../agents/snmp/plan.ts';
import type { FoundReading } from '../../../../agents/snmp/rows.ts';
import { decodeOid } from '../../../../agents/snmp/oid.ts';

const READING: FoundReading = {
  metric: 'sensor_celsius',
  labels: { sensor: 'Inlet' },
  leaf: '1.3.6.1.9.4.1',
  minus: [],
  multiply: 1,
  divide: 10,
  offset: 0,
  invalid: [],
};

const discovery = (...readings: FoundReading[]): Discovery => ({
  profiles: ['p'],
  info: {},
  readings,
  changesWith: ['1.3.6.1.9.9.0'],
  notes: [],
});

const leavesOf = ({ leaves }: Plan): readonly string[] =>
  leaves.map(({ oid }) => decodeOid(oid, 0, oid.length));

describe('the plan of a poll', () => {
  it('asks each leaf once, whatever needs it, and always how long the device has been running', () => {
    const used: FoundReading = {
      ...READING,
      metric: 'host_storage_used_ratio',
      leaf: '1.3.6.1.9.6.1',
      minus: ['1.3.6.1.9.7.1'],
      over: '1.3.6.1.9.4.1',
      onlyWhile: { leaf: '1.3.6.1.9.5.1', is: [1] },
    };
    const plan = createPlanner()(discovery(READING, used));
    expect(leavesOf(plan)).toEqual([
      SYS_UPTIME,
      '1.3.6.1.9.9.0',
      '1.3.6.1.9.4.1',
      '1.3.6.1.9.6.1',
      '1.3.6.1.9.7.1',
      '1.3.6.1.9.5.1',
    ]);
    expect(plan).toMatchObject({ uptimeLeaf: 0, rowLeaves: [1] });
    expect(plan.recipes).toMatchObject([
      { leaf: 2, minus: [], over: -1, whileLeaf: -1, divide: 10 },
      { leaf: 3, minus: [4], over: 2, whileLeaf: 5, whileIs: [1] },
    ]);
  });

  it('is one for devices that have the same', () => {
    const planOf = createPlanner();
    const plan = planOf(discovery(READING));
    expect(planOf({ ...discovery({ ...READING }), info: { system_name: 'another' } })).toBe(plan);
  });

  it.each<[string, Partial<FoundReading>]>([
    ['another leaf', { leaf: '1.3.6.1.9.4.2' }],
    ['another name', { labels: { sensor: 'Outlet' } }],
    ['another scale', { divide: 100 }],
    ['other states', { states: new Map([[1, 'normal']]) }],
  ])('is another for a device with %s', (_what, change) => {
    const planOf = createPlanner();
    const plan = planOf(discovery(READING));
    const other = planOf(discovery({ ...READING, ...change }));
    expect(other).not.toBe(plan);
    expect(other.readings).toEqual([{ ...READING, ...change }]);
  });
});
