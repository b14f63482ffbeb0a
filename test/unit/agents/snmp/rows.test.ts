import { describe, expect, it } from 'vitest';
import { infoOf, objectsOf, readingsOf, type Found } from '../../../../agents/snmp/rows.ts';
import type { SnmpValue } from '../../../../agents/snmp/value.ts';
import type { Profile } from '../../../../config/model/profile.ts';
import { loadProfiles } from '../../../../config/profiles.ts';
import { folderWith } from '../../../support/folder.ts';
import { integer, text } from '../../../support/snmp-device.ts';

/** A profile as an operator writes it. */
function profile(body: string, name = 'p'): Profile {
  const folder = folderWith({ [`${name}.yaml`]: `title: T\nmatch: [{ has: 1.3.6.1 }]\n${body}` });
  const { profiles, faults } = loadProfiles([`${folder}/${name}.yaml`]);
  expect(faults).toEqual([]);
  const [loaded] = profiles;
  if (loaded === undefined) throw new Error('the profile did not load');
  return loaded;
}

const ENTRY = '1.3.6.1.4.1.9999.1';

/** Columns by their number, each with its values from row 1. */
function foundIn(columns: Readonly<Record<string, readonly SnmpValue[]>>): Found {
  return {
    leaves: new Map(),
    columns: new Map(
      Object.entries(columns).map(([column, values]) => [
        column.includes('.') ? column : `${ENTRY}.${column}`,
        new Map(values.map((value, row) => [String(row + 1), value])),
      ]),
    ),
  };
}

const table = (values: string, labels = 'sensor: [2, index]'): Profile =>
  profile(`tables:\n  - entry: ${ENTRY}\n    labels: { ${labels} }\n    values:\n${values}`);

const briefly = (readings: ReturnType<typeof readingsOf>): readonly (readonly unknown[])[] =>
  readings.map(({ metric, labels, leaf }) => [metric, labels, leaf.slice(ENTRY.length)]);

describe('the readings that a device has', () => {
  it('one for each row of a table, named by a column', () => {
    const found = foundIn({ 1: [integer(20), integer(30)], 2: [text('Inlet'), text('Outlet')] });
    const readings = readingsOf([table('      - { metric: sensor_celsius, column: 1 }')], found);
    expect(briefly(readings)).toEqual([
      ['sensor_celsius', { sensor: 'Inlet' }, '.1.1'],
      ['sensor_celsius', { sensor: 'Outlet' }, '.1.2'],
    ]);
  });

  it('columns of the same quantity are told apart by the part of the row that they measure', () => {
    const found = foundIn({ 1: [integer(230)], 2: [text('PSU 1')], 3: [integer(12)], 4: [integer(7)] });
    const values = `
      - { metric: sensor_volts, column: 1, part: input }
      - { metric: sensor_volts, column: 3, part: output }
      - { metric: sensor_volts, column: 4, labels: { sensor: all } }`;
    expect(readingsOf([table(values)], found).map(({ labels }) => labels)).toEqual([
      { sensor: 'PSU 1 input' },
      { sensor: 'PSU 1 output' },
      { sensor: 'all' },
    ]);
  });

  it('rows without a name are named by their index', () => {
    const found = foundIn({ 1: [integer(20), integer(30)], 2: [text(''), text('  ')] });
    const readings = readingsOf([table('      - { metric: sensor_celsius, column: 1 }')], found);
    expect(readings.map(({ labels }) => labels)).toEqual([{ sensor: '1' }, { sensor: '2' }]);
  });

  it('several rows of a table that names none are told apart by their index, a single one needs none', () => {
    const rules = '      - { metric: pdu_volts, column: 1 }\n      - { metric: pdu_amperes, column: 2 }';
    const found = foundIn({ 1: [integer(230), integer(231)], 2: [integer(9)] });
    expect(briefly(readingsOf([table(rules, 'sensor: index')], found))).toEqual([
      ['pdu_volts', { inlet: '#1' }, '.1.1'],
      ['pdu_volts', { inlet: '#2' }, '.1.2'],
      ['pdu_amperes', {}, '.2.1'],
    ]);
  });

  it('rows that call themselves the same are told apart, and stay all', () => {
    const found = foundIn({ 1: [integer(1), integer(2), integer(3)], 2: [text('A'), text('B'), text('A')] });
    const readings = readingsOf([table('      - { metric: sensor_celsius, column: 1 }')], found);
    expect(readings.map(({ labels }) => labels['sensor'])).toEqual(['A #1', 'B', 'A #3']);
  });

  it('a condition chooses rows, and the first rule that takes an object keeps it', () => {
    const found = foundIn({
      1: [integer(1), integer(2), integer(1)],
      2: [text('Leak rope'), text('Smoke'), text('Key')],
    });
    const rules = [
      '      - { metric: leak_detected, column: 1, when: [{ column: 2, matches: leak }] }',
      '      - { metric: smoke_detected, column: 1, when: [{ column: 2, matches: smoke }] }',
      '      - { metric: contact_active, column: 1 }',
    ].join('\n');
    expect(briefly(readingsOf([table(rules)], found))).toEqual([
      ['leak_detected', { sensor: 'Leak rope' }, '.1.1'],
      ['smoke_detected', { sensor: 'Smoke' }, '.1.2'],
      ['contact_active', { sensor: 'Key' }, '.1.3'],
    ]);
  });

  it('a condition compares numbers, texts and object identifiers', () => {
    const disk: SnmpValue = { kind: 'oid', value: '1.3.6.1.2.1.25.2.1.4' };
    const found = foundIn({ 1: [integer(1), integer(2)], 3: [integer(8), integer(9)], 4: [disk, disk] });
    const rule = `      - { metric: sensor_celsius, column: 1, when: [{ column: 3, is: [8] }, { column: 4, is: [1.3.6.1.2.1.25.2.1.4] }] }`;
    expect(briefly(readingsOf([table(rule)], found)).map(([, , leaf]) => leaf)).toEqual(['.1.1']);
  });

  it('a series comes from the first object that tells something', () => {
    const wide = '1.3.6.1.4.1.9999.2.6';
    const rules = [
      `      - { metric: interface_receive_bytes_total, column: ${wide} }`,
      '      - { metric: interface_receive_bytes_total, column: 1 }',
    ].join('\n');
    const found = foundIn({
      1: [integer(1), integer(2), integer(3)],
      [wide]: [{ kind: 'counter64', value: 7n }, { kind: 'noSuchInstance' }],
    });
    const readings = readingsOf([table(rules, 'interface: index')], found);
    expect(readings.map(({ leaf }) => leaf)).toEqual([`${wide}.1`, `${ENTRY}.1.2`, `${ENTRY}.1.3`]);
  });

  it('a mark for "not known" gives way to another object, but is kept where there is none', () => {
    const rules = [
      '      - { metric: interface_speed_bytes_per_second, column: 1, invalid: [0] }',
      '      - { metric: interface_speed_bytes_per_second, column: 3, divide: 8 }',
    ].join('\n');
    const found = foundIn({ 1: [integer(0), integer(0)], 3: [integer(800)] });
    expect(readingsOf([table(rules, 'interface: index')], found).map(({ leaf }) => leaf)).toEqual([
      `${ENTRY}.3.1`,
      `${ENTRY}.1.2`,
    ]);
  });

  it('the profile that comes first counts where two read the same', () => {
    const standard = table('      - { metric: sensor_celsius, column: 1 }');
    const vendor = table('      - { metric: sensor_celsius, column: 1, divide: 10 }');
    const found = foundIn({ 1: [integer(231)], 2: [text('Inlet')] });
    expect(readingsOf([vendor, standard], found).map(({ divide }) => divide)).toEqual([10]);
  });

  it('several readings come from one object where each computes something else', () => {
    const rules = [
      '      - { metric: host_storage_used_bytes, column: 1, multiply_by: 3 }',
      '      - { metric: host_storage_used_ratio, column: 1, over: 4 }',
    ].join('\n');
    const found = foundIn({ 1: [integer(5)], 3: [integer(4096)], 4: [integer(10)] });
    const readings = readingsOf([table(rules, 'storage: index')], found);
    expect(readings.map(({ metric, multiply, over }) => [metric, multiply, over])).toEqual([
      ['host_storage_used_bytes', 4096, undefined],
      ['host_storage_used_ratio', 1, `${ENTRY}.4.1`],
    ]);
  });

  it.each([
    ['units', 9, 0, { multiply: 1, divide: 1 }],
    ['tenths', 9, 1, { multiply: 1, divide: 10 }],
    ['thousandths', 8, 0, { multiply: 1, divide: 1000 }],
    ['thousandths with a decimal', 8, 1, { multiply: 1, divide: 10_000 }],
    ['thousands with a decimal', 10, 1, { multiply: 100, divide: 1 }],
    ['exact digits, which move no point', 9, -3, { multiply: 1, divide: 1 }],
    ['a scale that is not known', 99, 0, { multiply: Number.NaN, divide: Number.NaN }],
  ])('the device tells the scale: %s', (_what, power, decimals, expected) => {
    const rule = `      - { metric: sensor_celsius, column: 1, decimals: 4, powers_of_ten: { column: 3, values: { 8: -3, 9: 0, 10: 3 } } }`;
    const found = foundIn({ 1: [integer(1)], 3: [integer(power)], 4: [integer(decimals)] });
    expect(readingsOf([table(rule)], found)[0]).toMatchObject(expected);
  });

  it('a scalar that the device has not gives no reading', () => {
    const values = `values:\n  - { metric: ups_alarms, oid: 1.3.6.1.1.0 }\n  - { metric: ups_battery_volts, oid: 1.3.6.1.2.0 }\n`;
    const found: Found = { leaves: new Map([['1.3.6.1.2.0', integer(54)]]), columns: new Map() };
    expect(readingsOf([profile(values)], found).map(({ metric }) => metric)).toEqual(['ups_battery_volts']);
  });

  it('everything that a rule looks at is looked for', () => {
    const rule = `      - { metric: sensor_celsius, column: 1, minus: [7], over: 8, multiply_by: 9, decimals: 4, powers_of_ten: { column: 3, values: { 1: 0 } }, when: [{ column: 5, is: [1] }], only_while: { column: 6, is: [1] } }`;
    const { columns, leaves } = objectsOf([
      table(rule),
      profile('info: { model: 1.3.6.1.1.0 }\nchanges_with: [1.3.6.1.2.0]'),
    ]);
    expect(columns.map((oid) => oid.slice(ENTRY.length + 1)).sort()).toEqual('123456789'.split(''));
    expect(leaves).toEqual(['1.3.6.1.1.0', '1.3.6.1.2.0']);
  });
});

describe('what a device says of itself', () => {
  const leaves = new Map([
    ['1.3.6.1.1.0', text('   ')],
    ['1.3.6.1.2.0', text('Smart-UPS\n3000\u0000')],
    ['1.3.6.1.3.0', text('Linux')],
  ]);

  it('is the first object of the first profile that tells something, fit for a label', () => {
    const vendor = profile('info: { model: [1.3.6.1.1.0, 1.3.6.1.2.0] }');
    const system = profile('info: { model: 1.3.6.1.3.0, system_name: 1.3.6.1.9.0 }');
    expect(infoOf([vendor, system], { leaves, columns: new Map() })).toEqual({ model: 'Smart-UPS 3000' });
  });
});
