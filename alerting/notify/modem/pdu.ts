import { packSeptets, septetsOf, textOfSeptets, unpackSeptets } from './alphabet.ts';

/** A text message, or a part of one, as `AT+CMGS` takes it. */
export interface SubmitPdu {
  /** Hexadecimal, with the empty address of the centre before it. */
  readonly hex: string;
  /** Octets without that address: what `AT+CMGS=` is told. */
  readonly length: number;
}

/** A text message, or a part of one, that came. */
export interface DeliverPdu {
  readonly from: string;
  readonly text: string;
  /** Which part of how many, of those with the same reference. */
  readonly part?: { readonly reference: number; readonly count: number; readonly number: number };
}

const SEPTETS = { whole: 160, part: 153 };
const UNITS = { whole: 70, part: 67 };
/** Longer ones are cut: each part costs, and a phone may show them out of order. */
const MAX_PARTS = 4;
const SUBMIT_WITH_RELATIVE_VALIDITY = 0x11;
const HAS_HEADER = 0x40;
/** 23.040, 9.2.3.12.1: a day. */
const VALID_FOR_A_DAY = 0xa7;

/**
 * Encodes a text message (3GPP TS 23.040, SMS-SUBMIT): in the alphabet of GSM where it suffices, else in UCS-2, in parts
 * where it is too long for one.
 * @param reference 0–255; the parts of one message share it
 */
export function submitPdus(number: string, text: string, reference: number): readonly SubmitPdu[] {
  const septets = septetsOf(text);
  const parts =
    septets === undefined
      ? inParts(
          Array.from(text, (character) => unitsOf(character)),
          UNITS,
        )
      : inParts(septets, SEPTETS);
  const kept = parts.slice(0, MAX_PARTS);
  return kept.map((codes, index) => {
    const header = kept.length === 1 ? [] : [5, 0, 3, reference & 0xff, kept.length, index + 1];
    const data = septets === undefined ? ucs2Data(codes, header) : gsmData(codes, header);
    const octets = [
      SUBMIT_WITH_RELATIVE_VALIDITY | (header.length > 0 ? HAS_HEADER : 0),
      0,
      ...addressOf(number),
      0,
      septets === undefined ? 0x08 : 0x00,
      VALID_FOR_A_DAY,
      ...data,
    ];
    return { hex: `00${Buffer.from(octets).toString('hex').toUpperCase()}`, length: octets.length };
  });
}

function unitsOf(character: string): readonly number[] {
  return Array.from({ length: character.length }, (_none, at) => character.charCodeAt(at));
}

/** Characters are not torn apart. */
function inParts(
  characters: readonly (readonly number[])[],
  { whole, part }: { readonly whole: number; readonly part: number },
): readonly (readonly number[])[] {
  const all = characters.flat();
  if (all.length <= whole) return [all];
  const parts: number[][] = [[]];
  for (const codes of characters) {
    const last = parts.at(-1) ?? [];
    if (last.length + codes.length <= part) last.push(...codes);
    else parts.push([...codes]);
  }
  return parts;
}

function gsmData(septets: readonly number[], header: readonly number[]): readonly number[] {
  const headerSeptets = Math.ceil((header.length * 8) / 7);
  const fillBits = headerSeptets * 7 - header.length * 8;
  return [headerSeptets + septets.length, ...header, ...packSeptets(septets, fillBits)];
}

function ucs2Data(units: readonly number[], header: readonly number[]): readonly number[] {
  const octets = units.flatMap((unit) => [unit >> 8, unit & 0xff]);
  return [header.length + octets.length, ...header, ...octets];
}

const INTERNATIONAL = 0x91;
const UNKNOWN = 0x81;

function addressOf(number: string): readonly number[] {
  const digits = number.replace(/^\+/, '');
  const padded = digits.length % 2 === 0 ? digits : `${digits}F`;
  const pairs = padded.match(/../g) ?? [];
  return [
    digits.length,
    number.startsWith('+') ? INTERNATIONAL : UNKNOWN,
    ...pairs.map((pair) => Number.parseInt(`${pair[1]}${pair[0]}`, 16)),
  ];
}

/** Reads what `AT+CMGR` or `AT+CMGL` shows (SMS-DELIVER); `undefined` where it is something else or broken. */
export function deliverOf(hex: string): DeliverPdu | undefined {
  if (!/^(?:[0-9a-f]{2}){12,400}$/i.test(hex)) return undefined;
  const octets = Buffer.from(hex, 'hex');
  let at = 1 + (octets[0] ?? 0);
  const first = octets[at] ?? 0xff;
  if ((first & 0x03) !== 0) return undefined;
  const digits = octets[at + 1] ?? 0;
  const addressOctets = Math.ceil(digits / 2);
  const kind = octets[at + 2] ?? 0;
  const from = senderOf(octets.subarray(at + 3, at + 3 + addressOctets), digits, kind);
  // After the address: protocol, coding, seven octets of time, length.
  at += 3 + addressOctets;
  const said = bodyOf(octets.subarray(at), (first & HAS_HEADER) !== 0);
  return said && { from, ...said };
}

/** From the protocol on. */
function bodyOf(octets: Uint8Array, hasHeader: boolean): Pick<DeliverPdu, 'text' | 'part'> | undefined {
  const [, coding = 0] = octets;
  const length = octets[9];
  if (length === undefined) return undefined;
  const data = octets.subarray(10);
  const headerLength = hasHeader ? 1 + (data[0] ?? 0) : 0;
  if (headerLength > data.length) return undefined;
  const text = textOf(data, { coding, length, headerLength });
  const part = partOf(data.subarray(1, headerLength));
  return part === undefined ? { text } : { text, part };
}

function senderOf(octets: Uint8Array, digits: number, kind: number): string {
  const isText = (kind & 0x70) === 0x50;
  if (isText) return textOfSeptets(unpackSeptets(octets, Math.floor((digits * 4) / 7)));
  const number = Array.from(
    octets,
    (octet) => `${octet & 0x0f}`.slice(-1) + (octet >> 4 > 9 ? '' : octet >> 4),
  ).join('');
  return (kind & 0x70) === 0x10 ? `+${number}` : number;
}

function textOf(
  data: Uint8Array,
  {
    coding,
    length,
    headerLength,
  }: { readonly coding: number; readonly length: number; readonly headerLength: number },
): string {
  const alphabet = alphabetOf(coding);
  if (alphabet === 'gsm') {
    const headerSeptets = Math.ceil((headerLength * 8) / 7);
    const fillBits = headerSeptets * 7 - headerLength * 8;
    const count = Math.min(length - headerSeptets, Math.floor(((data.length - headerLength) * 8) / 7));
    return textOfSeptets(unpackSeptets(data.subarray(headerLength), Math.max(0, count), fillBits));
  }
  const octets = data.subarray(headerLength, length);
  if (alphabet === 'octets') return Buffer.from(octets).toString('latin1');
  return Array.from({ length: Math.floor(octets.length / 2) }, (_none, at) =>
    String.fromCharCode(((octets[at * 2] ?? 0) << 8) | (octets[at * 2 + 1] ?? 0)),
  ).join('');
}

/** 23.038, 4. */
function alphabetOf(coding: number): 'gsm' | 'ucs2' | 'octets' {
  const group = coding >> 4;
  if (group === 0xf) return (coding & 0x04) === 0 ? 'gsm' : 'octets';
  if (group === 0xe) return 'ucs2';
  if (group >= 0x8) return 'gsm';
  return (['gsm', 'octets', 'ucs2', 'gsm'] as const)[(coding >> 2) & 0x03] ?? 'gsm';
}

/** The elements of a header (23.040, 9.2.3.24): 0 and 8 tell of parts. */
function partOf(header: Uint8Array): DeliverPdu['part'] {
  let rest = header;
  while (rest.length > 1) {
    const [kind, length = 0, ...after] = rest;
    if (isOfParts(kind, length) && after.length >= length) {
      const [number = 0, count = 0, ...reference] = after.slice(0, length).reverse();
      return { reference: reference.reverse().reduce((sum, octet) => sum * 256 + octet, 0), count, number };
    }
    rest = rest.subarray(2 + length);
  }
  return undefined;
}

/** With a reference of one octet or of two. */
function isOfParts(kind: number | undefined, length: number): boolean {
  return (kind === 0 && length === 3) || (kind === 8 && length === 4);
}
