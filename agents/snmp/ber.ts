import { WatchkeeperError } from '../../config/model/errors.ts';

/**
 * The Basic Encoding Rules (X.690) as far as SNMP uses them (RFC 3417 section 8). Readers work in place on the packet and never look
 * beyond the end that they are given.
 */

export const TAG = {
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  ipAddress: 0x40,
  counter32: 0x41,
  gauge32: 0x42,
  timeTicks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfMibView: 0x82,
} as const;

/** Where a reader stands: the bytes from `at` to `end` are still to be read. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  end: number;
}

/** @throws {WatchkeeperError} `snmp_malformed`, always. */
export function malformed(what: string): never {
  throw new WatchkeeperError('snmp_malformed', `the packet is not valid SNMP: ${what}`);
}

/** The byte at an index that is known to lie inside the packet. */
export function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

/**
 * Reads the head of an element of the expected kind and answers where its content ends; the cursor then stands at
 * its content.
 */
export function enter(cursor: Cursor, tag: number): number {
  if (peekTag(cursor) !== tag) malformed(`tag 0x${tag.toString(16)} was expected`);
  return enterAny(cursor);
}

/** The tag of the next element. */
export function peekTag(cursor: Cursor): number {
  if (cursor.at >= cursor.end) malformed('it ends too early');
  return byteAt(cursor.bytes, cursor.at);
}

/** As `enter`, for an element of any kind. */
export function enterAny(cursor: Cursor): number {
  const { bytes, end } = cursor;
  let at = cursor.at + 1;
  if (at >= end) malformed('it ends too early');
  let length = byteAt(bytes, at);
  at += 1;
  if (length >= 0x80) {
    const lengthBytes = length & 0x7f;
    // Zero is the indefinite form, which SNMP forbids; more than three never fit a datagram, leading zeros apart.
    if (lengthBytes === 0 || lengthBytes > 4 || at + lengthBytes > end)
      malformed('a length has no valid form');
    length = 0;
    for (const stop = at + lengthBytes; at < stop; at += 1) length = length * 256 + byteAt(bytes, at);
  }
  if (length > end - at) malformed('an element is longer than what holds it');
  cursor.at = at;
  return at + length;
}

/** Reads a whole INTEGER of at most 32 bits. */
export function readInteger(cursor: Cursor): number {
  const end = enter(cursor, TAG.integer);
  const value = signedAt(cursor.bytes, cursor.at, end);
  if (Number.isNaN(value) || value < -0x8000_0000 || value > 0x7fff_ffff)
    malformed('an integer has no valid form');
  cursor.at = end;
  return value;
}

/** The two's complement number in these bytes; NaN when it has none or does not fit a double exactly. */
export function signedAt(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || end - start > 8) return Number.NaN;
  let value = (byteAt(bytes, start) << 24) >> 24;
  for (let at = start + 1; at < end; at += 1) value = value * 256 + byteAt(bytes, at);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/**
 * The number without sign in these bytes, NaN when there are none or too many. Above 2^53 it is the nearest double. Agents that
 * forget the leading zero of a number with the highest bit are understood.
 */
export function unsignedAt(bytes: Uint8Array, start: number, end: number): number {
  const first = byteAt(bytes, start) === 0 ? start + 1 : start;
  if (start >= end || end - first > 8) return Number.NaN;
  let value = 0;
  for (let at = first; at < end; at += 1) value = value * 256 + byteAt(bytes, at);
  return value;
}

/** An element with this content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : length < 0x1_0000
          ? [tag, 0x82, length >> 8, length & 0xff]
          : [tag, 0x83, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  let at = head.length;
  for (const part of content) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** An integer in the fewest bytes of two's complement that hold it. */
export function integerElement(tag: number, value: number | bigint): Uint8Array {
  let rest = BigInt(value);
  const bytes: number[] = [];
  do {
    bytes.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!(rest === 0n && (bytes[0] ?? 0) < 0x80) && !(rest === -1n && (bytes[0] ?? 0) >= 0x80));
  return element(tag, Uint8Array.from(bytes));
}
