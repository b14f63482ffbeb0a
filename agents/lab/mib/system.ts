import type { Oid } from '../../../config/model/oid.ts';
import type { LabDevice, Room } from '../room/room.ts';
import { integer, oid, text, ticks } from './values.ts';
import { scalars, type MibObject } from './view.ts';

export interface SystemText {
  readonly description: string;
  readonly objectId: Oid;
  readonly location: string;
}

const INTERNET_LAYER_UP = 72;

/** Time since the device was started. */
export function uptimeMs(room: Room, device: LabDevice): number {
  return room.atMs - (room.startedAtMs[device] ?? room.atMs);
}

/** The system group of SNMPv2-MIB (RFC 3418), which every device has. */
export function systemGroup(
  device: LabDevice,
  { description, objectId, location }: SystemText,
): readonly MibObject[] {
  return scalars('1.3.6.1.2.1.1', {
    1: () => text(description),
    2: () => oid(objectId),
    3: (room) => ticks(uptimeMs(room, device)),
    4: () => text('duty-desk@watchkeeper.example'),
    5: () => text(device),
    6: () => text(location),
    7: () => integer(INTERNET_LAYER_UP),
  });
}
