import { describe, expect, it } from 'vitest';
import { runSnmp } from '../../conformance/snmp.ts';
import { folderWith } from '../../support/folder.ts';

const HEAD = 'recording\ttype\tclass\toid\tdescr\tvalue\tunit\tstate\tstate_severity';
/** Unsorted, one object twice, a line that is none. */
const UPS = `1.3.6.1.2.1.33.1.2.4.0|2|80
1.3.6.1.2.1.33.1.2.3.0|2|12
garbage
1.3.6.1.2.1.33.1.4.1.0|2|5
1.3.6.1.2.1.33.1.2.4.0|2|90
1.3.6.1.2.1.33.1.2.1.0|2|2
`;
const SENSORS = {
  runtime: 'runtime\t1.3.6.1.2.1.33.1.2.3.0\tRuntime\t12\tmin\t\t',
  wrongRuntime: 'runtime\t1.3.6.1.2.1.33.1.2.3.0\tRuntime\t13\tmin\t\t',
  wrongUnit: 'voltage\t1.3.6.1.2.1.33.1.2.3.0\tRuntime\t720\tV\t\t',
  plainRuntime: 'count\t1.3.6.1.2.1.33.1.2.3.0\tRuntime\t12\t\t\t',
  charge: 'charge\t1.3.6.1.2.1.33.1.2.4.0\tCharge\t90\t%\t\t',
  firstCharge: 'charge\t1.3.6.1.2.1.33.1.2.4.0\tCharge\t80\t%\t\t',
  source: 'state\t1.3.6.1.2.1.33.1.4.1.0\tSource\t5\t\tbattery\tcritical',
  wrongSource: 'state\t1.3.6.1.2.1.33.1.4.1.0\tSource\t3\t\tnormal\tok',
  battery: 'state\t1.3.6.1.2.1.33.1.2.1.0\tBattery\t2\t\tnormal\tok',
  strictBattery: 'state\t1.3.6.1.2.1.33.1.2.1.0\tBattery\t2\t\tnormal\tcritical',
  absent: 'state\t1.3.6.1.2.1.99.9.9.0\tNothing\t1\t\tnormal\tok',
} as const;

type Wanted = Readonly<Record<string, readonly (keyof typeof SENSORS)[]>>;

/** Runs the suite on a folder with the same UPS under several names: `TYPE/NAME` → what is expected of it. */
async function run(wanted: Wanted, floors: Readonly<Record<string, number>> = { power: 0 }) {
  const lines = Object.entries(wanted).flatMap(([place, sensors]) => {
    const [type, name] = place.split('/');
    return sensors.map((sensor) => `${name}\t${type}\t${SENSORS[sensor]}`);
  });
  const names = Object.keys(wanted).map((place) => place.split('/')[1]);
  const folder = folderWith({
    'expected.tsv': `${[HEAD, ...lines].join('\n')}\n`,
    ...Object.fromEntries(names.map((name) => [`recordings/${name}.snmprec`, UPS])),
  });
  return runSnmp(folder, floors);
}

describe('a recorded sensor', () => {
  it.each(['runtime', 'plainRuntime', 'charge', 'source', 'battery', 'strictBattery'] as const)(
    'is read when a reading stems from its leaf with its value: %s',
    async (sensor) => {
      expect(await run({ 'power/a': [sensor] })).toMatchObject({ passed: 1, total: 1 });
    },
  );

  it.each(['wrongRuntime', 'wrongUnit', 'firstCharge', 'wrongSource', 'absent'] as const)(
    'is not read otherwise: %s',
    async (sensor) => {
      expect(await run({ 'power/a': [sensor] })).toMatchObject({ passed: 0, total: 1 });
    },
  );
});

describe('the score', () => {
  it('is the mean over recordings, whatever their size, and counts only the kinds with a floor', async () => {
    const { notes, passed, total } = await run({
      'power/a': ['runtime'],
      'power/b': ['runtime', 'charge', 'wrongSource', 'absent'],
      'network/c': ['absent'],
    });
    expect(notes).toEqual([
      'snmp_network 0.00: mean of 1 recordings, 0/1 sensors',
      'snmp_power 0.75: mean of 2 recordings, 3/5 sensors',
      'snmp_severity 0/0',
      'snmp_mean 0.75',
    ]);
    expect([passed, total]).toEqual([3, 5]);
  });

  it('tells apart how grave states are', async () => {
    const { notes } = await run({ 'power/a': ['source', 'strictBattery'] });
    expect(notes).toContain('snmp_severity 1/2');
  });

  it.each([
    { floor: 0.5, isPassed: true, failures: [] },
    { floor: 0.6, isPassed: false, failures: ['snmp: power reaches 0.5000; at least 0.6 is due'] },
  ])('passes when each kind reaches its floor: $floor', async ({ floor, isPassed, failures }) => {
    const outcome = await run({ 'power/a': ['charge', 'absent'] }, { power: floor });
    expect(outcome).toMatchObject({ isPassed, failures });
  });

  it('has nothing to say of a folder without expectations', async () => {
    expect(await run({})).toMatchObject({ passed: 0, total: 0, isPassed: true, failures: [] });
  });
});
