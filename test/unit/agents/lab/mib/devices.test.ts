import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceViews } from '../../../../../agents/lab/mib/devices.ts';
import {
  LAB_DEVICES,
  startRoom,
  withScenario,
  type LabDevice,
  type Room,
} from '../../../../../agents/lab/room/room.ts';
import { step } from '../../../../../agents/lab/room/step.ts';
import { encodeValue, type SnmpValue } from '../../../../../agents/snmp/value.ts';
import { DEMO_FOLDER, loadConfig } from '../../../../../config/load.ts';
import { LAB_SCENARIOS, type LabScenario } from '../../../../../config/model/lab.ts';

const MINUTE = 60_000;
const VIEWS = deviceViews();
const SETTLED = step(startRoom(Date.UTC(2026, 10, 23, 3)), 10 * MINUTE);
const OUTAGE = step(withScenario(SETTLED, 'mains-failure'), MINUTE);
const DARK = step(OUTAGE, 30 * MINUTE);

const UPS = '1.3.6.1.2.1.33.1';
const SENSOR_VALUE = '1.3.6.1.2.1.99.1.1.1.4';
const PORT_STATE = '1.3.6.1.2.1.2.2.1.8';

function read(room: Room, device: LabDevice, oid: string): SnmpValue | undefined {
  const view = VIEWS.get(device);
  return view?.objects[view.indexOf.get(oid) ?? -1]?.read(room);
}

function number(room: Room, device: LabDevice, oid: string): number {
  const value = read(room, device, oid);
  if (value === undefined || !('value' in value)) throw new Error(`${device} has no ${oid}`);
  return Number(value.value);
}

const scene = (scenario: LabScenario): Room => step(withScenario(SETTLED, scenario), 1);

describe('the simulated devices', () => {
  it('are those of the demonstration room, each once', () => {
    const labs = loadConfig(DEMO_FOLDER, {}).devices.flatMap(({ lab }) => lab ?? []);
    expect(labs.sort()).toEqual([...LAB_DEVICES].sort());
  });

  it.each(LAB_DEVICES)('%s says who it is and since when it runs', (device) => {
    expect(read(SETTLED, device, '1.3.6.1.2.1.1.5.0')).toEqual({
      kind: 'octets',
      value: Buffer.from(device),
    });
    expect(number(SETTLED, device, '1.3.6.1.2.1.1.3.0')).toBeGreaterThan(0);
  });

  it('have, at every uplink that the site names, an interface of that name', () => {
    const uplinks = loadConfig(DEMO_FOLDER, {}).devices.flatMap(({ lab, uplinks: names }) =>
      names.map((name) => [lab as LabDevice, name] as const),
    );
    expect(uplinks.length).toBeGreaterThan(0);
    for (const [device, name] of uplinks) {
      const names = VIEWS.get(device)
        ?.objects.filter(({ type }) => type === '1.3.6.1.2.1.31.1.1.1.1')
        .map(({ read: nameOf }) => nameOf(SETTLED));
      expect(names, device).toContainEqual({ kind: 'octets', value: Buffer.from(name) });
    }
  });

  it('tell only values that their types can carry, whatever goes on', () => {
    const course = fc.array(fc.constantFrom(...LAB_SCENARIOS), { maxLength: 4 });
    fc.assert(
      fc.property(course, fc.integer({ min: 1, max: 30 * MINUTE }), (scenarios, forMs) => {
        const room = scenarios.reduce(
          (before, scenario) => step(withScenario(before, scenario), forMs),
          SETTLED,
        );
        for (const { objects } of VIEWS.values()) {
          for (const { oid, read: readObject } of objects) {
            const value = readObject(room);
            expect(() => value && encodeValue(value), oid).not.toThrow();
          }
        }
      }),
      { numRuns: 8 },
    );
  });

  interface Case {
    readonly what: string;
    readonly room: Room;
    readonly device: LabDevice;
    readonly oid: string;
    readonly between: readonly [number, number];
  }
  const CASES: readonly Case[] = [
    { what: 'output from the mains', room: SETTLED, device: 'ups-a', oid: `${UPS}.4.1.0`, between: [3, 3] },
    { what: 'a normal battery', room: SETTLED, device: 'ups-a', oid: `${UPS}.2.1.0`, between: [2, 2] },
    {
      what: 'its runtime in minutes',
      room: SETTLED,
      device: 'ups-a',
      oid: `${UPS}.2.3.0`,
      between: [360, 900],
    },
    {
      what: 'its charge in percent',
      room: SETTLED,
      device: 'ups-a',
      oid: `${UPS}.2.4.0`,
      between: [100, 100],
    },
    {
      what: 'battery volts in tenths',
      room: SETTLED,
      device: 'ups-b',
      oid: `${UPS}.2.5.0`,
      between: [2150, 2200],
    },
    { what: 'input volts', room: SETTLED, device: 'ups-b', oid: `${UPS}.3.3.1.3.1`, between: [220, 240] },
    {
      what: 'input hertz in tenths',
      room: SETTLED,
      device: 'ups-b',
      oid: `${UPS}.3.3.1.2.1`,
      between: [498, 502],
    },
    {
      what: 'its load in percent',
      room: SETTLED,
      device: 'ups-b',
      oid: `${UPS}.4.4.1.5.1`,
      between: [15, 59],
    },
    { what: 'no alarm', room: SETTLED, device: 'ups-b', oid: `${UPS}.6.1.0`, between: [0, 0] },
    { what: 'output from the battery', room: OUTAGE, device: 'ups-a', oid: `${UPS}.4.1.0`, between: [5, 5] },
    { what: 'seconds on battery', room: OUTAGE, device: 'ups-a', oid: `${UPS}.2.2.0`, between: [60, 60] },
    {
      what: 'a discharging battery',
      room: OUTAGE,
      device: 'ups-a',
      oid: `${UPS}.2.6.0`,
      between: [-100, -20],
    },
    { what: 'no input', room: OUTAGE, device: 'ups-a', oid: `${UPS}.3.3.1.3.1`, between: [0, 0] },
    {
      what: 'output all the same',
      room: OUTAGE,
      device: 'ups-a',
      oid: `${UPS}.4.4.1.2.1`,
      between: [230, 230],
    },
    { what: 'two alarms', room: OUTAGE, device: 'ups-a', oid: `${UPS}.6.1.0`, between: [2, 2] },
    { what: 'no output', room: DARK, device: 'ups-a', oid: `${UPS}.4.1.0`, between: [2, 2] },
    { what: 'a depleted battery', room: DARK, device: 'ups-a', oid: `${UPS}.2.1.0`, between: [4, 4] },
    {
      what: 'volts in tenths',
      room: SETTLED,
      device: 'pdu-a',
      oid: `${SENSOR_VALUE}.2`,
      between: [2300, 2300],
    },
    { what: 'watts', room: SETTLED, device: 'pdu-a', oid: `${SENSOR_VALUE}.4`, between: [500, 1700] },
    {
      what: 'inlet in tenths',
      room: SETTLED,
      device: 'climate-a3',
      oid: `${SENSOR_VALUE}.2`,
      between: [190, 250],
    },
    {
      what: 'humidity in tenths',
      room: SETTLED,
      device: 'climate-b2',
      oid: `${SENSOR_VALUE}.3`,
      between: [400, 600],
    },
    {
      what: 'supply air in tenths',
      room: SETTLED,
      device: 'crac-1',
      oid: `${SENSOR_VALUE}.2`,
      between: [195, 205],
    },
    {
      what: 'a fan that turns',
      room: SETTLED,
      device: 'crac-1',
      oid: `${SENSOR_VALUE}.6`,
      between: [900, 1800],
    },
    { what: 'a fan that stands', room: OUTAGE, device: 'crac-1', oid: `${SENSOR_VALUE}.6`, between: [0, 1] },
    { what: 'no water', room: SETTLED, device: 'leak-1', oid: `${SENSOR_VALUE}.2`, between: [2, 2] },
    { what: 'water', room: scene('leak'), device: 'leak-1', oid: `${SENSOR_VALUE}.2`, between: [1, 1] },
    { what: 'no smoke', room: scene('leak'), device: 'smoke-1', oid: `${SENSOR_VALUE}.2`, between: [2, 2] },
    { what: 'smoke', room: scene('smoke'), device: 'smoke-1', oid: `${SENSOR_VALUE}.2`, between: [1, 1] },
    {
      what: 'an open door',
      room: scene('door-open'),
      device: 'door-1',
      oid: `${SENSOR_VALUE}.2`,
      between: [1, 1],
    },
    { what: 'an uplink up', room: SETTLED, device: 'switch-1', oid: `${PORT_STATE}.17`, between: [1, 1] },
    {
      what: 'an uplink down',
      room: scene('firewall-down'),
      device: 'switch-1',
      oid: `${PORT_STATE}.17`,
      between: [2, 2],
    },
    {
      what: 'a port that nobody uses',
      room: SETTLED,
      device: 'switch-1',
      oid: `${PORT_STATE}.16`,
      between: [2, 2],
    },
    {
      what: 'the load of a core in percent',
      room: SETTLED,
      device: 'server-1',
      oid: '1.3.6.1.2.1.25.3.3.1.2.1',
      between: [1, 99],
    },
    {
      what: 'its memory in KiB',
      room: SETTLED,
      device: 'server-1',
      oid: '1.3.6.1.4.1.2021.4.5.0',
      between: [2 ** 26, 2 ** 26],
    },
  ];

  it.each(CASES)('$device tells $what', ({ room, device, oid, between: [least, most] }) => {
    const value = number(room, device, oid);
    expect(value).toBeGreaterThanOrEqual(least);
    expect(value).toBeLessThanOrEqual(most);
  });

  it('a UPS has a row for each alarm that is active, and none for another', () => {
    const rows = (room: Room): readonly unknown[] =>
      (VIEWS.get('ups-a')?.objects ?? [])
        .filter(({ type }) => type === `${UPS}.6.2.1.2`)
        .flatMap(({ read: alarm }) => alarm(room) ?? []);
    expect(rows(SETTLED)).toEqual([]);
    expect(rows(OUTAGE)).toEqual([
      { kind: 'oid', value: `${UPS}.6.3.2` },
      { kind: 'oid', value: `${UPS}.6.3.6` },
    ]);
  });

  it('a memory tells the same share of use in both of its MIBs', () => {
    const used = (room: Room): number =>
      number(room, 'server-2', '1.3.6.1.4.1.2021.4.5.0') -
      number(room, 'server-2', '1.3.6.1.4.1.2021.4.6.0') -
      number(room, 'server-2', '1.3.6.1.4.1.2021.4.14.0') -
      number(room, 'server-2', '1.3.6.1.4.1.2021.4.15.0');
    const stored = number(SETTLED, 'server-2', '1.3.6.1.2.1.25.2.3.1.6.1');
    expect(used(SETTLED) / stored).toBeCloseTo(1, 4);
  });

  it('a counter of 32 bits begins anew where that of 64 bits goes on', () => {
    const port = SETTLED.ports['switch-1:GE1/0/1'];
    if (port === undefined) throw new Error('the port is gone');
    const room: Room = {
      ...SETTLED,
      ports: { ...SETTLED.ports, 'switch-1:GE1/0/1': { ...port, inBytes: 2 ** 32 + 17 } },
    };
    expect(read(room, 'switch-1', '1.3.6.1.2.1.2.2.1.10.1')).toEqual({ kind: 'counter32', value: 17 });
    expect(read(room, 'switch-1', '1.3.6.1.2.1.31.1.1.1.6.1')).toEqual({
      kind: 'counter64',
      value: 2n ** 32n + 17n,
    });
  });
});
