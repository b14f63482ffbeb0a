import type { Oid } from '../../config/model/oid.ts';
import { enter, enterAny, malformed, peekTag, readInteger, TAG, type Cursor } from '../snmp/ber.ts';
import {
  enterPdu,
  newVarBindView,
  nextVarBind,
  openCommunity,
  openPdu,
  PDU_TAG,
  type PduHead,
  type SnmpVersion,
} from '../snmp/codec.ts';
import { checkOid, decodeOid } from '../snmp/oid.ts';
import { tryDecodeValue, type SnmpValue } from '../snmp/value.ts';

/** What a device reports of its own accord, in the form of version 2c whatever it was sent in. */
export interface Notification {
  readonly isInform: boolean;
  /** What happened; of a trap of version 1, also as those write it who forget the zero of RFC 3584. */
  readonly oids: readonly [Oid, ...Oid[]];
  /** `undefined` where a value is none. */
  readonly varBinds: readonly { readonly oid: Oid; readonly value: SnmpValue | undefined }[];
}

/** A trap or inform of version 1 or 2c as it came. */
export interface CommunityTrap {
  readonly version: SnmpVersion;
  readonly community: Uint8Array;
  readonly notification: Notification;
  /** Where the tag of its PDU stands. */
  readonly pduAt: number;
}

const SNMP_TRAP_OID = '1.3.6.1.6.3.1.1.4.1.0';
const SNMP_TRAP_ENTERPRISE = '1.3.6.1.6.3.1.1.4.3.0';
const SNMP_TRAP_ADDRESS = '1.3.6.1.6.3.18.1.3.0';
const SYS_UPTIME = '1.3.6.1.2.1.1.3.0';
/** coldStart, warmStart, linkDown, linkUp, authenticationFailure, egpNeighborLoss (RFC 3584 section 3.1). */
const GENERIC_TRAPS = '1.3.6.1.6.3.1.1.5';
const ENTERPRISE_SPECIFIC = 6;
/** More are not looked at. */
const MAX_VARBINDS = 64;

/**
 * Reads a trap or inform of version 1 or 2c.
 * @throws {WatchkeeperError} `snmp_malformed` on anything else.
 */
export function openCommunityTrap(packet: Uint8Array): CommunityTrap {
  const { version, communityStart, communityEnd, pdu } = openCommunity(packet);
  const community = packet.subarray(communityStart, communityEnd);
  const pduAt = pdu.at;
  if (peekTag(pdu) === PDU_TAG.trapV1 && version === '1')
    return { version, community, pduAt, notification: readTrapV1(pdu) };
  if (version === '1') malformed('version 1 knows no such PDU');
  return { version, community, pduAt, notification: notificationOf(enterPdu(pdu)) };
}

/**
 * The trap or inform in a PDU that stands alone, as in version 3.
 * @throws {WatchkeeperError} `snmp_malformed` on anything else.
 */
export function openTrapPdu(pdu: Uint8Array): Notification {
  return notificationOf(openPdu(pdu));
}

function notificationOf({ pduTag, varBinds: cursor }: PduHead): Notification {
  if (pduTag !== PDU_TAG.trap && pduTag !== PDU_TAG.inform) malformed('it is neither trap nor inform');
  const all = readVarBinds(cursor);
  const told = all.find(({ oid }) => oid === SNMP_TRAP_OID)?.value;
  if (told?.kind !== 'oid') malformed('it does not say what happened');
  return {
    isInform: pduTag === PDU_TAG.inform,
    oids: [told.value],
    varBinds: all.filter(({ oid }) => oid !== SNMP_TRAP_OID && oid !== SYS_UPTIME),
  };
}

/** RFC 1157 section 4.1.6, made a notification as RFC 3584 section 3.1 says. The community, a secret, is left out. */
function readTrapV1(cursor: Cursor): Notification {
  cursor.end = enter(cursor, PDU_TAG.trapV1);
  const enterprise = readOid(cursor);
  const address = readAddress(cursor);
  const generic = readInteger(cursor);
  const specific = readInteger(cursor);
  cursor.at = enter(cursor, TAG.timeTicks);
  cursor.end = enter(cursor, TAG.sequence);
  const varBinds = [
    ...readVarBinds(cursor),
    { oid: SNMP_TRAP_ADDRESS, value: { kind: 'ipAddress', value: address } as const },
    { oid: SNMP_TRAP_ENTERPRISE, value: { kind: 'oid', value: enterprise } as const },
  ];
  if (generic < 0 || generic > ENTERPRISE_SPECIFIC || specific < 0)
    malformed('it names no trap that there can be');
  if (generic < ENTERPRISE_SPECIFIC)
    return { isInform: false, oids: [`${GENERIC_TRAPS}.${generic + 1}`], varBinds };
  return { isInform: false, oids: [`${enterprise}.0.${specific}`, `${enterprise}.${specific}`], varBinds };
}

function readOid(cursor: Cursor): Oid {
  const end = enter(cursor, TAG.oid);
  checkOid(cursor.bytes, cursor.at, end);
  const oid = decodeOid(cursor.bytes, cursor.at, end);
  cursor.at = end;
  return oid;
}

function readAddress(cursor: Cursor): Uint8Array {
  const tag = peekTag(cursor);
  const end = enterAny(cursor);
  if (tag !== TAG.ipAddress || end - cursor.at !== 4) malformed('its sender has no address');
  const address = Uint8Array.from(cursor.bytes.subarray(cursor.at, end));
  cursor.at = end;
  return address;
}

function readVarBinds(cursor: Cursor): Notification['varBinds'] {
  const varBinds: { oid: Oid; value: SnmpValue | undefined }[] = [];
  const view = newVarBindView();
  while (varBinds.length < MAX_VARBINDS && nextVarBind(cursor, view)) {
    const { bytes } = cursor;
    varBinds.push({
      oid: decodeOid(bytes, view.oidStart, view.oidEnd),
      value: tryDecodeValue(view.tag, bytes, view.valueStart, view.valueEnd),
    });
  }
  return varBinds;
}
