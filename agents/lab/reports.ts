import type { Oid } from '../../config/model/oid.ts';
import { element, integerElement, TAG } from '../snmp/ber.ts';
import { PDU_TAG, type VarBind } from '../snmp/codec.ts';
import { encodeOid } from '../snmp/oid.ts';
import { encodeValue } from '../snmp/value.ts';
import { FEEDS, type Feed, type OutputSource } from './room/power.ts';
import type { LabDevice, Room } from './room/room.ts';

/** What a simulated device tells of its own accord. */
export interface Report {
  readonly device: LabDevice;
  readonly oid: Oid;
  readonly varBinds: readonly VarBind[];
}

const UPS_MIB = '1.3.6.1.2.1.33';
const ON_BATTERY = `${UPS_MIB}.2.1`;
const ALARM_ADDED = `${UPS_MIB}.2.3`;
const ALARM_REMOVED = `${UPS_MIB}.2.4`;
const ALARM_ON_BATTERY = 2;
const UPS_OF_FEED: Readonly<Record<Feed, LabDevice>> = { A: 'ups-a', B: 'ups-b' };

/** What the devices of the room report because it is now other than it was (RFC 1628: a UPS that goes on battery, and back). */
export function reportsOf(before: Room, after: Room): readonly Report[] {
  return FEEDS.flatMap((feed) => {
    const [was, is] = [before.ups[feed].source, after.ups[feed].source];
    return was === is ? [] : upsReports(UPS_OF_FEED[feed], { was, is }, after.ups[feed].onBatteryMs);
  });
}

function upsReports(
  device: LabDevice,
  { was, is }: { readonly was: OutputSource; readonly is: OutputSource },
  onBatteryMs: number,
): readonly Report[] {
  if (was !== 'battery' && is !== 'battery') return [];
  const alarm: readonly VarBind[] = [
    {
      oid: `${UPS_MIB}.1.6.2.1.2.${ALARM_ON_BATTERY}`,
      value: { kind: 'oid', value: `${UPS_MIB}.1.6.3.${ALARM_ON_BATTERY}` },
    },
  ];
  if (is !== 'battery') return [{ device, oid: ALARM_REMOVED, varBinds: alarm }];
  const seconds: VarBind = {
    oid: `${UPS_MIB}.1.2.2.0`,
    value: { kind: 'integer', value: Math.round(onBatteryMs / 1000) },
  };
  return [
    { device, oid: ON_BATTERY, varBinds: [seconds] },
    { device, oid: ALARM_ADDED, varBinds: alarm },
  ];
}

const SYS_UPTIME = '1.3.6.1.2.1.1.3.0';
const SNMP_TRAP_OID = '1.3.6.1.6.3.1.1.4.1.0';

/** A report as a trap of version 2c. */
export function encodeTrap({ oid, varBinds }: Report, community: string, uptimeMs: number): Uint8Array {
  const all: readonly VarBind[] = [
    { oid: SYS_UPTIME, value: { kind: 'timeTicks', value: Math.floor(uptimeMs / 10) % 2 ** 32 } },
    { oid: SNMP_TRAP_OID, value: { kind: 'oid', value: oid } },
    ...varBinds,
  ];
  const zero = integerElement(TAG.integer, 0);
  const list = all.map(({ oid: name, value }) =>
    element(TAG.sequence, element(TAG.oid, encodeOid(name)), encodeValue(value)),
  );
  return element(
    TAG.sequence,
    integerElement(TAG.integer, 1),
    element(TAG.octets, Buffer.from(community)),
    element(PDU_TAG.trap, zero, zero, zero, element(TAG.sequence, ...list)),
  );
}
