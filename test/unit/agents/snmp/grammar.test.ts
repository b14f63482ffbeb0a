import { describe, expect, it } from 'vitest';
import { createPolledDevice } from '../../../../agents/snmp/device.ts';
import { createPlanner } from '../../../../agents/snmp/plan.ts';
import type { SnmpValue } from '../../../../agents/snmp/value.ts';
import { formatLabels } from '../../../../config/model/labels.ts';
import { loadProfiles } from '../../../../config/profiles.ts';
import { formatFault } from '../../../../config/yaml-file.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { integer, sessionTo, testDevice, text } from '../../../support/snmp-device.ts';

const ROOT = '1.3.6.1.4.1.9999';

/** What a profile makes of a device: one line for each reading that has a value. Objects stand below the root. */
async function tell(body: string, objects: Readonly<Record<string, SnmpValue>>): Promise<readonly string[]> {
  const file = `title: T\nmatch: [{ has: ${ROOT} }]\nroot: ${ROOT}\n${body}`;
  const { profiles, faults } = loadProfiles([`${folderWith({ 'p.yaml': file })}/p.yaml`]);
  expect(faults.map(formatFault)).toEqual([]);
  const clock = manualClock();
  const whole = Object.entries(objects).map(([oid, value]) => [`${ROOT}.${oid}`, value]);
  const device = createPolledDevice({
    id: 'd',
    session: sessionTo(testDevice(Object.fromEntries(whole)), { clock }),
    profiles,
    named: undefined,
    planOf: createPlanner(),
    pollDeadlineMs: 10_000,
    clock,
  });
  await device.poll();
  const { known } = device.state();
  return (known?.readings ?? []).flatMap(({ metric, labels, states }, place) => {
    const value = known?.values[place] ?? Number.NaN;
    if (Number.isNaN(value)) return [];
    const rounded = Math.round(value * 1e6) / 1e6;
    return [`${metric}${formatLabels(labels)} ${states?.get(value) ?? rounded}`];
  });
}

const one = (options: string): string => `values:\n  - { oid: .1.0, ${options} }`;

describe('a number', () => {
  it.each<[string, string, SnmpValue, string]>([
    [
      'in hours',
      'metric: ups_battery_runtime_seconds, unit: h',
      integer(2),
      'ups_battery_runtime_seconds{} 7200',
    ],
    [
      'in tenths of Fahrenheit',
      'metric: ups_battery_celsius, unit: F, divide: 10',
      integer(680),
      'ups_battery_celsius{} 20',
    ],
    [
      'in kilowatt-hours',
      'metric: pdu_energy_joules_total, unit: kWh',
      integer(3),
      'pdu_energy_joules_total{} 10800000',
    ],
    ['with its unit behind it', 'metric: dc_bus_volts', text('54 VDC'), 'dc_bus_volts{} 54'],
    ['with its meaning behind it', 'metric: sensor_number', text('33 (Normal)'), 'sensor_number{} 33'],
    ['with a decimal comma', 'metric: ups_battery_celsius', text('23,5'), 'ups_battery_celsius{} 23.5'],
    [
      'within a text',
      "metric: dc_bus_volts, extract: 'bus=([\\d.]+)'",
      text('bus=53.6;ok'),
      'dc_bus_volts{} 53.6',
    ],
    [
      'below zero, of reactive power',
      'metric: sensor_volt_amperes_reactive',
      integer(-40),
      'sensor_volt_amperes_reactive{} -40',
    ],
  ])('%s', async (_what, options, value, line) => {
    expect(await tell(one(options), { '1.0': value })).toEqual([line]);
  });

  it('that means "not known" in the whole file is absent, unless a rule has marks of its own', async () => {
    const body = `invalid: [-1]\nvalues:\n  - { metric: ups_battery_celsius, oid: .1.0 }
  - { metric: dc_battery_amperes, oid: .2.0, invalid: [999] }`;
    expect(await tell(body, { '1.0': integer(-1), '2.0': integer(-1) })).toEqual(['dc_battery_amperes{} -1']);
  });
});

describe('a state', () => {
  it('is told as a text, in whatever case', async () => {
    const options = 'metric: ups_output_source, states: { online: normal, "On Battery": battery }';
    expect(await tell(one(options), { '1.0': text('ON BATTERY') })).toEqual(['ups_output_source{} battery']);
    expect(await tell(one(options), { '1.0': text('elsewhere') })).toEqual([]);
  });

  it('is told as bits, each a reading of its own', async () => {
    const body = `values:
  - { metric: sensor_state, oid: .1.0, bit: 0, states: { 0: normal, 1: critical }, labels: { sensor: Fan } }
  - { metric: sensor_state, oid: .1.0, bit: 2, states: { 0: normal, 1: critical }, labels: { sensor: Fuse } }`;
    expect(await tell(body, { '1.0': integer(6) })).toEqual([
      'sensor_state{sensor="Fan"} normal',
      'sensor_state{sensor="Fuse"} critical',
    ]);
  });
});

describe('a row', () => {
  const columns = {
    '5.1.1.1': integer(231),
    '5.1.2.1': integer(229),
    '6.3.1': text('Rack A'),
    '6.3.2': text('Rack B'),
  };

  it('is named by parts of its index and by the row of another table', async () => {
    const body = `tables:
  - entry: '.5'
    labels: { outlet: '{.6.3@1} outlet {index.2}' }
    values:
      - { metric: outlet_volts, column: 1 }`;
    expect(await tell(body, columns)).toEqual([
      'outlet_volts{outlet="Rack A outlet 1"} 231',
      'outlet_volts{outlet="Rack B outlet 1"} 229',
    ]);
  });

  it('is named by the row that one of its columns points at', async () => {
    const body = `tables:
  - entry: '.5'
    labels: { outlet: ['{.6.3@#.5.2}', '{index}'] }
    values:
      - { metric: outlet_volts, column: 1 }`;
    expect(await tell(body, { ...columns, '5.2.1.1': integer(2) })).toEqual([
      'outlet_volts{outlet="Rack B"} 231',
      'outlet_volts{outlet="2.1"} 229',
    ]);
  });

  it('counts when a part of its index and a single object allow it', async () => {
    const body = `tables:
  - entry: '.5'
    when: [{ column: .9.0, not: [2] }]
    values:
      - { metric: outlet_volts, column: 1, when: [{ column: '{index.1}', is: [2] }] }`;
    expect(await tell(body, { ...columns, '9.0': integer(1) })).toEqual(['outlet_volts{} 229']);
    expect(await tell(body, { ...columns, '9.0': integer(2) })).toEqual([]);
  });

  it('has its index in the middle where the column has a star', async () => {
    const body = `tables:
  - entry: '.7'
    labels: { sensor: '{*.1.0}' }
    values:
      - { metric: sensor_celsius, column: '*.2.0' }`;
    const probes = {
      '7.1.1.0': text('Core'),
      '7.1.2.0': text('22.8'),
      '7.2.1.0': text('Edge'),
      '7.2.2.0': text('20.4'),
    };
    expect(await tell(body, probes)).toEqual([
      'sensor_celsius{sensor="Core"} 22.8',
      'sensor_celsius{sensor="Edge"} 20.4',
    ]);
  });
});

describe('what a profile gets wrong', () => {
  const faultsOf = (body: string): readonly string[] => {
    const file = `title: T\nmatch: [{ has: 1.3.6.1 }]\n${body}`;
    const { profiles, faults } = loadProfiles([`${folderWith({ 'p.yaml': file })}/p.yaml`]);
    expect(profiles).toEqual([]);
    return faults.map(({ line, message }) => `${line}: ${message}`);
  };

  it.each([
    [
      'a unit of another quantity',
      'metric: ups_battery_runtime_seconds, oid: 1.3.6.1.9.0, unit: kWh',
      'ups_battery_runtime_seconds is in seconds, kWh in joules',
    ],
    [
      'a unit that nobody knows',
      'metric: dc_bus_volts, oid: 1.3.6.1.9.0, unit: furlong',
      'furlong is no unit that is known here',
    ],
    ['a place below a root that is not named', 'metric: dc_bus_volts, oid: .9.0', '.9.0 needs a root'],
    [
      'a placeholder that is none',
      "metric: dc_bus_volts, oid: 1.3.6.1.9.0, labels: { bus: '{name}' }",
      '{name} is neither index nor a column',
    ],
  ])('%s is told with its line', (_what, value, message) => {
    expect(faultsOf(`values:\n  - { ${value} }`)).toEqual([`4: ${message}`]);
  });
});

it('a profile of several roots serves the device of each', async () => {
  const file = `title: T
match: [{ has: '.1' }]
root: [1.3.6.1.4.1.8888, ${ROOT}]
values: [{ metric: dc_bus_volts, oid: .1.0 }]`;
  const { profiles } = loadProfiles([`${folderWith({ 'p.yaml': file })}/p.yaml`]);
  expect(profiles.map(({ name, match }) => [name, match[0]?.has])).toEqual([
    ['p', '1.3.6.1.4.1.8888.1'],
    ['p', `${ROOT}.1`],
  ]);
});
