import type { Oid } from '../../config/model/oid.ts';
import { byteAt, element, integerElement, malformed, signedAt, TAG, unsignedAt } from './ber.ts';
import { decodeOid, encodeOid } from './oid.ts';

/** A value as an agent tells it. The last three stand where there is none (RFC 3416 section 3). */
export type SnmpValue =
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'octets'; readonly value: Uint8Array }
  | { readonly kind: 'null' }
  | { readonly kind: 'oid'; readonly value: Oid }
  /** Four bytes. */
  | { readonly kind: 'ipAddress'; readonly value: Uint8Array }
  | { readonly kind: 'counter32'; readonly value: number }
  | { readonly kind: 'gauge32'; readonly value: number }
  /** Hundredths of a second. */
  | { readonly kind: 'timeTicks'; readonly value: number }
  | { readonly kind: 'opaque'; readonly value: Uint8Array }
  /** Opaque float and double, as net-snmp wraps them. */
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'counter64'; readonly value: bigint }
  | { readonly kind: 'noSuchObject' }
  | { readonly kind: 'noSuchInstance' }
  | { readonly kind: 'endOfMibView' };

const OPAQUE_FLOAT = Uint8Array.of(0x9f, 0x78, 4);
const OPAQUE_DOUBLE = Uint8Array.of(0x9f, 0x79, 8);

const UNSIGNED_32 = { min: 0, max: 0xffff_ffff };
const WHOLE_NUMBERS = {
  integer: { min: -0x8000_0000, max: 0x7fff_ffff },
  counter32: UNSIGNED_32,
  gauge32: UNSIGNED_32,
  timeTicks: UNSIGNED_32,
  counter64: { min: 0, max: 0xffff_ffff_ffff_ffffn },
} as const;

/**
 * The value as it stands in a packet, with tag and length.
 * @throws {WatchkeeperError} `snmp_malformed` when the type cannot hold it.
 */
// oxlint-disable-next-line complexity -- one case for each type of value
export function encodeValue(value: SnmpValue): Uint8Array {
  if (!('value' in value)) return element(TAG[value.kind]);
  switch (value.kind) {
    case 'oid':
      return element(TAG.oid, encodeOid(value.value));
    case 'float':
      return element(
        TAG.opaque,
        OPAQUE_FLOAT,
        bigEndian(4, (view) => view.setFloat32(0, value.value)),
      );
    case 'double':
      return element(
        TAG.opaque,
        OPAQUE_DOUBLE,
        bigEndian(8, (view) => view.setFloat64(0, value.value)),
      );
    case 'ipAddress':
      if (value.value.length !== 4) malformed('an address has four bytes');
      return element(TAG.ipAddress, value.value);
    case 'octets':
    case 'opaque':
      return element(TAG[value.kind], value.value);
    case 'counter64':
    case 'counter32':
    case 'gauge32':
    case 'timeTicks':
    case 'integer':
      return encodeWhole(value.kind, value.value);
  }
  return value satisfies never;
}

function encodeWhole(kind: keyof typeof WHOLE_NUMBERS, value: number | bigint): Uint8Array {
  const { min, max } = WHOLE_NUMBERS[kind];
  const isWhole = typeof value === 'bigint' || Number.isInteger(value);
  if (!isWhole || value < min || value > max) malformed(`a value does not fit ${kind}`);
  return integerElement(TAG[kind], value);
}

function bigEndian(size: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  write(new DataView(bytes.buffer));
  return bytes;
}

/**
 * The value with this tag in these content bytes.
 * @throws {WatchkeeperError} `snmp_malformed`.
 */
export function decodeValue(tag: number, bytes: Uint8Array, start: number, end: number): SnmpValue {
  switch (tag) {
    case TAG.integer:
      return { kind: 'integer', value: wholeAt('integer', bytes, start, end) };
    case TAG.counter32:
      return { kind: 'counter32', value: wholeAt('counter32', bytes, start, end) };
    case TAG.gauge32:
      return { kind: 'gauge32', value: wholeAt('gauge32', bytes, start, end) };
    case TAG.timeTicks:
      return { kind: 'timeTicks', value: wholeAt('timeTicks', bytes, start, end) };
    case TAG.counter64:
      return { kind: 'counter64', value: exactUnsigned(bytes, start, end) };
    case TAG.oid:
      return { kind: 'oid', value: decodeOid(bytes, start, end) };
    default:
      return decodeBytes(tag, bytes, start, end);
  }
}

/** As `decodeValue`; `undefined` for what is none. */
export function tryDecodeValue(
  tag: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): SnmpValue | undefined {
  try {
    return decodeValue(tag, bytes, start, end);
  } catch {
    return undefined;
  }
}

function decodeBytes(tag: number, bytes: Uint8Array, start: number, end: number): SnmpValue {
  switch (tag) {
    case TAG.octets:
      return { kind: 'octets', value: bytes.slice(start, end) };
    case TAG.ipAddress:
      if (end - start !== 4) malformed('an address has four bytes');
      return { kind: 'ipAddress', value: bytes.slice(start, end) };
    case TAG.opaque:
      return decodeOpaque(bytes, start, end);
    default:
      return decodeEmpty(tag, end - start);
  }
}

function decodeOpaque(bytes: Uint8Array, start: number, end: number): SnmpValue {
  if (isWrapped(bytes, start, end, OPAQUE_FLOAT))
    return { kind: 'float', value: numberAt(TAG.opaque, bytes, start, end) };
  if (isWrapped(bytes, start, end, OPAQUE_DOUBLE))
    return { kind: 'double', value: numberAt(TAG.opaque, bytes, start, end) };
  return { kind: 'opaque', value: bytes.slice(start, end) };
}

function decodeEmpty(tag: number, length: number): SnmpValue {
  if (length !== 0) malformed('a value has content where none belongs');
  switch (tag) {
    case TAG.null:
      return { kind: 'null' };
    case TAG.noSuchObject:
      return { kind: 'noSuchObject' };
    case TAG.noSuchInstance:
      return { kind: 'noSuchInstance' };
    case TAG.endOfMibView:
      return { kind: 'endOfMibView' };
    default:
      return malformed(`a value has the unknown tag 0x${tag.toString(16)}`);
  }
}

function wholeAt(
  kind: Exclude<keyof typeof WHOLE_NUMBERS, 'counter64'>,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const value = numberAt(TAG[kind], bytes, start, end);
  const { min, max } = WHOLE_NUMBERS[kind];
  return value >= min && value <= max ? value : malformed('a number has no valid form');
}

function exactUnsigned(bytes: Uint8Array, start: number, end: number): bigint {
  if (Number.isNaN(unsignedAt(bytes, start, end))) malformed('a number has no valid form');
  let value = 0n;
  for (let at = start; at < end; at += 1) value = (value << 8n) | BigInt(byteAt(bytes, at));
  return value;
}

/**
 * The number in a value of any numeric type, NaN when the value is no number: absent, a text, or badly formed. Never throws, so that
 * one bad value costs none of its neighbours.
 */
export function numberAt(tag: number, bytes: Uint8Array, start: number, end: number): number {
  switch (tag) {
    case TAG.integer:
      return signedAt(bytes, start, end);
    case TAG.counter32:
    case TAG.gauge32:
    case TAG.timeTicks:
    case TAG.counter64:
      return unsignedAt(bytes, start, end);
    case TAG.opaque: {
      const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
      if (isWrapped(bytes, start, end, OPAQUE_FLOAT)) return view.getFloat32(3);
      return isWrapped(bytes, start, end, OPAQUE_DOUBLE) ? view.getFloat64(3) : Number.NaN;
    }
    default:
      return Number.NaN;
  }
}

/** Whether an opaque value holds a number of the kind whose inner tag and length these are. */
function isWrapped(bytes: Uint8Array, start: number, end: number, head: Uint8Array): boolean {
  return (
    end - start === head.length + (head[2] ?? 0) && head.every((byte, index) => bytes[start + index] === byte)
  );
}

/** Whether there is something: not null, and none of the ways to say that there is nothing. */
export function isPresent(value: SnmpValue | undefined): value is Extract<SnmpValue, { value: unknown }> {
  return value !== undefined && 'value' in value;
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });
const GB_18030 = new TextDecoder('gb18030', { fatal: true });
const MAX_TEXT_LENGTH = 200;

/** What a value says as text: names and descriptions of a device, made fit for a label. Empty when there is none. */
export function textOf(value: SnmpValue | undefined): string {
  if (!isPresent(value)) return '';
  if (value.kind === 'ipAddress') return value.value.join('.');
  if (!(value.value instanceof Uint8Array)) return String(value.value);
  const text = decodeText(value.value);
  const visible = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return visible.slice(0, MAX_TEXT_LENGTH);
}

/** Devices of China often write GB 18030 where UTF-8 is due; what is neither is shown as bytes. */
function decodeText(bytes: Uint8Array): string {
  // Some pad with zeros.
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  for (const decoder of [UTF_8, GB_18030]) {
    try {
      return decoder.decode(bytes.subarray(0, end));
    } catch {
      // The next one may fit.
    }
  }
  return Buffer.from(bytes).toString('hex');
}

const NUMBER_WITH_UNIT = /^\s*([-+]?\d+(?:[.,]\d+)?)\s*[^\d.,]{0,24}$/u;
const MAX_NUMBER_TEXT = 48;
const MAX_DIGITS = 24;

/** Some agents write a number as text: `23.5`, `54 VDC`, `33 (Normal)`, `23,5`. NaN when it is none. */
export function numberInText(text: string): number {
  if (text.length > MAX_NUMBER_TEXT) return Number.NaN;
  const match = NUMBER_WITH_UNIT.exec(text);
  const digits = match?.[1] ?? '';
  return digits === '' || digits.length > MAX_DIGITS ? Number.NaN : Number(digits.replace(',', '.'));
}

function numberInBytes(bytes: Uint8Array): number {
  if (bytes.length > MAX_NUMBER_TEXT) return Number.NaN;
  return numberInText(Buffer.from(bytes).toString('latin1'));
}

/** As `numberAt`, and the number that a text is. */
export function readingAt(tag: number, bytes: Uint8Array, start: number, end: number): number {
  return tag === TAG.octets ? numberInBytes(bytes.subarray(start, end)) : numberAt(tag, bytes, start, end);
}

/** As `readingAt`, for a decoded value. */
export function numberOf(value: SnmpValue | undefined): number {
  if (!isPresent(value)) return Number.NaN;
  if (value.kind === 'octets') return numberInBytes(value.value);
  return typeof value.value === 'number' || typeof value.value === 'bigint'
    ? Number(value.value)
    : Number.NaN;
}
