import { ByteReader, type ByteWriter } from './bytes.ts';
import { isExact, MAX_DECIMALS, unitsOf } from './decimals.ts';

/**
 * What of a column is kept: how far each number is from the one before (`step`), or how that distance changes
 * (`pace`), which is little where they come evenly.
 */
export type Kept = 'step' | 'pace';

/** In the place of the number of decimals: the numbers follow as they are, eight bytes each. */
const RAW = 255;
/** In the place of the number of bits: each change follows as a number of its own length. */
const VARIED = 255;
/** A change of more bits is never packed among others. */
const MAX_BITS = 24;

/** The changes of the column that is being packed; packing is synchronous. */
let changes = new Float64Array(128);

/** Room that a column of so many numbers may take at the most. */
export function columnCapacity(count: number): number {
  return 24 + 10 * count;
}

/**
 * Packs numbers, most of which are short decimals: they are kept as whole numbers of the last decimal, their changes
 * in as few bits as the largest needs, none where nothing changes. Anything else (and the bits of a staleness marker)
 * is kept as it is.
 */
export function writeColumn(writer: ByteWriter, numbers: Float64Array, kept: Kept): void {
  const decimals = decimalsOf(numbers);
  writer.byte(decimals);
  if (decimals === RAW) {
    writer.copy(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    return;
  }
  findChanges(numbers, unitsOf(decimals), kept);
  // The first says where it begins, with `pace` the second how fast: neither is like the others.
  const lead = Math.min(numbers.length, kept === 'step' ? 1 : 2);
  for (let index = 0; index < lead; index += 1) writer.unsigned(changes[index] ?? 0);
  const bits = bitsOf(lead, numbers.length);
  writer.byte(bits);
  if (bits === VARIED) {
    for (let index = lead; index < numbers.length; index += 1) writer.unsigned(changes[index] ?? 0);
  } else writeBits(writer, bits, lead, numbers.length);
}

/** Fills the column with the numbers that were packed. */
export function readColumn(reader: ByteReader, into: Float64Array, kept: Kept): void {
  const decimals = reader.byte();
  if (decimals === RAW) {
    new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(reader.take(into.byteLength));
    return;
  }
  const lead = Math.min(into.length, kept === 'step' ? 1 : 2);
  for (let index = 0; index < lead; index += 1) into[index] = reader.unsigned();
  const bits = reader.byte();
  if (bits === VARIED)
    for (let index = lead; index < into.length; index += 1) into[index] = reader.unsigned();
  else readBits(reader, bits, into, lead);
  addUp(into, unitsOf(decimals), kept);
}

/** The number that a column kept by `step` says again and again; NaN if it says more. It ends with the bytes. */
export function onlyNumber(bytes: Uint8Array, at: number): number {
  // Most say more: their last byte has bits of changes.
  if (bytes[bytes.length - 1] !== 0) return Number.NaN;
  const reader = new ByteReader(bytes);
  reader.skip(at);
  const decimals = reader.byte();
  if (decimals === RAW) return Number.NaN;
  const whole = reader.signed();
  return reader.at === bytes.length - 1 ? whole / unitsOf(decimals) : Number.NaN;
}

/** Makes numbers of their changes, in place. */
function addUp(into: Float64Array, power: number, kept: Kept): void {
  let whole = 0;
  let step = 0;
  for (let index = 0; index < into.length; index += 1) {
    const folded = into[index] ?? 0;
    const change = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    step = kept === 'step' ? change : step + change;
    whole += step;
    into[index] = whole / power;
  }
}

/** Each change folded so that small ones in either direction are small numbers: 0, −1, 1, −2 … are 0, 1, 2, 3 … */
function findChanges(numbers: Float64Array, power: number, kept: Kept): void {
  if (changes.length < numbers.length) changes = new Float64Array(numbers.length * 2);
  let whole = 0;
  let step = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const next = Math.round((numbers[index] ?? 0) * power);
    const nextStep = next - whole;
    const change = kept === 'step' ? nextStep : nextStep - step;
    changes[index] = change >= 0 ? 2 * change : -2 * change - 1;
    whole = next;
    step = nextStep;
  }
}

/** In how many bits each change is kept, or `VARIED` where that takes less room. */
function bitsOf(from: number, to: number): number {
  let largest = 0;
  let variedBytes = 0;
  for (let index = from; index < to; index += 1) {
    const change = changes[index] ?? 0;
    if (change > largest) largest = change;
    variedBytes += change < 128 ? 1 : change < 16_384 ? 2 : 3;
  }
  if (largest >= 2 ** MAX_BITS) return VARIED;
  const bits = 32 - Math.clz32(largest);
  return Math.ceil((bits * (to - from)) / 8) <= variedBytes ? bits : VARIED;
}

function writeBits(writer: ByteWriter, bits: number, from: number, to: number): void {
  if (bits === 0) return;
  let held = 0;
  let heldBits = 0;
  for (let index = from; index < to; index += 1) {
    // At most 7 bits are held: 24 more fit.
    held |= (changes[index] ?? 0) << heldBits;
    for (heldBits += bits; heldBits >= 8; heldBits -= 8) {
      writer.byte(held & 255);
      held >>>= 8;
    }
  }
  if (heldBits > 0) writer.byte(held & 255);
}

function readBits(reader: ByteReader, bits: number, into: Float64Array, from: number): void {
  if (bits === 0) {
    into.fill(0, from);
    return;
  }
  const mask = 2 ** bits - 1;
  let held = 0;
  let heldBits = 0;
  for (let index = from; index < into.length; index += 1) {
    for (; heldBits < bits; heldBits += 8) held |= reader.byte() << heldBits;
    into[index] = held & mask;
    held >>>= bits;
    heldBits -= bits;
  }
}

/** With how many decimals all numbers are exactly what they are; `RAW` if with none. */
function decimalsOf(numbers: Float64Array): number {
  let decimals = 0;
  let units = 1;
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? 0;
    if (isExact(number, units)) continue;
    decimals += 1;
    if (decimals > MAX_DECIMALS) return RAW;
    units = unitsOf(decimals);
    // From the beginning: what was exact with fewer decimals may be too large for more.
    index = -1;
  }
  return decimals;
}
