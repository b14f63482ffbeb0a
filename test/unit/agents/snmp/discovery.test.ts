import { expect, it } from 'vitest';
import { mibView } from '../../../../agents/lab/mib/view.ts';
import { respond } from '../../../../agents/lab/respond.ts';
import { startRoom } from '../../../../agents/lab/room/room.ts';
import { decodeMessage } from '../../../../agents/snmp/codec.ts';
import { discover, MAX_READINGS } from '../../../../agents/snmp/discovery.ts';
import { loadProfiles } from '../../../../config/profiles.ts';
import { folderWith } from '../../../support/folder.ts';
import { integer, sessionTo, testDevice } from '../../../support/snmp-device.ts';

const ENTRY = '1.3.6.1.4.1.9999.2.1';
const PROFILE = `title: Test
match: [{ has: ${ENTRY} }]
tables:
  - entry: ${ENTRY}
    labels: { sensor: index }
    values:
      - { metric: sensor_celsius, column: 1 }
      - { metric: sensor_humidity_ratio, column: 2 }
      - { metric: sensor_volts, column: 3 }
`;

it('a device that makes up readings without end gets no more than its share', async () => {
  const { profiles, faults } = loadProfiles([`${folderWith({ 'test.yaml': PROFILE })}/test.yaml`]);
  expect(faults).toEqual([]);
  const objects = [1, 2, 3].flatMap((column) =>
    Array.from({ length: 4_000 }, (_, row) => ({
      oid: `${ENTRY}.${column}.${row + 1}`,
      type: `${ENTRY}.${column}`,
      read: () => integer(20),
    })),
  );
  const source = { view: mibView(objects), room: startRoom(0), maxBytes: 1_472 };
  const device = testDevice({});
  device.answer = (packet) => respond(source, decodeMessage(packet));
  const { readings, notes } = await discover(sessionTo(device), {
    profiles,
    named: undefined,
    isTimeUp: () => false,
  });
  expect(readings).toHaveLength(MAX_READINGS);
  expect(notes).toEqual([`it has 12000 readings; only ${MAX_READINGS} are read`]);
});

it('asks only for tables of vendors that the device has, however many profiles there are', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, number) => [
      `p${number}.yaml`,
      `title: T\nmatch: [{ has: 1.3.6.1.4.1.${5000 + number}.1 }]\nvalues: [{ metric: dc_bus_volts, oid: 1.3.6.1.4.1.${5000 + number}.1.1.0 }]\n`,
    ]),
  );
  const folder = folderWith(files);
  const { profiles } = loadProfiles(Object.keys(files).map((name) => `${folder}/${name}`));
  const device = testDevice({
    '1.3.6.1.4.1.5007.1.1.0': integer(54),
    '1.3.6.1.4.1.5204.9.1.0': integer(1),
  });
  const { profiles: names } = await discover(sessionTo(device), {
    profiles,
    named: undefined,
    isTimeUp: () => false,
  });
  expect(names).toEqual(['p7']);
  // Who it is, two vendors and their end, two tables, one value.
  expect(device.requests.length).toBeLessThanOrEqual(6);
});
