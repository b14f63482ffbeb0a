import type { Oid } from '../../../config/model/oid.ts';
import type { SnmpFault } from '../../../config/model/snmp.ts';

/** Counters that an engine names in a report, and what they mean to who asked (RFC 3414 section 5, RFC 3412 section 5, RFC 3413). */
export const REPORT = {
  unsupportedLevel: '1.3.6.1.6.3.15.1.1.1.0',
  notInTimeWindow: '1.3.6.1.6.3.15.1.1.2.0',
  unknownUser: '1.3.6.1.6.3.15.1.1.3.0',
  unknownEngine: '1.3.6.1.6.3.15.1.1.4.0',
  wrongDigest: '1.3.6.1.6.3.15.1.1.5.0',
  decryptionError: '1.3.6.1.6.3.15.1.1.6.0',
  unavailableContext: '1.3.6.1.6.3.12.1.4.0',
  unknownContext: '1.3.6.1.6.3.12.1.5.0',
} as const satisfies Readonly<Record<string, Oid>>;

const FAULTS: ReadonlyMap<Oid, SnmpFault> = new Map([
  [REPORT.unsupportedLevel, 'unsupported_level'],
  [REPORT.notInTimeWindow, 'wrong_time'],
  [REPORT.unknownUser, 'unknown_user'],
  [REPORT.unknownEngine, 'unknown_engine'],
  [REPORT.wrongDigest, 'wrong_password'],
  [REPORT.decryptionError, 'wrong_privacy'],
  [REPORT.unavailableContext, 'unknown_context'],
  [REPORT.unknownContext, 'unknown_context'],
]);

export function faultOfReport(oid: Oid): SnmpFault {
  return FAULTS.get(oid) ?? 'refused';
}
