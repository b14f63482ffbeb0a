import { isZone } from './model/hours.ts';
import type { DeviceFile, SiteFile } from './schema/site.ts';
import { snmpFaults } from './snmp-access.ts';
import type { Fault, YamlFile } from './yaml-file.ts';

/** What the schema cannot see: names that stand twice, places that do not exist, units that are taken. */
export function siteFaults(site: YamlFile<SiteFile>): readonly Fault[] {
  const file = site.value;
  if (file === undefined) return [];
  return [
    ...duplicateFaults(site, file),
    ...placeFaults(site, file),
    ...sourceFaults(site, file),
    ...zoneFaults(site, file),
    ...wayFaults(site, file),
  ];
}

function duplicateFaults(site: YamlFile<SiteFile>, file: SiteFile): readonly Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, number>();
  file.devices.forEach((device, index) => {
    const first = seen.get(device.id);
    if (first === undefined) seen.set(device.id, index);
    else
      faults.push(
        site.faultAt(['devices', index, 'id'], `${device.id} is already the name of devices[${first}]`),
      );
  });
  const rooms = new Set<string>();
  const racks = new Set<string>();
  file.rooms.forEach((room, roomIndex) => {
    if (rooms.has(room.id))
      faults.push(site.faultAt(['rooms', roomIndex, 'id'], `there are two rooms ${room.id}`));
    rooms.add(room.id);
    room.rows?.forEach((row, rowIndex) => {
      row.racks.forEach((rack, rackIndex) => {
        const path = ['rooms', roomIndex, 'rows', rowIndex, 'racks', rackIndex, 'id'];
        if (racks.has(rack.id)) faults.push(site.faultAt(path, `there are two racks ${rack.id}`));
        racks.add(rack.id);
      });
    });
  });
  return faults;
}

interface RackPlace {
  readonly room: string;
  readonly units: number;
  /** Unit → the device that takes it. */
  readonly takenBy: Map<number, string>;
}

function placeFaults(site: YamlFile<SiteFile>, file: SiteFile): readonly Fault[] {
  const rooms = new Set(file.rooms.map(({ id }) => id));
  const racks = racksOf(file);
  return file.devices.flatMap((device, index) => {
    const wrong: WrongField | undefined = rooms.has(device.room)
      ? mountFault(device, racks)
      : ['room', `there is no room ${device.room}`];
    return wrong === undefined ? [] : [site.faultAt(['devices', index, wrong[0]], wrong[1])];
  });
}

type WrongField = readonly [field: string, message: string];

/** What is wrong with a device's place in its rack; takes the units otherwise. */
function mountFault(device: DeviceFile, racks: ReadonlyMap<string, RackPlace>): WrongField | undefined {
  if (device.rack === undefined)
    return device.unit === undefined ? undefined : ['unit', 'needs a rack beside it'];
  const rack = racks.get(device.rack);
  if (rack === undefined) return ['rack', `there is no rack ${device.rack}`];
  if (rack.room !== device.room) return ['rack', `${device.rack} stands in the room ${rack.room}`];
  if (device.unit === undefined) return ['rack', 'needs the lowest unit that the device takes (unit)'];
  for (let unit = device.unit; unit < device.unit + (device.height ?? 1); unit += 1) {
    const holder = rack.takenBy.get(unit);
    if (unit > rack.units) return ['unit', `${device.rack} has ${rack.units} units, ${unit} is above them`];
    if (holder !== undefined) return ['unit', `unit ${unit} of ${device.rack} is taken by ${holder}`];
    rack.takenBy.set(unit, device.id);
  }
  return undefined;
}

function racksOf(file: SiteFile): ReadonlyMap<string, RackPlace> {
  return new Map(
    file.rooms.flatMap((room) =>
      (room.rows ?? []).flatMap((row) =>
        row.racks.map(
          (rack) => [rack.id, { room: room.id, units: rack.units ?? 42, takenBy: new Map() }] as const,
        ),
      ),
    ),
  );
}

function sourceFaults(site: YamlFile<SiteFile>, file: SiteFile): readonly Fault[] {
  const faults: Fault[] = [];
  file.devices.forEach((device, index) => {
    if (device.snmp !== undefined)
      faults.push(
        ...snmpFaults(device.snmp, (field, message) =>
          site.faultAt(['devices', index, 'snmp', ...field], message),
        ),
      );
    if (device.snmp === undefined && device.lab === undefined && device.local === undefined) {
      faults.push(site.faultAt(['devices', index], 'needs a source: snmp, or local for this machine'));
    }
    if (device.lab !== undefined && file.demonstration !== true) {
      faults.push(site.faultAt(['devices', index, 'lab'], 'only a demonstration has simulated devices'));
    }
    if (device.lab !== undefined && device.snmp !== undefined) {
      faults.push(
        site.faultAt(
          ['devices', index, 'lab'],
          'a simulated device gets its address from the lab; leave out snmp',
        ),
      );
    }
  });
  return faults;
}

function zoneFaults(site: YamlFile<SiteFile>, file: SiteFile): readonly Fault[] {
  if (file.time_zone === undefined || isZone(file.time_zone)) return [];
  return [site.faultAt(['time_zone'], `${file.time_zone} is no time zone; Asia/Shanghai is one`)];
}

/** A device that is reached through one that does not exist, or through itself. */
function wayFaults(site: YamlFile<SiteFile>, file: SiteFile): readonly Fault[] {
  const behind = new Map(file.devices.map((device) => [device.id, device.behind]));
  return file.devices.flatMap(({ id, behind: first }, index) => {
    if (first === undefined) return [];
    const faultAt = (message: string): readonly Fault[] => [
      site.faultAt(['devices', index, 'behind'], message),
    ];
    if (!behind.has(first)) return faultAt(`there is no device ${first}`);
    const passed = new Set<string>();
    for (let at: string | undefined = first; at !== undefined && !passed.has(at); at = behind.get(at)) {
      if (at === id) return faultAt(`${id} would be reached through itself`);
      passed.add(at);
    }
    return [];
  });
}
