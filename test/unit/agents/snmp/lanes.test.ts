import { beforeEach, describe, expect, it } from 'vitest';
import { createPolledDevice, type PolledDevice, type Polling } from '../../../../agents/snmp/device.ts';
import { encodeMessage } from '../../../../agents/snmp/codec.ts';
import { createPlanner } from '../../../../agents/snmp/plan.ts';
import type { Profile } from '../../../../config/model/profile.ts';
import { loadProfiles } from '../../../../config/profiles.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';
import {
  integer,
  sessionTo,
  testDevice,
  text,
  ticks,
  type TestDevice,
} from '../../../support/snmp-device.ts';

const SOURCE = '1.3.6.1.4.1.9999.1.0';
const RUNTIME = '1.3.6.1.4.1.9999.2.0';
const LOAD_WATTS = '1.3.6.1.4.1.9999.3.0';
const AGE = '1.3.6.1.4.1.9999.4.0';
const PROFILE = `title: Test
match: [{ has: 1.3.6.1.4.1.9999 }]
values:
  - { metric: ups_output_source, oid: ${SOURCE}, states: { 3: normal, 5: battery } }
  - { metric: ups_battery_runtime_seconds, oid: ${RUNTIME} }
  - { metric: ups_output_hertz, oid: ${LOAD_WATTS} }
  - { metric: ups_battery_age_seconds, oid: ${AGE} }
`;

let profiles: readonly Profile[];
let clock: ManualClock;
let ups: TestDevice;
let told: Polling[];

function polled(more: { isFastAllowed?: boolean } = {}): PolledDevice {
  return createPolledDevice({
    id: 'ups',
    session: sessionTo(ups, { clock }),
    profiles,
    named: undefined,
    planOf: createPlanner(),
    pollDeadlineMs: 10_000,
    clock,
    onPolled: (polling) => told.push(polling),
    ...more,
  });
}

/** The objects that were asked for since the last call. */
function asked(): readonly string[] {
  return ups.requests.splice(0).flatMap(({ pdu }) => pdu.varBinds.map(({ oid }) => oid));
}

function valueOf(device: PolledDevice, metric: string): number | undefined {
  const { known } = device.state();
  const index = known?.readings.findIndex((reading) => reading.metric === metric) ?? -1;
  return known?.values[index];
}

beforeEach(() => {
  ({ profiles } = loadProfiles([`${folderWith({ 'test.yaml': PROFILE })}/test.yaml`]));
  clock = manualClock();
  told = [];
  ups = testDevice({
    '1.3.6.1.2.1.1.1.0': text('Test'),
    '1.3.6.1.2.1.1.3.0': ticks(1_000),
    [SOURCE]: integer(3),
    [RUNTIME]: integer(3_600),
    [LOAD_WATTS]: integer(50),
    [AGE]: integer(86_400),
  });
});

describe('the lanes of a device', () => {
  it('inventory is asked for now and then, and stands in between', async () => {
    const device = polled();
    await device.poll();
    asked();
    await clock.advance(10_000);
    await device.poll();
    expect(asked()).not.toContain(AGE);
    expect(valueOf(device, 'ups_battery_age_seconds')).toBe(86_400);
    ups.objects.set(AGE, integer(90_000));
    await clock.advance(600_000);
    await device.poll();
    expect(asked()).toContain(AGE);
    expect(valueOf(device, 'ups_battery_age_seconds')).toBe(90_000);
  });

  it('on battery it is asked every second for what matters then, and for nothing else', async () => {
    const device = polled();
    await device.poll();
    expect(device.fastAfterMs()).toBeUndefined();
    ups.objects.set(SOURCE, integer(5));
    await device.poll();
    expect(device.state().isFast).toBe(true);
    expect(device.fastAfterMs()).toBe(1_000);
    asked();
    ups.objects.set(RUNTIME, integer(1_200));
    await device.poll('fast');
    expect(asked()).toEqual(expect.arrayContaining([SOURCE, RUNTIME]));
    expect(asked()).not.toContain(LOAD_WATTS);
    expect(valueOf(device, 'ups_battery_runtime_seconds')).toBe(1_200);
    expect(valueOf(device, 'ups_output_hertz')).toBe(50);
    ups.objects.set(SOURCE, integer(3));
    await device.poll('fast');
    expect(device.fastAfterMs()).toBeUndefined();
  });

  it('is never asked more often where the site says that it bears it ill', async () => {
    const device = polled({ isFastAllowed: false });
    ups.objects.set(SOURCE, integer(5));
    await device.poll();
    expect([device.state().isFast, device.fastAfterMs()]).toEqual([true, undefined]);
  });

  it('a packet lost between two polls is no news', async () => {
    const device = polled();
    ups.objects.set(SOURCE, integer(5));
    await device.poll();
    ups.manners = () => undefined;
    expect(await device.poll('fast')).toBe(true);
    expect(device.state()).toMatchObject({ isUp: true, isFast: true });
    expect(valueOf(device, 'ups_output_source')).toBe(5);
  });

  it('tells which states a poll has changed, and no more', async () => {
    const device = polled();
    await device.poll();
    told.length = 0;
    ups.objects.set(RUNTIME, integer(100));
    await device.poll();
    ups.objects.set(SOURCE, integer(5));
    await device.poll();
    const changed = told.map((polling) =>
      polling.changed.map((index) => device.state().known?.readings[index]?.metric),
    );
    expect(changed).toEqual([[], ['ups_output_source']]);
  });

  it('long silent, it is asked less and less, until it answers', async () => {
    const device = polled();
    await device.poll();
    ups.manners = () => undefined;
    for (let poll = 0; poll < 6; poll += 1) {
      expect(device.isDue()).toBe(true);
      await device.poll();
    }
    expect(device.isDue()).toBe(false);
    await clock.advance(15_000);
    expect(device.isDue()).toBe(true);
    ups.manners = (_request, answer) => answer;
    await device.poll();
    expect([device.state().isUp, device.isDue()]).toEqual([true, true]);
  });
});

describe('a profile', () => {
  it('puts a reading in another lane than the catalogue does', async () => {
    const inOtherLanes = PROFILE.replace('ups_output_hertz,', 'ups_output_hertz, lane: slow,').replace(
      'ups_battery_age_seconds,',
      'ups_battery_age_seconds, lane: fast,',
    );
    ({ profiles } = loadProfiles([`${folderWith({ 'test.yaml': inOtherLanes })}/test.yaml`]));
    const device = polled();
    await device.poll();
    asked();
    ups.objects.set(SOURCE, integer(5));
    await device.poll();
    expect(asked()).not.toContain(LOAD_WATTS);
    await device.poll('fast');
    expect(asked()).toEqual([SOURCE, RUNTIME, AGE]);
  });
});

describe('one bad thing in an answer', () => {
  it.each([
    ['a text where a number belongs', text('not a number')],
    ['a number beyond all bounds', { kind: 'counter64', value: 0xffff_ffff_ffff_ffffn } as const],
    ['nothing', { kind: 'null' } as const],
    ['a date that is none', { kind: 'octets', value: Buffer.from('07ea13ff00ffff', 'hex') } as const],
  ])('%s costs no other reading', async (_what, value) => {
    const device = polled();
    await device.poll();
    ups.objects.set(LOAD_WATTS, value);
    await device.poll();
    expect(valueOf(device, 'ups_output_source')).toBe(3);
    expect(valueOf(device, 'ups_battery_runtime_seconds')).toBe(3_600);
    expect(valueOf(device, 'ups_battery_age_seconds')).toBe(86_400);
  });

  it('an object told twice costs no other reading', async () => {
    const device = polled();
    await device.poll();
    ups.manners = (request, answer) => {
      if (answer === undefined || request.pdu.kind !== 'get') return answer;
      const twice = request.pdu.varBinds.flatMap(({ oid }) => {
        const value = ups.objects.get(oid) ?? { kind: 'noSuchInstance' as const };
        return [
          { oid, value },
          { oid, value },
        ];
      });
      const { requestId } = request.pdu;
      return encodeMessage({
        ...request,
        pdu: { kind: 'response', requestId, errorStatus: 0, errorIndex: 0, varBinds: twice },
      });
    };
    await device.poll();
    expect(valueOf(device, 'ups_battery_runtime_seconds')).toBe(3_600);
    expect(valueOf(device, 'ups_output_hertz')).toBe(50);
  });
});
