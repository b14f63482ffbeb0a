import type { Oid } from '../../../config/model/oid.ts';
import { humidityRatio, SETPOINT_CELSIUS, type Inlet } from '../room/air.ts';
import { delivers, type Feed } from '../room/power.ts';
import { goesOn, LAB_DEVICES, type Disturbance, type LabDevice, type Room } from '../room/room.ts';
import { hostObjects, ucdObjects } from './host.ts';
import { interfaceObjects } from './interfaces.ts';
import { sensorObjects, type Sensor } from './sensors.ts';
import { systemGroup } from './system.ts';
import { upsObjects } from './ups.ts';
import { mibView, type MibObject, type MibView } from './view.ts';

/*
 * How to add a simulated device, for example a second leak rope:
 * 1. Its name in LAB_DEVICES (room/room.ts). What it does that the room does not know yet goes into the room's state and
 *    `step`; a rope needs nothing, it feels the leak that is there.
 * 2. Its objects here, in SHAPES: `contact('Leak rope 2', 'leak')`, or a list of sensors, or the groups of a MIB that
 *    the room has (`upsObjects`, `hostObjects`, `interfaceObjects`); a new MIB is a file beside this one, made of
 *    `scalars` and `table`.
 * 3. What can be made to happen to it: a name in LAB_SCENARIOS (config/model/lab.ts) and what `step` makes of it.
 * 4. Its place in config/demo/site.yaml: `lab: leak-2`.
 * A port, the system group, order, limits and errors of SNMP come by themselves; the tests walk every device there is.
 */

/** As net-snmp calls itself on Linux: the agent that servers of the field run. */
const LINUX: Oid = '1.3.6.1.4.1.8072.3.2.10';
const UPS_MIB: Oid = '1.3.6.1.2.1.33';
const NO_PRODUCT: Oid = '0.0';

type ObjectsOf = (device: LabDevice) => readonly MibObject[];

interface Shape {
  readonly description: string;
  readonly objectId: Oid;
  readonly objects: ObjectsOf;
}

function ups(feed: Feed): Shape {
  return {
    description: 'Simulated UPS 3 kVA',
    objectId: UPS_MIB,
    objects: (device) => upsObjects(device, feed),
  };
}

function sensing(model: string, sensors: readonly Sensor[]): Shape {
  return {
    description: model,
    objectId: NO_PRODUCT,
    objects: (device) => sensorObjects(device, model, sensors),
  };
}

function pdu(feed: Feed): Shape {
  const volts = (room: Room): number => (delivers(room.ups[feed]) ? 230 : 0);
  const watts = (room: Room): number => room.ups[feed].loadWatts;
  return sensing('Simulated PDU', [
    { name: 'Input voltage', type: 'voltsAC', precision: 1, read: volts },
    {
      name: 'Load current',
      type: 'amperes',
      precision: 2,
      read: (room) => (delivers(room.ups[feed]) ? watts(room) / volts(room) : 0),
    },
    { name: 'PDU load', type: 'watts', precision: 0, read: watts },
  ]);
}

function climate(rack: Inlet): Shape {
  return sensing('Simulated climate sensor', [
    { name: 'Inlet', type: 'celsius', precision: 1, read: ({ air }) => air.inletCelsius[rack] },
    {
      name: 'Humidity',
      type: 'percentRH',
      precision: 1,
      read: ({ air }) => 100 * humidityRatio(air.inletCelsius[rack], air.dewPointCelsius),
    },
  ]);
}

const CRAC = sensing('Simulated precision air conditioner', [
  { name: 'Supply air', type: 'celsius', precision: 1, read: ({ air }) => air.supplyCelsius },
  { name: 'Return air', type: 'celsius', precision: 1, read: ({ air }) => air.hotCelsius },
  { name: 'Setpoint', type: 'celsius', precision: 1, read: () => SETPOINT_CELSIUS },
  {
    name: 'Return humidity',
    type: 'percentRH',
    precision: 1,
    read: ({ air }) => 100 * humidityRatio(air.hotCelsius, air.dewPointCelsius),
  },
  { name: 'Fan', type: 'rpm', precision: 0, read: ({ air }) => air.fanRpm },
]);

function contact(name: string, disturbance: Disturbance): Shape {
  return sensing(`Simulated ${name.toLowerCase()}`, [
    { name, type: 'truthvalue', precision: 0, read: (room) => goesOn(room, disturbance) },
  ]);
}

type NetworkDevice = 'firewall-1' | 'switch-1' | 'switch-2';
type Server = 'server-1' | 'server-2' | 'server-3' | 'server-4';

function network(name: NetworkDevice, description: string): Shape {
  return {
    description,
    objectId: NO_PRODUCT,
    objects: () => [...interfaceObjects(name), ...hostObjects(name)],
  };
}

function server(name: Server): Shape {
  return {
    description: `Linux ${name} 6.1.0 (simulated)`,
    objectId: LINUX,
    objects: () => [...interfaceObjects(name), ...hostObjects(name), ...ucdObjects(name)],
  };
}

const SHAPES: Readonly<Record<LabDevice, Shape>> = {
  'ups-a': ups('A'),
  'ups-b': ups('B'),
  'pdu-a': pdu('A'),
  'pdu-b': pdu('B'),
  'crac-1': CRAC,
  'climate-a1': climate('A1'),
  'climate-a3': climate('A3'),
  'climate-b2': climate('B2'),
  'leak-1': contact('Leak rope', 'leak'),
  'smoke-1': contact('Smoke detector', 'smoke'),
  'door-1': contact('Door contact', 'door-open'),
  'firewall-1': network('firewall-1', 'Simulated firewall'),
  'switch-1': network('switch-1', 'Simulated switch'),
  'switch-2': network('switch-2', 'Simulated switch'),
  'server-1': server('server-1'),
  'server-2': server('server-2'),
  'server-3': server('server-3'),
  'server-4': server('server-4'),
};

/** What each simulated device answers with. */
export function deviceViews(): ReadonlyMap<LabDevice, MibView> {
  return new Map(LAB_DEVICES.map((device) => [device, viewOf(device)]));
}

function viewOf(device: LabDevice): MibView {
  const { description, objectId, objects } = SHAPES[device];
  const location = 'Machine room (demonstration)';
  return mibView([...systemGroup(device, { description, objectId, location }), ...objects(device)]);
}
