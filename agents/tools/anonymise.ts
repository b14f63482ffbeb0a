import { createHmac, randomBytes } from 'node:crypto';
import type { Oid } from '../../config/model/oid.ts';
import type { WalkedObject } from './walk-all.ts';

/** What a recording must not tell, and what must stay for it to be of use. */
export interface AnonymiseOptions {
  /** Communities, users: whatever was used to read the device. */
  readonly secrets: readonly string[];
  /** Objects and columns that profiles read: what names a model or a row stays. */
  readonly kept: readonly Oid[];
  /** Makes the replacements of one run those of no other. */
  readonly key?: Uint8Array;
}

/**
 * Trees that no profile needs and that tell of others: neighbours, routes, connections, address tables, users and communities of the
 * agent, programs with their arguments.
 */
export const LEFT_OUT: readonly Oid[] = [
  '1.0.8802',
  '1.3.6.1.2.1.3',
  '1.3.6.1.2.1.4',
  '1.3.6.1.2.1.6',
  '1.3.6.1.2.1.7',
  '1.3.6.1.2.1.14',
  '1.3.6.1.2.1.15',
  '1.3.6.1.2.1.17',
  '1.3.6.1.2.1.25.4',
  '1.3.6.1.2.1.25.6',
  '1.3.6.1.4.1.9.9.23',
  '1.3.6.1.6.3',
];

/** What people wrote into the device: object or column → the word that stands for it. */
const WRITTEN: readonly (readonly [Oid, string])[] = [
  ['1.3.6.1.2.1.1.4', 'contact'],
  ['1.3.6.1.2.1.1.5', 'name'],
  ['1.3.6.1.2.1.1.6', 'location'],
  ['1.3.6.1.2.1.31.1.1.1.18', 'description'],
  ['1.3.6.1.2.1.47.1.1.1.1.14', 'alias'],
];
/** Serial numbers and asset numbers of ENTITY-MIB. */
const SERIALS: readonly Oid[] = ['1.3.6.1.2.1.47.1.1.1.1.11', '1.3.6.1.2.1.47.1.1.1.1.15'];

const below = (oid: Oid, roots: readonly Oid[]): boolean =>
  roots.some((root) => oid === root || oid.startsWith(`${root}.`));

/** The objects without what tells whose device it is; the same is replaced by the same everywhere, and numbers stay. */
export function anonymise(
  objects: readonly WalkedObject[],
  { secrets, kept, key = randomBytes(32) }: AnonymiseOptions,
): readonly WalkedObject[] {
  const cloak = createCloak(key);
  for (const secret of secrets) cloak.hide(secret, 'secret');
  for (const { oid, value } of objects) {
    const word = WRITTEN.find(([root]) => below(oid, [root]))?.[1];
    if (value.kind === 'ipAddress') cloak.address(value.value.join('.'));
    if (value.kind !== 'octets' || value.value.length === 0) continue;
    if (word !== undefined) cloak.hide(textIn(value.value), word);
    if (below(oid, SERIALS)) cloak.hide(textIn(value.value), 'serial');
  }
  return objects
    .filter(({ oid }) => !below(oid, LEFT_OUT))
    .map(({ oid, value }): WalkedObject => {
      const own = cloak.index(oid);
      if (value.kind === 'ipAddress')
        return { oid: own, value: { ...value, value: cloak.addressBytes(value.value) } };
      if (value.kind !== 'octets') return { oid: own, value };
      return { oid: own, value: { ...value, value: cloak.octets(value.value, below(oid, kept)) } };
    });
}

interface Cloak {
  hide(text: string, word: string): void;
  address(text: string): string;
  addressBytes(bytes: Uint8Array): Uint8Array;
  index(oid: Oid): Oid;
  octets(bytes: Uint8Array, isKept: boolean): Uint8Array;
}

const ADDRESS = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g;
const HARDWARE_ADDRESS = /\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b/giu;
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
/** Serial numbers look so: letters and digits without a space, five digits at least. */
const SERIAL = /\b(?=(?:[A-Z-]*\d){5})[A-Z0-9-]{8,}\b/gi;
/** Addresses that name nobody, and may stand as they are. */
const NOBODYS = /^(?:0\.0\.0\.0|127\.|255\.)/;

function createCloak(key: Uint8Array): Cloak {
  const words = new Map<string, string>();
  const addresses = new Map<string, string>();
  const counts = new Map<string, number>();
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();

  const address = (text: string): string => {
    if (NOBODYS.test(text)) return text;
    const known = addresses.get(text);
    if (known !== undefined) return known;
    const place = addresses.size;
    // RFC 2544: kept for measurements, so that it is nobody's.
    const own = `198.${18 + ((place >> 16) & 1)}.${(place >> 8) & 0xff}.${place & 0xff}`;
    addresses.set(text, own);
    return own;
  };
  const hardware = (text: string): string => {
    const bytes = digest(text.toLowerCase().replaceAll('-', ':'));
    const separator = text[2] ?? ':';
    return ['02', ...[...bytes.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, '0'))].join(
      separator,
    );
  };
  const serial = (text: string): string => {
    const bytes = digest(text);
    return Array.from(text, (letter, place) => sameKind(letter, bytes[place % bytes.length] ?? 0)).join('');
  };
  const hidden = (text: string): string => {
    let own = text;
    for (const [secret, word] of words) own = own.replaceAll(secret, word);
    return own;
  };
  return {
    hide(text, word) {
      const trimmed = text.trim();
      // Of one or two letters there are too many everywhere.
      if (trimmed.length < 3 || words.has(trimmed)) return;
      const count = (counts.get(word) ?? 0) + 1;
      counts.set(word, count);
      words.set(trimmed, `${word}-${count}`);
    },
    address,
    addressBytes: (bytes) => Uint8Array.from(address(bytes.join('.')).split('.'), Number),
    index(oid) {
      let own = oid;
      for (const [real, other] of addresses)
        own = `${own}.`.replaceAll(`.${real}.`, `.${other}.`).slice(0, -1);
      return own;
    },
    octets(bytes, isKept) {
      if (bytes.length === 6 && !isText(bytes))
        return Uint8Array.of(2, ...digest(bytes.join('.')).subarray(0, 5));
      if (!isText(bytes)) return bytes;
      const open = hidden(textIn(bytes))
        .replaceAll(MAIL, () => 'mail@example.org')
        .replaceAll(HARDWARE_ADDRESS, hardware)
        .replaceAll(ADDRESS, (text) => (isKept && isVersion(text) ? text : address(text)));
      return Buffer.from(isKept ? open : open.replaceAll(SERIAL, serial));
    },
  };
}

/** Versions of firmware look like addresses; those of whom a number is above 255 or who begin with a small one are none. */
function isVersion(text: string): boolean {
  return text.split('.').some((part) => Number(part) > 255) || /^[0-9]\./.test(text);
}

function sameKind(letter: string, byte: number): string {
  if (/\d/.test(letter)) return String(byte % 10);
  if (/[a-z]/.test(letter)) return String.fromCharCode(97 + (byte % 26));
  return /[A-Z]/.test(letter) ? String.fromCharCode(65 + (byte % 26)) : letter;
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function isText(bytes: Uint8Array): boolean {
  try {
    return !/[\p{Cc}--[\t\n\r\0]]/v.test(UTF_8.decode(bytes));
  } catch {
    return false;
  }
}

function textIn(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
