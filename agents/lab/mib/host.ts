import { HOST_BUILDS, type Host, type HostName } from '../room/hosts.ts';
import type { Room } from '../room/room.ts';
import { uptimeMs } from './system.ts';
import { counter, gauge, integer, oid, text, ticks, ZERO_OID } from './values.ts';
import { scalars, table, type MibObject } from './view.ts';

const HOST_RESOURCES = '1.3.6.1.2.1.25';
const UCD = '1.3.6.1.4.1.2021';
const KIB = 1024;
const MIB = KIB ** 2;

/** hrStorageTypes and hrDeviceTypes (RFC 2790). */
const STORAGE_RAM = `${HOST_RESOURCES}.2.1.2`;
const STORAGE_DISK = `${HOST_RESOURCES}.2.1.4`;
const DEVICE_PROCESSOR = `${HOST_RESOURCES}.3.1.3`;
const DEVICE_RUNNING = 2;

interface Storage {
  readonly type: string;
  readonly name: string;
  readonly unitBytes: number;
  readonly sizeBytes: number;
  readonly usedRatio: (host: Host) => number;
}

/** HOST-RESOURCES-MIB (RFC 2790): memory, processors, processes and, on a server, its volumes. */
export function hostObjects(name: HostName): readonly MibObject[] {
  return [...hostSystem(name), ...storageTable(name), ...processorTable(name)];
}

function hostSystem(name: HostName): readonly MibObject[] {
  return [
    ...scalars(`${HOST_RESOURCES}.1`, {
      1: (room) => ticks(uptimeMs(room, name)),
      5: () => gauge(1),
      6: (room) => gauge(160 + room.hosts[name].busyRatio * 90),
      7: () => integer(0),
    }),
    ...scalars(`${HOST_RESOURCES}.2`, { 2: () => integer(HOST_BUILDS[name].memoryBytes / KIB) }),
  ];
}

function storageTable(name: HostName): readonly MibObject[] {
  const { memoryBytes, dataBytes } = HOST_BUILDS[name];
  const memory: Storage = {
    type: STORAGE_RAM,
    name: 'Physical memory',
    unitBytes: KIB,
    sizeBytes: memoryBytes,
    usedRatio: ({ memoryRatio }) => memoryRatio,
  };
  const disk = { type: STORAGE_DISK, unitBytes: MIB };
  const volumes: readonly Storage[] = [
    { ...disk, name: '/', sizeBytes: 80_000 * MIB, usedRatio: () => 0.31 },
    { ...disk, name: '/data', sizeBytes: dataBytes, usedRatio: ({ dataUsedRatio }) => dataUsedRatio },
  ];
  const rows = isServer(name) ? [memory, ...volumes] : [memory];
  return table(`${HOST_RESOURCES}.2.3.1`, rows, {
    1: (storage) => integer(rows.indexOf(storage) + 1),
    2: (storage) => oid(storage.type),
    3: (storage) => text(storage.name),
    4: ({ unitBytes }) => integer(unitBytes),
    5: ({ sizeBytes, unitBytes }) => integer(sizeBytes / unitBytes),
    6: ({ sizeBytes, unitBytes, usedRatio }, room) =>
      integer((sizeBytes * usedRatio(room.hosts[name])) / unitBytes),
    7: () => counter(0),
  });
}

function processorTable(name: HostName): readonly MibObject[] {
  const cores = Array.from({ length: HOST_BUILDS[name].cores }, (_, core) => core);
  return [
    ...table(`${HOST_RESOURCES}.3.2.1`, cores, {
      1: (core) => integer(core + 1),
      2: () => oid(DEVICE_PROCESSOR),
      3: () => text('Simulated processor'),
      4: () => ZERO_OID,
      5: () => integer(DEVICE_RUNNING),
      6: () => counter(0),
    }),
    ...table(`${HOST_RESOURCES}.3.3.1`, cores, {
      1: () => ZERO_OID,
      2: (core, room) => integer(coreRatio(room.hosts[name], core, cores.length) * 100),
    }),
  ];
}

/** The first cores have more to do than the last; together they are as busy as the host. */
function coreRatio({ busyRatio }: Host, core: number, cores: number): number {
  const lean = cores === 1 ? 0 : 0.3 * (1 - (2 * core) / (cores - 1));
  return Math.min(1, busyRatio * (1 + lean));
}

function isServer(name: HostName): boolean {
  return name.startsWith('server-');
}

const LOAD_NAMES = ['Load-1', 'Load-5', 'Load-15'];

/** UCD-SNMP-MIB: memory, load averages and processor time of a server. */
export function ucdObjects(name: HostName): readonly MibObject[] {
  const { memoryBytes } = HOST_BUILDS[name];
  const of = (room: Room): Host => room.hosts[name];
  const kib = (ratio: number): number => (memoryBytes / KIB) * ratio;
  const loads = [0, 1, 2] as const;
  return [
    ...scalars(`${UCD}.4`, {
      1: () => integer(0),
      2: () => text('swap'),
      3: () => integer(8 * MIB),
      4: () => integer(8 * MIB),
      5: () => integer(kib(1)),
      6: (room) => integer(kib(Math.max(0, 0.8 - of(room).memoryRatio))),
      11: (room) => integer(kib(Math.max(0, 0.8 - of(room).memoryRatio)) + 8 * MIB),
      12: () => integer(16_000),
      13: () => integer(0),
      14: () => integer(kib(0.02)),
      15: (room) => integer(kib(Math.min(0.18, 0.98 - of(room).memoryRatio))),
    }),
    ...table(`${UCD}.10.1`, loads, {
      1: (index) => integer(index + 1),
      2: (index) => text(LOAD_NAMES[index] ?? ''),
      3: (index, room) => text(of(room).load[index].toFixed(2)),
      5: (index, room) => integer(of(room).load[index] * 100),
    }),
    ...scalars(`${UCD}.11`, {
      50: (room) => counter(of(room).busyTicks * 0.7),
      51: () => counter(0),
      52: (room) => counter(of(room).busyTicks * 0.3),
      53: (room) => counter(of(room).idleTicks),
    }),
  ];
}
