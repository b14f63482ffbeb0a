import { byteAt, element, enter, integerElement, malformed, peekTag, readInteger, TAG } from '../ber.ts';
import type { Cursor } from '../ber.ts';

/** A message of SNMP version 3 (RFC 3412 section 6) under the User-based Security Model (RFC 3414 section 2.4). */
export interface V3Message {
  readonly messageId: number;
  readonly flags: V3Flags;
  /** The engine whose time and keys count: of who is asked, or who sends a trap. Empty while it is sought. */
  readonly engineId: Uint8Array;
  readonly boots: number;
  readonly time: number;
  readonly user: string;
  /** Where the code of authentication stands in the packet. */
  readonly codeStart: number;
  readonly codeEnd: number;
  /** What the encryption begins from. */
  readonly salt: Uint8Array;
  /** The scoped PDU, encrypted if the flags say so. */
  readonly data: Uint8Array;
}

export interface V3Flags {
  readonly isAuthentic: boolean;
  readonly isPrivate: boolean;
  /** The sender wants to be told why, if the message is no good. */
  readonly isReportable: boolean;
}

const VERSION_3 = 3;
const USER_SECURITY_MODEL = 3;
/** What fits a UDP datagram over Ethernet and more: our sockets take everything. */
const MAX_MESSAGE_BYTES = 65_507;
/** RFC 3411 section 5, RFC 3414 section 5. */
const MAX_ENGINE_ID_BYTES = 32;
const MAX_USER_BYTES = 32;

/** Whether a packet says that it is of version 3; seen at a glance, for all packets pass here. */
export function isVersion3(packet: Uint8Array): boolean {
  const length = byteAt(packet, 1);
  const at = length < 0x80 ? 2 : 2 + (length & 0x7f);
  return packet[at] === TAG.integer && packet[at + 1] === 1 && packet[at + 2] === VERSION_3;
}

/**
 * Reads a message, whose authenticity is still to be seen. Bytes behind it are ignored, for some agents pad.
 * @throws {WatchkeeperError} `snmp_malformed`.
 */
export function openV3(packet: Uint8Array): V3Message {
  const cursor: Cursor = { bytes: packet, at: 0, end: packet.length };
  cursor.end = enter(cursor, TAG.sequence);
  if (readInteger(cursor) !== VERSION_3) malformed('it is not of version 3');
  const { messageId, flags } = readGlobal(cursor);
  const security = readSecurity(cursor);
  const start = cursor.at;
  const isPrivate = flags.isPrivate;
  const end = enter(cursor, isPrivate ? TAG.octets : TAG.sequence);
  if (end !== cursor.end) malformed('there is something behind its last element');
  const data = packet.subarray(isPrivate ? cursor.at : start, end);
  return { messageId, flags, ...security, data };
}

/** The number of the message, without looking further. */
export function messageIdOf(packet: Uint8Array): number {
  const cursor: Cursor = { bytes: packet, at: 0, end: packet.length };
  cursor.end = enter(cursor, TAG.sequence);
  readInteger(cursor);
  return readGlobal(cursor).messageId;
}

function readGlobal(cursor: Cursor): Pick<V3Message, 'messageId' | 'flags'> {
  const outerEnd = cursor.end;
  cursor.end = enter(cursor, TAG.sequence);
  const messageId = readInteger(cursor);
  readInteger(cursor); // What the sender takes at most; answers of ours are small.
  const flags = flagsOf(readBytes(cursor, 1));
  if (readInteger(cursor) !== USER_SECURITY_MODEL) malformed('it has another security model than users');
  if (cursor.at !== cursor.end) malformed('there is something behind its last element');
  cursor.end = outerEnd;
  return { messageId, flags };
}

function flagsOf(bytes: Uint8Array): V3Flags {
  const bits = byteAt(bytes, 0);
  const flags = {
    isAuthentic: (bits & 1) !== 0,
    isPrivate: (bits & 2) !== 0,
    isReportable: (bits & 4) !== 0,
  };
  if (bytes.length !== 1 || (flags.isPrivate && !flags.isAuthentic))
    malformed('its flags have no valid form');
  return flags;
}

type Security = Omit<V3Message, 'messageId' | 'flags' | 'data'>;

function readSecurity(cursor: Cursor): Security {
  const outerEnd = cursor.end;
  cursor.end = enter(cursor, TAG.octets);
  const stringEnd = cursor.end;
  cursor.end = enter(cursor, TAG.sequence);
  if (cursor.end !== stringEnd) malformed('there is something behind its last element');
  const engineId = readBytes(cursor, MAX_ENGINE_ID_BYTES);
  const boots = readInteger(cursor);
  const time = readInteger(cursor);
  if (boots < 0 || time < 0) malformed('its time has no valid form');
  const user = Buffer.from(readBytes(cursor, MAX_USER_BYTES)).toString();
  const codeEnd = enter(cursor, TAG.octets);
  const codeStart = cursor.at;
  cursor.at = codeEnd;
  const salt = readBytes(cursor, 8);
  if (cursor.at !== cursor.end) malformed('there is something behind its last element');
  cursor.end = outerEnd;
  return { engineId, boots, time, user, codeStart, codeEnd, salt };
}

function readBytes(cursor: Cursor, atMost: number): Uint8Array {
  const end = enter(cursor, TAG.octets);
  if (end - cursor.at > atMost) malformed('a field is too long');
  const bytes = Uint8Array.from(cursor.bytes.subarray(cursor.at, end));
  cursor.at = end;
  return bytes;
}

/** What a message is made from; where its code goes is answered, for it covers the whole message. */
export type V3Parts = Omit<V3Message, 'codeStart' | 'codeEnd'> & { readonly codeBytes: number };

/** The message with an empty code, and where that stands. */
export function encodeV3(parts: V3Parts): { readonly packet: Uint8Array; readonly codeStart: number } {
  const { flags, data } = parts;
  const bits = (flags.isAuthentic ? 1 : 0) | (flags.isPrivate ? 2 : 0) | (flags.isReportable ? 4 : 0);
  const salt = element(TAG.octets, parts.salt);
  const scoped = flags.isPrivate ? element(TAG.octets, data) : data;
  const packet = element(
    TAG.sequence,
    integerElement(TAG.integer, VERSION_3),
    element(
      TAG.sequence,
      integerElement(TAG.integer, parts.messageId),
      integerElement(TAG.integer, MAX_MESSAGE_BYTES),
      element(TAG.octets, Uint8Array.of(bits)),
      integerElement(TAG.integer, USER_SECURITY_MODEL),
    ),
    element(
      TAG.octets,
      element(
        TAG.sequence,
        element(TAG.octets, parts.engineId),
        integerElement(TAG.integer, parts.boots),
        integerElement(TAG.integer, parts.time),
        element(TAG.octets, Buffer.from(parts.user)),
        element(TAG.octets, new Uint8Array(parts.codeBytes)),
        salt,
      ),
    ),
    scoped,
  );
  return { packet, codeStart: packet.length - scoped.length - salt.length - parts.codeBytes };
}

/** A PDU with the context that it is about (RFC 3412 section 6). */
export interface Scoped {
  readonly contextEngineId: Uint8Array;
  readonly context: string;
  readonly pdu: Uint8Array;
}

export function encodeScoped({ contextEngineId, context, pdu }: Scoped): Uint8Array {
  return element(
    TAG.sequence,
    element(TAG.octets, contextEngineId),
    element(TAG.octets, Buffer.from(context)),
    pdu,
  );
}

/**
 * Reads a scoped PDU; what stands behind it is padding of the encryption.
 * @throws {WatchkeeperError} `snmp_malformed`, also when it was decrypted with the wrong key.
 */
export function openScoped(bytes: Uint8Array): Scoped {
  const cursor: Cursor = { bytes, at: 0, end: bytes.length };
  cursor.end = enter(cursor, TAG.sequence);
  const contextEngineId = readBytes(cursor, MAX_ENGINE_ID_BYTES);
  const context = Buffer.from(readBytes(cursor, 255)).toString();
  peekTag(cursor);
  return { contextEngineId, context, pdu: bytes.subarray(cursor.at, cursor.end) };
}
