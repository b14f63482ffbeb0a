import { TAG } from '../snmp/ber.ts';
import { encodeValue } from '../snmp/value.ts';
import type { WalkedObject } from './walk-all.ts';

/** A line of a recording, `OID|type|value`, as snmpsim reads them: types by their number in BER, `x` behind it for hexadecimal digits. */
// oxlint-disable-next-line complexity -- one case for each type of value
export function recordLine({ oid, value }: WalkedObject): string | undefined {
  switch (value.kind) {
    case 'octets':
      return isPlain(value.value)
        ? `${oid}|${TAG.octets}|${Buffer.from(value.value).toString('latin1')}`
        : `${oid}|${TAG.octets}x|${hex(value.value)}`;
    case 'ipAddress':
      return `${oid}|${TAG.ipAddress}|${value.value.join('.')}`;
    case 'opaque':
    case 'float':
    case 'double':
      // Tag and length stand before the content.
      return `${oid}|${TAG.opaque}x|${hex(encodeValue(value).subarray(2))}`;
    case 'null':
      return `${oid}|${TAG.null}|`;
    case 'oid':
    case 'integer':
    case 'counter32':
    case 'gauge32':
    case 'timeTicks':
    case 'counter64':
      return `${oid}|${TAG[value.kind]}|${value.value}`;
    case 'noSuchObject':
    case 'noSuchInstance':
    case 'endOfMibView':
      return undefined;
  }
  return value satisfies never;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Whether bytes can stand in a line as they are. */
function isPlain(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}
