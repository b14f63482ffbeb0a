import { element, integerElement, TAG } from './ber.ts';
import { PDU_TAG, type SnmpVersion } from './codec.ts';

/** A request in its final bytes, but for its number: encoded once, sent each poll, to all devices that are asked the same. */
export interface Request {
  readonly kind: 'get' | 'getNext' | 'getBulk';
  /** The message, of version 3 only its PDU; under the number that was stamped last. */
  bytes: Uint8Array;
  /** Where the four bytes of the request's number stand. */
  readonly idAt: number;
  readonly oids: readonly Uint8Array[];
}

/** Request numbers lie in this span: then each takes four bytes in the shortest form, and can be stamped in place. */
export const MIN_REQUEST_ID = 0x0100_0000;
export const MAX_REQUEST_ID = 0x7fff_ffff;

const NULL_VALUE = element(TAG.null);
const VERSION = { '1': integerElement(TAG.integer, 0), '2c': integerElement(TAG.integer, 1) } as const;
const ZERO = integerElement(TAG.integer, 0);

/** What stands around a PDU: a community, or the envelope of version 3, which is made anew for each message. */
export type Access =
  | { readonly version: SnmpVersion; readonly community: Uint8Array }
  | { readonly version: '3' };

/** A GET or GETNEXT of these (encoded) objects. */
export function encodeGet(access: Access, kind: 'get' | 'getNext', oids: readonly Uint8Array[]): Request {
  return encodeRequest(access, kind, oids, ZERO);
}

/** A GETBULK that goes on behind each of these objects. */
export function encodeGetBulk(access: Access, oids: readonly Uint8Array[], maxRepetitions: number): Request {
  return encodeRequest(access, 'getBulk', oids, integerElement(TAG.integer, maxRepetitions));
}

function encodeRequest(
  access: Access,
  kind: Request['kind'],
  oids: readonly Uint8Array[],
  third: Uint8Array,
): Request {
  const list = element(
    TAG.sequence,
    ...oids.map((oid) => element(TAG.sequence, element(TAG.oid, oid), NULL_VALUE)),
  );
  const id = integerElement(TAG.integer, MIN_REQUEST_ID);
  const pdu = element(PDU_TAG[kind], id, ZERO, third, list);
  const bytes =
    access.version === '3'
      ? pdu
      : element(TAG.sequence, VERSION[access.version], element(TAG.octets, access.community), pdu);
  const idAt = bytes.length - list.length - third.length - ZERO.length - 4;
  return { kind, bytes, idAt, oids };
}

/** Writes the number into the request's bytes. */
export function stampRequestId({ bytes, idAt }: Request, requestId: number): void {
  bytes[idAt] = requestId >>> 24;
  bytes[idAt + 1] = (requestId >>> 16) & 0xff;
  bytes[idAt + 2] = (requestId >>> 8) & 0xff;
  bytes[idAt + 3] = requestId & 0xff;
}
