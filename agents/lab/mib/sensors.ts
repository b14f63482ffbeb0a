import type { LabDevice, Room } from '../room/room.ts';
import { uptimeMs } from './system.ts';
import { gauge, integer, text, ticks, ZERO_OID } from './values.ts';
import { scalars, table, type MibObject } from './view.ts';

/** EntitySensorDataType (RFC 3433), those that the room has. */
const SENSOR_TYPES = {
  voltsAC: 3,
  amperes: 5,
  watts: 6,
  hertz: 7,
  celsius: 8,
  percentRH: 9,
  rpm: 10,
  truthvalue: 12,
} as const;

export interface Sensor {
  readonly name: string;
  readonly type: keyof typeof SENSOR_TYPES;
  /** Decimal places that the value is told with. */
  readonly precision: number;
  /** In the type's unit; a truth value as a boolean. */
  readonly read: (room: Room) => number | boolean;
}

interface Part {
  readonly description: string;
  readonly name: string;
  readonly containedIn: number;
  readonly physicalClass: number;
  readonly position: number;
}

const CHASSIS = 3;
const SENSOR = 8;
/** EntitySensorDataScale: units, neither milli nor kilo. */
const UNITS = 9;
const STATUS_OK = 1;
const UPDATE_RATE_MS = 1_000;

/** A device of sensors: ENTITY-MIB (RFC 6933) names them, ENTITY-SENSOR-MIB (RFC 3433) tells their values. */
export function sensorObjects(
  device: LabDevice,
  model: string,
  sensors: readonly Sensor[],
): readonly MibObject[] {
  const chassis = { description: model, name: model, containedIn: 0, physicalClass: CHASSIS, position: -1 };
  const parts: readonly Part[] = [
    chassis,
    ...sensors.map(({ name }, position) => ({
      description: `${name} of ${device}`,
      name,
      containedIn: 1,
      physicalClass: SENSOR,
      position: position + 1,
    })),
  ];
  return [
    ...physicalTable(device, model, parts),
    ...scalars('1.3.6.1.2.1.47.1.4', { 1: () => ticks(0) }),
    ...sensorTable(device, sensors),
  ];
}

function physicalTable(device: LabDevice, model: string, parts: readonly Part[]): readonly MibObject[] {
  const isWhole = ({ physicalClass }: Part): boolean => physicalClass === CHASSIS;
  return table('1.3.6.1.2.1.47.1.1.1.1', parts, {
    2: ({ description }) => text(description),
    3: () => ZERO_OID,
    4: ({ containedIn }) => integer(containedIn),
    5: ({ physicalClass }) => integer(physicalClass),
    6: ({ position }) => integer(position),
    7: ({ name }) => text(name),
    8: () => text(''),
    9: (part) => text(isWhole(part) ? '1.0' : ''),
    10: () => text(''),
    11: (part) => text(isWhole(part) ? `LAB-${device}` : ''),
    12: () => text('Watchkeeper Lab'),
    13: (part) => text(isWhole(part) ? model : ''),
  });
}

function sensorTable(device: LabDevice, sensors: readonly Sensor[]): readonly MibObject[] {
  // The first physical entity is the device as a whole: it has a row in the one table and none in the other.
  return table<Sensor | undefined>('1.3.6.1.2.1.99.1.1.1', [undefined, ...sensors], {
    1: (sensor) => sensor && integer(SENSOR_TYPES[sensor.type]),
    2: (sensor) => sensor && integer(UNITS),
    3: (sensor) => sensor && integer(sensor.precision),
    4: (sensor, room) => sensor && integer(wholeValue(sensor, room)),
    5: (sensor) => sensor && integer(STATUS_OK),
    6: (sensor) => sensor && text(sensor.type),
    7: (sensor, room) => sensor && ticks(uptimeMs(room, device)),
    8: (sensor) => sensor && gauge(UPDATE_RATE_MS),
  });
}

/** The value without its decimal point; TruthValue is 1 for true and 2 for false (RFC 2579). */
function wholeValue({ precision, read }: Sensor, room: Room): number {
  const value = read(room);
  if (typeof value === 'boolean') return value ? 1 : 2;
  return value * 10 ** precision;
}
