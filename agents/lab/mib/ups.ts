import { noise } from '../room/noise.ts';
import {
  chargeRatio,
  inputWatts,
  RATED_WATTS,
  runtimeSeconds,
  type Feed,
  type OutputSource,
  type Ups,
} from '../room/power.ts';
import { goesOn, type LabDevice, type Room } from '../room/room.ts';
import { uptimeMs } from './system.ts';
import { counter, gauge, integer, oid, text, ticks, ZERO_OID } from './values.ts';
import { scalars, table, type MibObject } from './view.ts';

const UPS = '1.3.6.1.2.1.33.1';
const WELL_KNOWN_ALARMS = `${UPS}.6.3`;

/** upsOutputSource and upsBatteryStatus (RFC 1628). */
const SOURCE_NUMBER: Readonly<Record<OutputSource, number>> = { none: 2, normal: 3, bypass: 4, battery: 5 };
const BATTERY_STATUS = { normal: 2, low: 3, depleted: 4 } as const;
const LOW_BATTERY_MINUTES = 30;
const NO_TEST_INITIATED = 6;
const AUDIBLE_ENABLED = 2;
const SHUTDOWN_OUTPUT = 1;
const AUTO_RESTART = 1;

/** A UPS of one line in and out, as UPS-MIB (RFC 1628) tells it. */
export function upsObjects(device: LabDevice, feed: Feed): readonly MibObject[] {
  const of = (room: Room): Ups => room.ups[feed];
  return [
    ...identity(device, feed),
    ...battery(of),
    ...input(of),
    ...output(of),
    ...bypass(of),
    ...alarms(device, of),
    ...settings(),
  ];
}

type UpsOf = (room: Room) => Ups;

function identity(device: LabDevice, feed: Feed): readonly MibObject[] {
  return scalars(`${UPS}.1`, {
    1: () => text('Watchkeeper Lab'),
    2: () => text('Simulated UPS 3 kVA'),
    3: () => text('1.4'),
    4: () => text('1.0'),
    5: () => text(device),
    6: () => text(`feed ${feed}`),
  });
}

function battery(of: UpsOf): readonly MibObject[] {
  return scalars(`${UPS}.2`, {
    1: (room) => integer(BATTERY_STATUS[batteryStatus(of(room))]),
    2: (room) => integer(of(room).onBatteryMs / 1000),
    3: (room) => integer(runtimeSeconds(of(room)) / 60),
    4: (room) => integer(chargeRatio(of(room)) * 100),
    5: (room) => integer(of(room).batteryVolts * 10),
    6: (room) => integer((of(room).batteryWatts / of(room).batteryVolts) * 10),
    7: (room) => integer(of(room).batteryCelsius),
  });
}

function batteryStatus(ups: Ups): keyof typeof BATTERY_STATUS {
  if (ups.storedWh <= 0) return 'depleted';
  return runtimeSeconds(ups) < LOW_BATTERY_MINUTES * 60 ? 'low' : 'normal';
}

function mainsVolts(room: Room): number {
  return goesOn(room, 'mains-failure') ? 0 : 229 + 3 * noise(room.seed, room.atMs, 15_000);
}

function mainsHertz(room: Room): number {
  return goesOn(room, 'mains-failure') ? 0 : 50 + 0.08 * noise(room.seed + 1, room.atMs, 30_000);
}

/** What the output gives: a voltage of its own, but on bypass that of the mains. */
function outputVolts(room: Room, ups: Ups): number {
  if (ups.source === 'none') return 0;
  return ups.source === 'bypass' ? mainsVolts(room) : 230;
}

function amperes(watts: number, volts: number): number {
  return volts === 0 ? 0 : watts / volts;
}

const ONE_LINE = [1];

function input(of: UpsOf): readonly MibObject[] {
  return [
    ...scalars(`${UPS}.3`, {
      1: (room) => counter(of(room).lineBads),
      2: () => integer(ONE_LINE.length),
    }),
    ...table(`${UPS}.3.3.1`, ONE_LINE, {
      2: (_, room) => integer(mainsHertz(room) * 10),
      3: (_, room) => integer(mainsVolts(room)),
      4: (_, room) => integer(amperes(inputWatts(of(room)), mainsVolts(room)) * 10),
      5: (_, room) => integer(inputWatts(of(room))),
    }),
  ];
}

function output(of: UpsOf): readonly MibObject[] {
  return [
    ...scalars(`${UPS}.4`, {
      1: (room) => integer(SOURCE_NUMBER[of(room).source]),
      2: (room) => integer(of(room).source === 'none' ? 0 : 500),
      3: () => integer(ONE_LINE.length),
    }),
    ...table(`${UPS}.4.4.1`, ONE_LINE, {
      2: (_, room) => integer(outputVolts(room, of(room))),
      3: (_, room) => integer(amperes(of(room).loadWatts, outputVolts(room, of(room))) * 10),
      4: (_, room) => integer(of(room).loadWatts),
      5: (_, room) => integer((of(room).loadWatts / RATED_WATTS) * 100),
    }),
  ];
}

function bypass(of: UpsOf): readonly MibObject[] {
  const watts = (room: Room): number => (of(room).source === 'bypass' ? of(room).loadWatts : 0);
  return [
    ...scalars(`${UPS}.5`, {
      1: (room) => integer(mainsHertz(room) * 10),
      2: () => integer(ONE_LINE.length),
    }),
    ...table(`${UPS}.5.3.1`, ONE_LINE, {
      2: (_, room) => integer(mainsVolts(room)),
      3: (_, room) => integer(amperes(watts(room), mainsVolts(room)) * 10),
      4: (_, room) => integer(watts(room)),
    }),
  ];
}

interface Alarm {
  /** Number among the well-known alarms. */
  readonly number: number;
  readonly isActive: (ups: Ups) => boolean;
}

const ALARMS: readonly Alarm[] = [
  { number: 2, isActive: ({ source }) => source === 'battery' },
  { number: 3, isActive: (ups) => batteryStatus(ups) === 'low' },
  { number: 4, isActive: (ups) => batteryStatus(ups) === 'depleted' },
  { number: 6, isActive: ({ onBatteryMs }) => onBatteryMs > 0 },
  { number: 9, isActive: ({ source }) => source === 'bypass' },
  { number: 10, isActive: ({ source }) => source === 'none' },
];

/** upsAlarmTable has a row only while its alarm is active. */
function alarms(device: LabDevice, of: UpsOf): readonly MibObject[] {
  const active = (room: Room): number => ALARMS.filter(({ isActive }) => isActive(of(room))).length;
  return [
    ...scalars(`${UPS}.6`, { 1: (room) => gauge(active(room)) }),
    ...table(`${UPS}.6.2.1`, ALARMS, {
      2: ({ number, isActive }, room) =>
        isActive(of(room)) ? oid(`${WELL_KNOWN_ALARMS}.${number}`) : undefined,
      3: ({ isActive }, room) =>
        isActive(of(room)) ? ticks(uptimeMs(room, device) - of(room).onBatteryMs) : undefined,
    }),
  ];
}

/** Test, control and configuration groups: told, never taken. */
function settings(): readonly MibObject[] {
  return [
    ...scalars(`${UPS}.7`, {
      1: () => ZERO_OID,
      2: () => integer(0),
      3: () => integer(NO_TEST_INITIATED),
      4: () => text(''),
      5: () => ticks(0),
      6: () => integer(0),
    }),
    ...scalars(`${UPS}.8`, {
      1: () => integer(SHUTDOWN_OUTPUT),
      2: () => integer(-1),
      3: () => integer(-1),
      4: () => integer(-1),
      5: () => integer(AUTO_RESTART),
    }),
    ...scalars(`${UPS}.9`, {
      1: () => integer(230),
      2: () => integer(500),
      3: () => integer(230),
      4: () => integer(500),
      5: () => integer(RATED_WATTS),
      6: () => integer(RATED_WATTS),
      7: () => integer(LOW_BATTERY_MINUTES),
      8: () => integer(AUDIBLE_ENABLED),
      9: () => integer(176),
      10: () => integer(264),
    }),
  ];
}
