import type { Oid } from '../../../config/model/oid.ts';
import type { SnmpValue } from '../../snmp/value.ts';
import { clamp } from '../room/noise.ts';

/** Values as a device tells them: rounded, and held within what their type can carry. */

const MAX_32 = 0xffff_ffff;

export function integer(value: number): SnmpValue {
  return { kind: 'integer', value: clamp(Math.round(value), -0x8000_0000, 0x7fff_ffff) };
}

export function gauge(value: number): SnmpValue {
  return { kind: 'gauge32', value: clamp(Math.round(value), 0, MAX_32) };
}

/** Begins anew at 0 after 2^32 - 1. */
export function counter(value: number): SnmpValue {
  return { kind: 'counter32', value: Math.floor(value) % (MAX_32 + 1) };
}

export function counter64(value: number): SnmpValue {
  return { kind: 'counter64', value: BigInt(Math.floor(value)) };
}

/** A duration; begins anew after 497 days. */
export function ticks(durationMs: number): SnmpValue {
  return { kind: 'timeTicks', value: Math.floor(durationMs / 10) % (MAX_32 + 1) };
}

export function text(value: string): SnmpValue {
  return { kind: 'octets', value: Buffer.from(value, 'utf8') };
}

export function oid(value: Oid): SnmpValue {
  return { kind: 'oid', value };
}

/** Nothing has it: the null identifier of SNMPv2-SMI. */
export const ZERO_OID = oid('0.0');
