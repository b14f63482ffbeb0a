import type { ValueReader } from '../../config/model/profile.ts';
import { TAG } from './ber.ts';
import { decodeOid } from './oid.ts';
import { numberInText, readingAt, textOf } from './value.ts';

/** The number that a reader finds in what a device told, NaN when there is none. */
export function readWith({ extract, words, bit }: ValueReader, told: string): number {
  const match = extract?.exec(told);
  if (match === null) return Number.NaN;
  const text = (match?.[1] ?? match?.[0] ?? told).trim();
  const number = words?.get(text.toLowerCase()) ?? numberInText(text);
  return bit === undefined ? number : Math.floor(number / 2 ** bit) % 2;
}

/** As `readWith`, of the value in these content bytes. */
export function readWithAt(
  reader: ValueReader,
  tag: number,
  { packet, start, end }: { readonly packet: Uint8Array; readonly start: number; readonly end: number },
): number {
  if (tag === TAG.octets)
    return readWith(reader, textOf({ kind: 'octets', value: packet.subarray(start, end) }));
  if (tag === TAG.oid) return readWith(reader, decodeOid(packet, start, end));
  const number = readingAt(tag, packet, start, end);
  return Number.isNaN(number) ? number : readWith(reader, String(number));
}
