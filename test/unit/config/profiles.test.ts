import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHIPPED_FOLDER } from '../../../config/load.ts';
import { loadProfiles, openProfiles } from '../../../config/profiles.ts';
import { formatFault } from '../../../config/yaml-file.ts';
import { folderWith } from '../../support/folder.ts';

const SHIPPED = join(SHIPPED_FOLDER, 'profiles');

function load(files: Readonly<Record<string, string>>): ReturnType<typeof loadProfiles> {
  const folder = folderWith(files);
  return loadProfiles(Object.keys(files).map((name) => join(folder, name)));
}

const GOOD = `title: Good
match: [{ has: 1.3.6.1.2.1.33.1 }]
values:
  - { metric: ups_battery_celsius, oid: 1.3.6.1.2.1.33.1.2.7.0 }
`;

const inFile = (body: string): string => `title: T\nmatch: [{ has: 1.3.6.1 }]\n${body}`;

describe('device profiles', () => {
  it('the shipped ones have no fault', () => {
    const files = readdirSync(SHIPPED).map((name) => join(SHIPPED, name));
    const { profiles, faults } = loadProfiles(files);
    expect(faults.map(formatFault)).toEqual([]);
    // One that names several roots is several of one name.
    expect([...new Set(profiles.map(({ name }) => name))]).toEqual(
      files.map((file) => file.split('/').at(-1)?.replace('.yaml', '')),
    );
  });

  it('a column stands below its entry, or where its own number says', () => {
    const { profiles, faults } = load({
      'a.yaml': inFile(`tables:
  - entry: 1.3.6.1.2.1.2.2.1
    labels: { interface: [1.3.6.1.2.1.31.1.1.1.1, 2, index] }
    values:
      - { metric: interface_receive_bytes_total, column: 10, over: 11, minus: [1.3.6.1.9.9] }
`),
    });
    expect(faults).toEqual([]);
    expect(profiles[0]?.rules[0]).toMatchObject({
      oid: '1.3.6.1.2.1.2.2.1.10',
      isColumn: true,
      over: '1.3.6.1.2.1.2.2.1.11',
      minus: ['1.3.6.1.9.9'],
      labels: [
        {
          name: 'interface',
          sources: [
            { kind: 'object', oid: '1.3.6.1.2.1.31.1.1.1.1' },
            { kind: 'object', oid: '1.3.6.1.2.1.2.2.1.2' },
            { kind: 'index' },
          ],
        },
      ],
    });
  });

  it.each([
    ['ups_output_source, value: 1', 'ups_output_source needs a state, and no value'],
    ['ups_output_source, state: flying', 'ups_output_source has no state flying'],
    ['interface_up, state: down', 'interface_up needs a value, and no state'],
    ['no_such_metric, value: 1', 'no_such_metric is no metric of the catalogue'],
  ])('a trap that tells %s is a fault', (tells, message) => {
    const { faults } = load({
      'a.yaml': inFile(`traps:\n  - oid: 1.3.6.1.4.1.9\n    name: x\n    tells: [{ metric: ${tells} }]\n`),
    });
    expect(faults).toMatchObject([{ line: 6, message }]);
  });

  it('one with faults is told and left out, the others load', () => {
    const { profiles, faults } = load({ 'bad.yaml': inFile('colour: red'), 'good.yaml': GOOD });
    expect(profiles.map(({ name }) => name)).toEqual(['good']);
    expect(faults.map(({ line, path, message }) => [line, path, message])).toEqual([
      [3, 'colour', 'is not a field that is known here'],
    ]);
  });

  it.each([
    [
      'an object identifier that is none',
      'values:\n  - { metric: ups_alarms, oid: 1.3.6.x.0 }',
      4,
      '1.3.6.x.0 is no object identifier',
    ],
    [
      'an arc beyond 32 bits',
      'tables:\n  - entry: 1.3.6.4294967296\n    values: [{ metric: ups_alarms, column: 1 }]',
      4,
      'is no object identifier',
    ],
    [
      'a metric that the catalogue lacks',
      'values:\n  - metric: ups_temperature_f\n    oid: 1.3.6.1.0',
      4,
      'ups_temperature_f is no metric of the catalogue',
    ],
    [
      'a label that the metric lacks',
      'values:\n  - { metric: ups_alarms, oid: 1.3.6.1.0, labels: { line: L1 } }',
      4,
      'ups_alarms has no label line',
    ],
    [
      'a state that the metric lacks',
      'values:\n  - { metric: ups_battery_status, oid: 1.3.6.1.0, states: { 1: weak } }',
      4,
      'ups_battery_status has no state weak',
    ],
    [
      'a state set without states',
      'values:\n  - { metric: ups_battery_status, oid: 1.3.6.1.0 }',
      4,
      'needs states',
    ],
    [
      'states of a plain number',
      'values:\n  - { metric: ups_alarms, oid: 1.3.6.1.0, states: { 1: normal } }',
      4,
      'ups_alarms has no states',
    ],
    [
      'a regular expression that is none',
      "values:\n  - metric: ups_alarms\n    oid: 1.3.6.1.0\n    when:\n      - { column: 1.3.6.1.1, matches: '(' }",
      7,
      '( is no regular expression',
    ],
    [
      'a label of a column that its metric has not',
      'tables:\n  - entry: 1.3.6.1.2\n    labels: { sensor: 2 }\n    values:\n      - { metric: sensor_celsius, column: 1, labels: { line: a } }',
      7,
      'sensor_celsius has no label line',
    ],
    [
      'a condition that asks nothing',
      'values:\n  - metric: ups_alarms\n    oid: 1.3.6.1.0\n    when:\n      - { column: 1.3.6.1.1 }',
      7,
      'needs is, not or matches',
    ],
    [
      'a division by zero',
      'values:\n  - { metric: ups_alarms, oid: 1.3.6.1.0, divide: 0 }',
      4,
      'must be >= 1',
    ],
  ])('%s is told with its line', (_what, body, line, message) => {
    const { profiles, faults } = load({ 'p.yaml': inFile(body) });
    expect(profiles).toEqual([]);
    expect(faults.map((fault) => fault.line)).toEqual([line]);
    expect(faults[0]?.message).toContain(message);
  });

  it('every fault of a file is told at once', () => {
    const { faults } = load({
      'p.yaml': inFile('values:\n  - { metric: a, oid: x }\n  - { metric: b, oid: y }'),
    });
    expect(faults).toHaveLength(4);
  });

  it('a rule that would match every device is refused', () => {
    const { faults } = load({ 'p.yaml': 'title: T\nmatch: [{}]\n' });
    expect(faults[0]?.message).toContain('would match every device');
  });
});

describe('profiles that are known to have no fault', () => {
  const two = (): { readonly folder: string; readonly files: readonly string[] } => {
    const folder = folderWith({ 'good.yaml': GOOD, 'broken.yaml': inFile('values: 7') });
    return { folder, files: [join(folder, 'broken.yaml'), join(folder, 'good.yaml')] };
  };

  it('are read on first use, and tell whom they serve before', () => {
    const { folder, files } = two();
    const { profiles, faults } = openProfiles(files, folder);
    expect(faults).toEqual([]);
    expect(profiles.map(({ name, match }) => [name, match[0]?.has])).toEqual([
      ['broken', '1.3.6.1'],
      ['good', '1.3.6.1.2.1.33.1'],
    ]);
    expect(profiles.map(({ rules }) => rules.length)).toEqual([0, 1]);
  });

  it("are not a site's own: those are read whole, and their faults told", () => {
    expect(openProfiles(two().files, '/elsewhere').faults.map(({ line }) => line)).toEqual([3]);
  });

  it('the shipped ones are alike whichever way they are read', () => {
    const shipped = readdirSync(SHIPPED).map((name) => join(SHIPPED, name));
    const heads = ({ profiles }: ReturnType<typeof loadProfiles>): unknown =>
      profiles.map(({ name, title, match }) => [name, title, match]);
    expect(heads(openProfiles(shipped, SHIPPED))).toEqual(heads(loadProfiles(shipped)));
  });
});
