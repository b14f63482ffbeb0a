import { readFileSync } from 'node:fs';
import type { SnmpValue } from '../snmp/value.ts';

/**
 * The objects of a recorded device: lines `OID|type|value` as snmpsim writes them, types by their number in BER, with `x` behind it for
 * bytes in hexadecimal, `e` for text with escapes. Recordings are as faulty as the devices: unsorted, with objects twice (the last
 * counts), with texts in whatever encoding. What no agent could tell is left out.
 */
export function readRecording(file: string): Readonly<Record<string, SnmpValue>> {
  const objects: Record<string, SnmpValue> = {};
  // Latin-1 keeps every byte as it is.
  for (const line of readFileSync(file, 'latin1').split(/\r?\n/u)) {
    const match = /^(?<oid>\d+(?:\.\d+)+)\|(?<type>\d+)(?<form>[xe]?)\|(?<value>.*)$/su.exec(line)?.groups;
    if (match === undefined) continue;
    const { oid = '', type = '', form = '', value = '' } = match;
    const told = recordedValue(Number(type), value, bytesOf(form, value));
    if (told !== undefined) objects[oid] = told;
  }
  return objects;
}

function bytesOf(form: string, value: string): Uint8Array {
  if (form === 'x') return Buffer.from(value, 'hex');
  return Buffer.from(form === 'e' ? unescaped(value) : value, 'latin1');
}

/** Escapes as Python writes them. */
function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  return text.replaceAll(/\\(?:x([0-9a-f]{2})|(.))/giu, (_all, hex: string | undefined, letter: string) =>
    hex === undefined ? (named[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

// oxlint-disable-next-line complexity -- one case for each type of value
function recordedValue(type: number, text: string, bytes: Uint8Array): SnmpValue | undefined {
  switch (type) {
    case 2:
      return numeric('integer', text);
    case 4:
      return { kind: 'octets', value: bytes };
    case 5:
      return { kind: 'null' };
    case 6:
      return { kind: 'oid', value: text.replace(/^\./u, '') };
    case 64:
      return addressOf(text, bytes);
    case 65:
      return numeric('counter32', text);
    case 66:
      return numeric('gauge32', text);
    case 67:
      return numeric('timeTicks', text);
    case 68:
      return opaqueOf(text, bytes);
    case 70:
      return /^\d+$/u.test(text) ? { kind: 'counter64', value: BigInt(text) } : undefined;
    default:
      return undefined;
  }
}

function numeric(
  kind: 'integer' | 'counter32' | 'gauge32' | 'timeTicks',
  text: string,
): SnmpValue | undefined {
  return /^-?\d+$/u.test(text) ? { kind, value: Number(text) } : undefined;
}

function addressOf(text: string, bytes: Uint8Array): SnmpValue | undefined {
  const value = text.includes('.') ? Uint8Array.from(text.split('.'), Number) : bytes;
  return value.length === 4 ? { kind: 'ipAddress', value } : undefined;
}

/** Some recorders write what is in the wrapping, `Float: 0.08`. */
function opaqueOf(text: string, bytes: Uint8Array): SnmpValue {
  const float = /^Float: (?<number>-?[\d.]+)$/u.exec(text)?.groups?.['number'];
  return float === undefined ? { kind: 'opaque', value: bytes } : { kind: 'float', value: Number(float) };
}
