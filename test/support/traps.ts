import { element, integerElement, TAG } from '../../agents/snmp/ber.ts';
import { PDU_TAG } from '../../agents/snmp/codec.ts';
import { encodeOid } from '../../agents/snmp/oid.ts';
import { encodeValue, type SnmpValue } from '../../agents/snmp/value.ts';

const SNMP_TRAP_OID = '1.3.6.1.6.3.1.1.4.1.0';
const SYS_UPTIME = '1.3.6.1.2.1.1.3.0';

type Binding = readonly [oid: string, value: SnmpValue];

/** The PDU of a trap or inform of version 2c. */
export function trapPdu(
  oid: string,
  bindings: readonly Binding[] = [],
  tag: number = PDU_TAG.trap,
): Uint8Array {
  const all: readonly Binding[] = [
    [SYS_UPTIME, { kind: 'timeTicks', value: 77 }],
    [SNMP_TRAP_OID, { kind: 'oid', value: oid }],
    ...bindings,
  ];
  const zero = integerElement(TAG.integer, 0);
  return element(
    tag,
    integerElement(TAG.integer, 4_711),
    zero,
    zero,
    element(
      TAG.sequence,
      ...all.map(([name, value]) =>
        element(TAG.sequence, element(TAG.oid, encodeOid(name)), encodeValue(value)),
      ),
    ),
  );
}

/** A trap or inform of version 2c with the community public. */
export function trapPacket(
  oid: string,
  bindings: readonly Binding[] = [],
  { tag = PDU_TAG.trap, community = 'public' }: { tag?: number; community?: string } = {},
): Uint8Array {
  return element(
    TAG.sequence,
    integerElement(TAG.integer, 1),
    element(TAG.octets, Buffer.from(community)),
    trapPdu(oid, bindings, tag),
  );
}

/** A trap of version 1. */
export function trapV1Packet(
  enterprise: string,
  generic: number,
  specific: number,
  bindings: readonly Binding[] = [],
): Uint8Array {
  return element(
    TAG.sequence,
    integerElement(TAG.integer, 0),
    element(TAG.octets, Buffer.from('public')),
    element(
      PDU_TAG.trapV1,
      element(TAG.oid, encodeOid(enterprise)),
      element(TAG.ipAddress, Uint8Array.of(10, 0, 0, 9)),
      integerElement(TAG.integer, generic),
      integerElement(TAG.integer, specific),
      integerElement(TAG.timeTicks, 77),
      element(
        TAG.sequence,
        ...bindings.map(([name, value]) =>
          element(TAG.sequence, element(TAG.oid, encodeOid(name)), encodeValue(value)),
        ),
      ),
    ),
  );
}
