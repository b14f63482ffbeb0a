import { WatchkeeperError } from '../model/errors.ts';

/** How a field is written, by the last three bits of its tag. */
export const WIRE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

const MAX_VARINT_BYTES = 10;
/** Up to here, bits can be shifted. */
const MAX_INT = 2 ** 31 - 1;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Walks over the fields of a protobuf message in place. After `next`, one of the other methods takes what the field
 * holds. `end` is where the message ends that is walked; what reaches beyond it throws `write_invalid`.
 */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;
  #wire = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** The number of the next field; 0 when the message is at its end. */
  next(end: number): number {
    if (this.#at >= end) return 0;
    const tag = this.#varint(end);
    this.#wire = tag % 8;
    const number = (tag - this.#wire) / 8;
    if (number === 0) throw broken('a field has the number 0');
    return number;
  }

  /** Goes into the message or text that the field holds, and says where it ends. */
  enter(end: number): number {
    this.#expect(WIRE.delimited);
    const length = this.#varint(end);
    if (this.#at + length > end) throw broken('a field is longer than what it stands in');
    return this.#at + length;
  }

  skip(end: number): void {
    if (this.#wire === WIRE.varint) this.#varint(end);
    else if (this.#wire === WIRE.delimited) this.#at = this.enter(end);
    else if (this.#wire === WIRE.fixed64) this.#at += 8;
    else if (this.#wire === WIRE.fixed32) this.#at += 4;
    else throw broken(`a field is written in a way that is not known (${this.#wire})`);
    if (this.#at > end) throw broken('a field is longer than what it stands in');
  }

  /** A whole number of 64 bits with a sign; beyond 2^53 it loses its last digits. */
  integer(end: number): number {
    this.#expect(WIRE.varint);
    const from = this.#at;
    const value = this.#varint(end);
    if (this.#at - from < MAX_VARINT_BYTES) return value;
    // All ten bytes: it is negative, and its last digits are beyond what a double adds up.
    let exact = 0n;
    for (let index = this.#at - 1; index >= from; index -= 1) {
      exact = (exact << 7n) + BigInt((this.#bytes[index] ?? 0) & 127);
    }
    return Number(BigInt.asIntN(64, exact));
  }

  /** Copies the eight bytes of a double: as a number, a staleness marker might lose its bits. */
  copyDouble(end: number, into: Uint8Array, at: number): void {
    this.#expect(WIRE.fixed64);
    if (this.#at + 8 > end) throw broken('a field is longer than what it stands in');
    for (let index = 0; index < 8; index += 1) into[at + index] = this.#bytes[this.#at + index] ?? 0;
    this.#at += 8;
  }

  text(end: number): string {
    const to = this.enter(end);
    const bytes = this.#bytes.subarray(this.#at, to);
    this.#at = to;
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw new WatchkeeperError('write_invalid', 'a text is not UTF-8', { cause });
    }
  }

  /** Where the field begins that `next` told last, for `latin1`. */
  get at(): number {
    return this.#at;
  }

  /** The bytes as they stand, a character for each. */
  latin1(from: number, to: number): string {
    return this.#bytes.toString('latin1', from, to);
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) throw broken(`a field is written in the wrong way (${this.#wire}, not ${wire})`);
  }

  #varint(end: number): number {
    const first = this.#bytes[this.#at] ?? 0;
    if (first < 128 && this.#at < end) {
      this.#at += 1;
      return first;
    }
    let value = 0;
    let factor = 1;
    for (let index = this.#at; index < end && index < this.#at + MAX_VARINT_BYTES; index += 1) {
      const byte = this.#bytes[index] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) {
        this.#at = index + 1;
        return value;
      }
      factor *= 128;
    }
    throw broken('a number does not end');
  }
}

/** Writes protobuf messages into memory that it uses again. */
export interface WireWriter {
  text(number: number, text: string): void;
  integer(number: number, value: number): void;
  /** The number at this place of a column, with the bits that it has. */
  double(number: number, values: Float64Array, index: number): void;
  message(number: number, write: () => void): void;
  /** A copy of what was written. */
  bytes(): Uint8Array;
}

export function createWireWriter(): WireWriter {
  let bytes = Buffer.allocUnsafe(4_096);
  let at = 0;
  const reserve = (count: number): void => {
    if (at + count <= bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, at + count));
    bytes.copy(larger, 0, 0, at);
    bytes = larger;
  };
  const varint = (value: number): void => {
    let left = value;
    for (; left > MAX_INT; left = Math.floor(left / 128)) bytes[at++] = (left % 128) + 128;
    let small = left | 0;
    for (; small >= 128; small >>>= 7) bytes[at++] = (small & 127) + 128;
    bytes[at++] = small;
  };
  const tag = (number: number, wire: number): void => {
    reserve(24);
    varint(number * 8 + wire);
  };
  return {
    text(number, text) {
      tag(number, WIRE.delimited);
      const length = Buffer.byteLength(text);
      varint(length);
      reserve(length);
      at += bytes.write(text, at);
    },
    integer(number, value) {
      tag(number, WIRE.varint);
      if (value >= 0) varint(value);
      else
        for (let left = BigInt.asUintN(64, BigInt(value)), more = true; more; left >>= 7n) {
          more = left >= 128n;
          bytes[at++] = Number(left & 127n) + (more ? 128 : 0);
        }
    },
    double(number, values, index) {
      tag(number, WIRE.fixed64);
      const value = values[index] ?? 0;
      if (value === value) bytes.writeDoubleLE(value, at);
      else bytes.set(new Uint8Array(values.buffer, values.byteOffset + 8 * index, 8), at);
      at += 8;
    },
    message(number, write) {
      tag(number, WIRE.delimited);
      const lengthAt = at;
      at += 1;
      write();
      const length = at - lengthAt - 1;
      // Most messages are short: only a longer one moves to make room for its length.
      const extra = length < 128 ? 0 : Math.floor(Math.log2(length) / 7);
      reserve(extra);
      if (extra > 0) bytes.copyWithin(lengthAt + 1 + extra, lengthAt + 1, at);
      at = lengthAt;
      varint(length);
      at += length;
    },
    bytes: () => Uint8Array.prototype.slice.call(bytes, 0, at),
  };
}

function broken(how: string): WatchkeeperError {
  return new WatchkeeperError('write_invalid', `the body is not valid protobuf: ${how}`);
}
