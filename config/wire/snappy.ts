import { compress } from 'snappyjs';
import { WatchkeeperError } from '../model/errors.ts';

/** Packs bytes in the block format of snappy, as remote_write asks. */
export function snappyPack(bytes: Uint8Array): Uint8Array {
  return compress(bytes);
}

/**
 * Unpacks a block of snappy (format_description.txt of google/snappy). Ours and not the library's: there a negative
 * length leads back into what was read, for ever.
 * @param maxBytes how large the result may be; what claims to be larger is refused before anything is allocated.
 * @throws {WatchkeeperError} `body_too_large`, or `write_invalid` saying what is wrong.
 */
export function snappyUnpack(packed: Uint8Array, maxBytes: number): Uint8Array {
  const header = readLength(packed);
  if (header.length > maxBytes) {
    const message = `the body is ${header.length} bytes when unpacked; at most ${maxBytes} are taken`;
    throw new WatchkeeperError('body_too_large', message);
  }
  // Three bytes make at most 64: who claims more lies, and would make us allocate it.
  if (header.length > packed.length * 22) throw broken('claims more bytes than it can hold');
  const out = new Uint8Array(header.length);
  let at = header.end;
  let filled = 0;
  while (at < packed.length) {
    const tag = packed[at] ?? 0;
    const kind = tag & 3;
    const extra = EXTRA_BYTES[tag] ?? 0;
    const number = littleEndian(packed, at + 1, extra);
    at += 1 + extra;
    const length = lengthOf(tag, number);
    if (filled + length > out.length) throw broken('holds more bytes than it claims');
    if (kind === 0) {
      copyIn(out, filled, packed, { at, length });
      at += length;
    } else copyBack(out, filled, kind === 1 ? ((tag >>> 5) << 8) + number : number, length);
    filled += length;
  }
  if (filled < out.length) throw broken('holds fewer bytes than it claims');
  return out;
}

/** How many bytes follow each tag: of a long literal's length, or of a copy's offset. */
const EXTRA_BYTES = Array.from({ length: 256 }, (_, tag) =>
  (tag & 3) === 0 ? Math.max(0, (tag >>> 2) - 59) : 2 ** ((tag & 3) - 1),
);

function lengthOf(tag: number, number: number): number {
  const kind = tag & 3;
  if (kind === 0) return (tag >>> 2 < 60 ? tag >>> 2 : number) + 1;
  return kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
}

function copyIn(
  out: Uint8Array,
  filled: number,
  packed: Uint8Array,
  { at, length }: { readonly at: number; readonly length: number },
): void {
  if (at + length > packed.length) throw broken('ends in the middle of an element');
  if (length > 32) out.set(packed.subarray(at, at + length), filled);
  else for (let index = 0; index < length; index += 1) out[filled + index] = packed[at + index] ?? 0;
}

/** The copy may run into what it writes: then it repeats. */
function copyBack(out: Uint8Array, filled: number, offset: number, length: number): void {
  if (offset === 0 || offset > filled) throw broken('refers to bytes before its beginning');
  // At most 64 bytes: a loop is faster than a call.
  for (let index = filled; index < filled + length; index += 1) out[index] = out[index - offset] ?? 0;
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  if (at + count > bytes.length) throw broken('ends in the middle of an element');
  let number = 0;
  for (let index = count - 1; index >= 0; index -= 1) number = number * 256 + (bytes[at + index] ?? 0);
  return number;
}

function readLength(packed: Uint8Array): { readonly length: number; readonly end: number } {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = packed[index];
    if (byte === undefined) break;
    length += (byte & 127) * 128 ** index;
    if (byte < 128 && length < 2 ** 32) return { length, end: index + 1 };
  }
  throw broken('does not say how long it is');
}

function broken(how: string): WatchkeeperError {
  return new WatchkeeperError('write_invalid', `the body is not packed with snappy: it ${how}`);
}
