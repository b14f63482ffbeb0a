import type { LabDevice, Room } from '../room/room.ts';
import { linkOf, PORTS_OF, type PortCounters, type PortName } from '../room/network.ts';
import { counter, counter64, gauge, integer, text, ticks, ZERO_OID } from './values.ts';
import { scalars, table, type MibObject } from './view.ts';

const ETHERNET = 6;
const UP = 1;
const DOWN = 2;
const MTU = 1_500;
const DEFAULT_MBIT = 1_000;
const MAX_GAUGE = 0xffff_ffff;

/** IF-MIB (RFC 2863): ifTable and ifXTable. */
export function interfaceObjects(device: LabDevice): readonly MibObject[] {
  const ports = PORTS_OF[device] ?? [];
  return [
    ...scalars('1.3.6.1.2.1.2', { 1: () => integer(ports.length) }),
    ...interfaceTable(device, ports),
    ...highCapacityTable(ports),
  ];
}

const COUNTERS_OF_NO_PORT: PortCounters = {
  isUp: false,
  changedAtMs: 0,
  inBytes: 0,
  outBytes: 0,
  inPackets: 0,
  outPackets: 0,
  inErrors: 0,
  outDiscards: 0,
};

function countersOf(room: Room, port: PortName): PortCounters {
  return room.ports[port] ?? COUNTERS_OF_NO_PORT;
}

function nameOf(port: PortName): string {
  return port.slice(port.indexOf(':') + 1);
}

function mbitOf(port: PortName): number {
  return linkOf(port)?.mbit ?? DEFAULT_MBIT;
}

function interfaceTable(device: LabDevice, ports: readonly PortName[]): readonly MibObject[] {
  return table('1.3.6.1.2.1.2.2.1', ports, {
    1: (port) => integer(ports.indexOf(port) + 1),
    2: (port) => text(nameOf(port)),
    3: () => integer(ETHERNET),
    4: () => integer(MTU),
    5: (port) => gauge(Math.min(mbitOf(port) * 1e6, MAX_GAUGE)),
    6: (port) => ({ kind: 'octets', value: hardwareAddress(device, ports.indexOf(port) + 1) }),
    7: () => integer(UP),
    8: (port, room) => integer(countersOf(room, port).isUp ? UP : DOWN),
    9: (port, room) =>
      ticks(Math.max(0, countersOf(room, port).changedAtMs - (room.startedAtMs[device] ?? room.atMs))),
    10: (port, room) => counter(countersOf(room, port).inBytes),
    11: (port, room) => counter(countersOf(room, port).inPackets),
    13: () => counter(0),
    14: (port, room) => counter(countersOf(room, port).inErrors),
    15: () => counter(0),
    16: (port, room) => counter(countersOf(room, port).outBytes),
    17: (port, room) => counter(countersOf(room, port).outPackets),
    19: (port, room) => counter(countersOf(room, port).outDiscards),
    20: () => counter(0),
    22: () => ZERO_OID,
  });
}

function highCapacityTable(ports: readonly PortName[]): readonly MibObject[] {
  return table('1.3.6.1.2.1.31.1.1.1', ports, {
    1: (port) => text(nameOf(port)),
    6: (port, room) => counter64(countersOf(room, port).inBytes),
    7: (port, room) => counter64(countersOf(room, port).inPackets),
    10: (port, room) => counter64(countersOf(room, port).outBytes),
    11: (port, room) => counter64(countersOf(room, port).outPackets),
    15: (port) => gauge(mbitOf(port)),
    17: (port) => integer(linkOf(port) === undefined ? 2 : 1),
    18: (port) => text(linkOf(port)?.alias ?? ''),
  });
}

/** A locally administered address (the second bit of the first byte): no maker's. */
function hardwareAddress(device: LabDevice, number: number): Uint8Array {
  const tail = Buffer.from(device).subarray(-3);
  return Uint8Array.of(0x02, 0x4c, tail[0] ?? 0, tail[1] ?? 0, tail[2] ?? 0, number);
}
