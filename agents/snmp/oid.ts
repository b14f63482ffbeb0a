import { isOid, MAX_ARC, MAX_ARCS, type Oid } from '../../config/model/oid.ts';
import { byteAt, malformed } from './ber.ts';

/**
 * The content bytes of an object identifier, without tag and length.
 * @throws {WatchkeeperError} `snmp_malformed` when the text is none.
 */
export function encodeOid(oid: Oid): Uint8Array {
  if (!isOid(oid)) malformed(`${oid} is no object identifier`);
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    for (let above = 0x80 ** 4; above >= 0x80; above /= 0x80)
      if (arc >= above) bytes.push((Math.floor(arc / above) & 0x7f) | 0x80);
    bytes.push(arc & 0x7f);
  }
  return Uint8Array.from(bytes);
}

/**
 * The text of the object identifier in these bytes.
 * @throws {WatchkeeperError} `snmp_malformed`.
 */
export function decodeOid(bytes: Uint8Array, start: number, end: number): Oid {
  checkOid(bytes, start, end);
  const [first = '', ...rest] = decodeIndex(bytes, start, end).split('.');
  const both = Number(first);
  const root = Math.min(Math.floor(both / 40), 2);
  return [root, both - root * 40, ...rest].join('.');
}

/** The numbers in a part of a checked object identifier, `3.1`: the index of a row stands behind its column. */
export function decodeIndex(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let arc = 0;
  for (let at = start; at < end; at += 1) {
    const byte = byteAt(bytes, at);
    arc = arc * 0x80 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    text += text === '' ? arc : `.${arc}`;
    arc = 0;
  }
  return text;
}

/**
 * Refuses bytes that are no object identifier: empty, cut off, too long, an arc beyond 32 bits, or one with leading
 * zeros. What passes can be compared byte by byte, for it is written in one way only.
 */
export function checkOid(bytes: Uint8Array, start: number, end: number): void {
  let arcs = 1;
  let arc = 0;
  let isInside = false;
  for (let at = start; at < end; at += 1) {
    const byte = byteAt(bytes, at);
    if (!isInside) {
      if (byte === 0x80) malformed('an object identifier has leading zeros');
      arcs += 1;
      arc = 0;
    }
    arc = arc * 0x80 + (byte & 0x7f);
    if (arc > MAX_ARC) malformed('an object identifier has too big an arc');
    isInside = byte >= 0x80;
  }
  if (isInside || start >= end) malformed('an object identifier ends too early');
  if (arcs > MAX_ARCS) malformed('an object identifier is too long');
}

/** Whether the bytes from `start` to `end` are this object identifier. */
export function equalsOid(bytes: Uint8Array, start: number, end: number, oid: Uint8Array): boolean {
  return end - start === oid.length && startsWithOid(bytes, start, end, oid);
}

/** Whether the bytes from `start` to `end` lie in the tree below (or at) this object identifier. */
export function startsWithOid(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length) return false;
  // From the end: within a table or a MIB the last bytes differ, the first never do.
  for (let index = prefix.length - 1; index >= 0; index -= 1)
    if (bytes[start + index] !== prefix[index]) return false;
  return true;
}

/** The order in which a walk meets them: negative when `a` comes before `b`. Both encoded and checked. */
export function compareOids(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  let arcStart = 0;
  for (let index = 0; index < shorter; index += 1) {
    if (a[index] !== b[index]) {
      // The arc in which they part: in the shortest form more bytes are a bigger number.
      const difference = arcLength(a, arcStart) - arcLength(b, arcStart);
      return difference === 0 ? byteAt(a, index) - byteAt(b, index) : difference;
    }
    if (byteAt(a, index) < 0x80) arcStart = index + 1;
  }
  return a.length - b.length;
}

function arcLength(bytes: Uint8Array, start: number): number {
  let at = start;
  while (byteAt(bytes, at) >= 0x80) at += 1;
  return at - start + 1;
}
