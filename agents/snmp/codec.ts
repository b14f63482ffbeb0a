import type { Oid } from '../../config/model/oid.ts';
import { element, enter, enterAny, integerElement, malformed, peekTag, readInteger, TAG } from './ber.ts';
import type { Cursor } from './ber.ts';
import { checkOid, decodeOid, encodeOid } from './oid.ts';
import { decodeValue, encodeValue, type SnmpValue } from './value.ts';

/** SNMPv1 (RFC 1157) and SNMPv2c (RFC 1901) messages with the PDUs of RFC 3416, both ways: for who asks and who answers. */
export interface Message {
  readonly version: SnmpVersion;
  readonly community: string;
  readonly pdu: Pdu;
}

export type SnmpVersion = '1' | '2c';

export type Pdu =
  | {
      readonly kind: 'get' | 'getNext' | 'set';
      readonly requestId: number;
      readonly varBinds: readonly VarBind[];
    }
  | {
      readonly kind: 'getBulk';
      readonly requestId: number;
      readonly nonRepeaters: number;
      readonly maxRepetitions: number;
      readonly varBinds: readonly VarBind[];
    }
  | {
      readonly kind: 'response';
      readonly requestId: number;
      /** One of `ERROR_STATUS`, or what a device makes up. */
      readonly errorStatus: number;
      /** The first binding is 1; 0 when none is meant. */
      readonly errorIndex: number;
      readonly varBinds: readonly VarBind[];
    };

export interface VarBind {
  readonly oid: Oid;
  readonly value: SnmpValue;
}

/** What an answer can say went wrong (RFC 3416 section 3), as far as a reader meets it. */
export const ERROR_STATUS = {
  noError: 0,
  tooBig: 1,
  noSuchName: 2,
  badValue: 3,
  readOnly: 4,
  genErr: 5,
  noAccess: 6,
  authorizationError: 16,
  notWritable: 17,
} as const;

export const PDU_TAG = {
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  set: 0xa3,
  trapV1: 0xa4,
  getBulk: 0xa5,
  inform: 0xa6,
  trap: 0xa7,
  report: 0xa8,
} as const;
const VERSION_NUMBER = { '1': 0, '2c': 1 } as const;

/**
 * The bytes of a message.
 * @throws {WatchkeeperError} `snmp_malformed` when something in it cannot be told in SNMP.
 */
export function encodeMessage({ version, community, pdu }: Message): Uint8Array {
  const [second, third] =
    pdu.kind === 'response'
      ? [pdu.errorStatus, pdu.errorIndex]
      : pdu.kind === 'getBulk'
        ? [pdu.nonRepeaters, pdu.maxRepetitions]
        : [0, 0];
  return element(
    TAG.sequence,
    integerElement(TAG.integer, VERSION_NUMBER[version]),
    element(TAG.octets, Buffer.from(community)),
    element(
      PDU_TAG[pdu.kind],
      integerElement(TAG.integer, pdu.requestId),
      integerElement(TAG.integer, second),
      integerElement(TAG.integer, third),
      element(TAG.sequence, ...pdu.varBinds.map(encodeVarBind)),
    ),
  );
}

function encodeVarBind({ oid, value }: VarBind): Uint8Array {
  return element(TAG.sequence, element(TAG.oid, encodeOid(oid)), encodeValue(value));
}

/**
 * The message in a packet.
 * @throws {WatchkeeperError} `snmp_malformed` on anything else, whatever it is.
 */
export function decodeMessage(packet: Uint8Array): Message {
  const head = openPacket(packet);
  const community = Buffer.from(packet.subarray(head.communityStart, head.communityEnd)).toString();
  return { version: head.version, community, pdu: pduOf(head, readVarBinds(head.varBinds)) };
}

function pduOf(head: PacketHead, varBinds: readonly VarBind[]): Pdu {
  const { requestId, second, third } = head;
  switch (head.pduTag) {
    case PDU_TAG.get:
      return { kind: 'get', requestId, varBinds };
    case PDU_TAG.getNext:
      return { kind: 'getNext', requestId, varBinds };
    case PDU_TAG.set:
      return { kind: 'set', requestId, varBinds };
    case PDU_TAG.getBulk:
      return { kind: 'getBulk', requestId, nonRepeaters: second, maxRepetitions: third, varBinds };
    case PDU_TAG.response:
      return { kind: 'response', requestId, errorStatus: second, errorIndex: third, varBinds };
    default:
      return malformed(`it holds a PDU of the unknown kind 0x${head.pduTag.toString(16)}`);
  }
}

/** The head of a PDU, read in place; the bindings are still to be read with `nextVarBind`. */
export interface PduHead {
  readonly pduTag: number;
  readonly requestId: number;
  /** The error status of an answer, the non-repeaters of a GETBULK. */
  readonly second: number;
  /** The error index of an answer, the max-repetitions of a GETBULK. */
  readonly third: number;
  readonly varBinds: Cursor;
}

/** The head of a message of version 1 or 2c. */
export interface PacketHead extends PduHead {
  readonly version: SnmpVersion;
  readonly communityStart: number;
  readonly communityEnd: number;
}

/**
 * Reads the head of a packet. Bytes behind the message are ignored, for some agents pad.
 * @throws {WatchkeeperError} `snmp_malformed`.
 */
export function openPacket(packet: Uint8Array): PacketHead {
  const { version, communityStart, communityEnd, pdu } = openCommunity(packet);
  return { version, communityStart, communityEnd, ...enterPdu(pdu) };
}

/**
 * Reads what stands before the PDU; `pdu` then stands at its tag.
 * @throws {WatchkeeperError} `snmp_malformed`.
 */
export function openCommunity(
  packet: Uint8Array,
): Omit<PacketHead, keyof PduHead> & { readonly pdu: Cursor } {
  const pdu: Cursor = { bytes: packet, at: 0, end: packet.length };
  pdu.end = enter(pdu, TAG.sequence);
  const version = versionOf(readInteger(pdu));
  const communityEnd = enter(pdu, TAG.octets);
  const communityStart = pdu.at;
  pdu.at = communityEnd;
  return { version, communityStart, communityEnd, pdu };
}

/**
 * Reads the head of a PDU that stands alone, as in version 3.
 * @throws {WatchkeeperError} `snmp_malformed`.
 */
export function openPdu(pdu: Uint8Array): PduHead {
  return enterPdu({ bytes: pdu, at: 0, end: pdu.length });
}

/** As `openPdu`, for a cursor that stands at its tag. */
export function enterPdu(cursor: Cursor): PduHead {
  const pduTag = peekTag(cursor);
  narrow(cursor, enterAny(cursor));
  const requestId = readInteger(cursor);
  const second = readInteger(cursor);
  const third = readInteger(cursor);
  narrow(cursor, enter(cursor, TAG.sequence));
  return { pduTag, requestId, second, third, varBinds: cursor };
}

/** The bindings that are still to be read, whole. */
function readVarBinds(cursor: Cursor): readonly VarBind[] {
  const varBinds: VarBind[] = [];
  const view = newVarBindView();
  while (nextVarBind(cursor, view)) {
    varBinds.push({
      oid: decodeOid(cursor.bytes, view.oidStart, view.oidEnd),
      value: decodeValue(view.tag, cursor.bytes, view.valueStart, view.valueEnd),
    });
  }
  return varBinds;
}

/** The element entered last must fill what holds it. */
function narrow(cursor: Cursor, end: number): void {
  if (end !== cursor.end) malformed('there is something behind its last element');
}

function versionOf(number: number): SnmpVersion {
  if (number === VERSION_NUMBER['2c']) return '2c';
  if (number === VERSION_NUMBER['1']) return '1';
  return malformed(`it has the version number ${number}`);
}

/** Where one binding stands in its packet. */
export interface VarBindView {
  oidStart: number;
  oidEnd: number;
  tag: number;
  valueStart: number;
  valueEnd: number;
}

export function newVarBindView(): VarBindView {
  return { oidStart: 0, oidEnd: 0, tag: 0, valueStart: 0, valueEnd: 0 };
}

/**
 * Finds the next binding; `false` at the end. Its object identifier is checked; its value is not, for a bad value costs only itself.
 * @throws {WatchkeeperError} `snmp_malformed`.
 */
export function nextVarBind(cursor: Cursor, into: VarBindView): boolean {
  if (cursor.at >= cursor.end) return false;
  const outerEnd = cursor.end;
  const end = enter(cursor, TAG.sequence);
  cursor.end = end;
  into.oidEnd = enter(cursor, TAG.oid);
  into.oidStart = cursor.at;
  checkOid(cursor.bytes, into.oidStart, into.oidEnd);
  cursor.at = into.oidEnd;
  into.tag = peekTag(cursor);
  into.valueEnd = enterAny(cursor);
  into.valueStart = cursor.at;
  narrow(cursor, into.valueEnd);
  cursor.at = end;
  cursor.end = outerEnd;
  return true;
}
