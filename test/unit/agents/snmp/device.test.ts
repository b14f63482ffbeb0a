import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeMessage, ERROR_STATUS, type Message } from '../../../../agents/snmp/codec.ts';
import { createPolledDevice, type PolledDevice } from '../../../../agents/snmp/device.ts';
import { createPlanner } from '../../../../agents/snmp/plan.ts';
import type { Session } from '../../../../agents/snmp/session.ts';
import type { SnmpValue } from '../../../../agents/snmp/value.ts';
import { loadProfiles } from '../../../../config/profiles.ts';
import type { Profile } from '../../../../config/model/profile.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { folderWith } from '../../../support/folder.ts';
import {
  integer,
  sessionTo,
  testDevice,
  text,
  ticks,
  type TestDevice,
} from '../../../support/snmp-device.ts';

const UPTIME = '1.3.6.1.2.1.1.3.0';
const COUNT = '1.3.6.1.4.1.9999.1.0';
const VALUE = '1.3.6.1.4.1.9999.2.1.1';
const NAME = '1.3.6.1.4.1.9999.2.1.2';
const ALONE = '1.3.6.1.4.1.9999.3.0';

const PROFILE = `title: Test
match: [{ has: 1.3.6.1.4.1.9999 }]
changes_with: [${COUNT}]
values:
  - { metric: ups_battery_celsius, oid: ${ALONE}, invalid: [-1] }
tables:
  - entry: 1.3.6.1.4.1.9999.2.1
    labels: { sensor: [2, index] }
    values:
      - { metric: sensor_celsius, column: 1 }
`;

const OBJECTS: Readonly<Record<string, SnmpValue>> = {
  '1.3.6.1.2.1.1.1.0': text('Test device'),
  '1.3.6.1.2.1.1.2.0': { kind: 'oid', value: '1.3.6.1.4.1.9999' },
  [UPTIME]: ticks(1_000),
  [COUNT]: integer(2),
  [`${VALUE}.1`]: integer(21),
  [`${VALUE}.2`]: integer(35),
  [`${NAME}.1`]: text('Inlet'),
  [`${NAME}.2`]: text('Outlet'),
  [ALONE]: integer(25),
};

let profiles: readonly Profile[];
let clock: ManualClock;

function polled(
  device: TestDevice,
  named?: readonly string[],
  session: Session = sessionTo(device, { clock }),
): PolledDevice {
  return createPolledDevice({
    id: 'test',
    session,
    profiles,
    named,
    planOf: createPlanner(),
    pollDeadlineMs: 10_000,
    clock,
  });
}

/** What is told now: sensor (or metric) → value. */
function told(device: PolledDevice): Readonly<Record<string, number>> | undefined {
  const { known } = device.state();
  if (known === undefined) return undefined;
  const pairs = known.readings.map(
    ({ metric, labels }, index) => [labels['sensor'] ?? metric, known.values[index] ?? Number.NaN] as const,
  );
  return Object.fromEntries(pairs.filter(([, value]) => !Number.isNaN(value)));
}

const ALL = { Inlet: 21, Outlet: 35, ups_battery_celsius: 25 };
/** Exploring takes a few requests; a poll of so small a device takes one. */
const EXPLORES = 4;

beforeEach(() => {
  ({ profiles } = loadProfiles([`${folderWith({ 'test.yaml': PROFILE })}/test.yaml`]));
  clock = manualClock();
});

describe('a polled device', () => {
  it.each([
    ['refuses everything', { status: ERROR_STATUS.genErr, index: 0 }],
    ['finds every answer too big', { status: ERROR_STATUS.tooBig, index: 0 }],
    ['blames what was not asked', { status: ERROR_STATUS.genErr, index: 99 }],
  ])('that %s is not up, poll for poll, and comes back', async (_, { status, index }) => {
    const device = testDevice(OBJECTS);
    const manners = device.manners;
    device.manners = ({ version, community, pdu }) =>
      encodeMessage({
        version,
        community,
        pdu: {
          kind: 'response',
          requestId: pdu.requestId,
          errorStatus: status,
          errorIndex: index,
          varBinds: [],
        },
      });
    const own = polled(device);
    for (let count = 0; count < 8; count += 1) {
      expect(await own.poll()).toBe(false);
      expect(own.state().lastError).toContain('tells nothing');
    }
    device.manners = manners;
    expect(await own.poll()).toBe(true);
    expect(told(own)).toEqual(ALL);
  });

  it('is explored once and then asked in one GET', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    expect(poller.state()).toMatchObject({ isUp: false, hasBeenPolled: false });
    expect(await poller.poll()).toBe(true);
    expect(told(poller)).toEqual(ALL);
    expect(poller.state().known?.profiles).toEqual(['test']);
    device.requests.length = 0;
    device.objects.set(`${VALUE}.1`, integer(22));
    await poller.poll();
    expect(device.requests.map(({ pdu }) => pdu.kind)).toEqual(['get']);
    expect(told(poller)).toEqual({ ...ALL, Inlet: 22 });
    expect(poller.state()).toMatchObject({ isUp: true, lastAnswerAtMs: clock.nowMs(), lastError: undefined });
  });

  it('is read with the profiles that the site names, whatever it is', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device, []);
    await poller.poll();
    expect(told(poller)).toEqual({});
    expect(poller.state().isUp).toBe(true);
  });

  it('is down at the first missed poll, and nothing of it is known after the second', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    device.manners = () => undefined;
    const answeredAtMs = clock.nowMs();
    await clock.advance(10_000);
    expect(await poller.poll()).toBe(false);
    expect(poller.state()).toMatchObject({
      isUp: false,
      lastError: 'no answer',
      lastAnswerAtMs: answeredAtMs,
    });
    expect(told(poller)).toEqual(ALL);
    await poller.poll();
    expect(told(poller)).toBeUndefined();
    expect(poller.state().lastAnswerAtMs).toBe(answeredAtMs);
  });

  it('is asked one small question each time while it is silent, and read whole when it answers', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    const silence = (): undefined => undefined;
    const { manners } = device;
    device.manners = silence;
    for (let poll = 0; poll < 3; poll += 1) await poller.poll();
    device.requests.length = 0;
    await poller.poll();
    expect(device.requests.map(({ pdu }) => pdu.varBinds.map(({ oid }) => oid))).toEqual([[UPTIME]]);
    device.manners = manners;
    await poller.poll();
    expect(told(poller)).toEqual(ALL);
    expect(poller.state().isUp).toBe(true);
  });

  it('that has never answered is tried again', async () => {
    const device = testDevice(OBJECTS);
    const { manners } = device;
    device.manners = () => undefined;
    const poller = polled(device);
    for (let poll = 0; poll < 5; poll += 1) expect(await poller.poll()).toBe(false);
    device.manners = manners;
    expect(await poller.poll()).toBe(true);
    expect(told(poller)).toEqual(ALL);
  });

  it('that answers garbage is down and says so', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    device.manners = () => Uint8Array.of(0x30, 0x80, 1, 2, 3);
    await poller.poll();
    expect(poller.state()).toMatchObject({ isUp: false, lastError: 'answered, but not in valid SNMP' });
  });

  it('that cuts its answers is up, with what it told', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    device.manners = (_request, answer) => {
      // The last binding loses its type.
      if (answer !== undefined) answer[answer.length - 2] = 0x7f;
      return answer;
    };
    await poller.poll();
    expect(poller.state().isUp).toBe(true);
    expect(poller.state().lastError).toContain('not valid SNMP');
    expect(Object.keys(told(poller) ?? {})).toHaveLength(2);
  });

  it('has no reading where it has no value, never zero', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    device.objects.set(ALONE, integer(-1));
    device.objects.set(`${VALUE}.1`, { kind: 'null' });
    await poller.poll();
    expect(told(poller)).toEqual({ Outlet: 35 });
  });

  it('tells which of its tables could not be read to the end, and what is in the others', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    device.manners = (request, answer) =>
      request.pdu.varBinds.some(({ oid }) => oid === NAME) ? undefined : answer;
    await poller.poll();
    expect(told(poller)).toEqual({ '1': 21, '2': 35, ups_battery_celsius: 25 });
    expect(poller.state()).toMatchObject({
      isUp: true,
      lastError: `the column ${NAME} makes it fall silent`,
    });
  });

  it('is explored anew when it has restarted, before anything is told of its rows', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    // The rows have changed places, as they do.
    device.objects.set(UPTIME, ticks(5));
    device.objects.set(`${NAME}.1`, text('Outlet'));
    device.objects.set(`${NAME}.2`, text('Inlet'));
    await poller.poll();
    expect(told(poller)).toEqual({ ...ALL, Outlet: 21, Inlet: 35 });
  });

  it('is explored anew when its engine has started once more, whatever its uptime says', async () => {
    const device = testDevice(OBJECTS);
    let boots = 3;
    const session = Object.assign(sessionTo(device, { clock }), { boots: () => boots });
    const poller = polled(device, undefined, session);
    await poller.poll();
    boots = 4;
    device.objects.set(`${NAME}.1`, text('Outlet'));
    device.objects.set(`${NAME}.2`, text('Inlet'));
    await poller.poll();
    expect(told(poller)).toEqual({ ...ALL, Outlet: 21, Inlet: 35 });
  });

  it('takes what it hears without asking until the next poll, and only for readings that the device has', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    const news = {
      told: [
        { metric: 'ups_battery_celsius', value: 41 },
        { metric: 'ups_output_source', state: 'battery' },
      ],
      varBinds: [
        { oid: `${VALUE}.2`, value: integer(36) },
        { oid: `${NAME}.2`, value: text('Elsewhere') },
      ],
    } as const;
    expect(poller.hear(news)).toEqual([]);
    await poller.poll();
    expect(poller.hear(news)).toEqual(['ups_battery_celsius', 'sensor_celsius']);
    expect(told(poller)).toEqual({ Inlet: 21, Outlet: 36, ups_battery_celsius: 41 });
    await poller.poll();
    expect(told(poller)).toEqual(ALL);
  });

  it('believes what it hears while it is being read: the answer may be older than that', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    device.manners = (_request, answer) => {
      poller.hear({ told: [], varBinds: [{ oid: `${VALUE}.2`, value: integer(36) }] });
      return answer;
    };
    await poller.poll();
    expect(told(poller)).toEqual({ ...ALL, Outlet: 36 });
    device.manners = (_request, answer) => answer;
    await poller.poll();
    expect(told(poller)).toEqual(ALL);
  });

  it('that restarts and falls silent while it is explored tells nothing of the old rows', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    device.objects.set(UPTIME, ticks(5));
    device.requests.length = 0;
    device.manners = (_request, answer) => (device.requests.length > 1 ? undefined : answer);
    await poller.poll();
    expect(poller.state().isUp).toBe(true);
    expect(told(poller)).toBeUndefined();
  });

  it('is explored anew when its tables change, but not all the time', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    await poller.poll();
    device.objects.set(COUNT, integer(3));
    device.objects.set(`${VALUE}.3`, integer(40));
    device.objects.set(`${NAME}.3`, text('Roof'));
    await clock.advance(10_000);
    await poller.poll();
    device.requests.length = 0;
    await poller.poll();
    expect(device.requests).toHaveLength(1);
    await clock.advance(60_000);
    await poller.poll();
    expect(told(poller)).toEqual({ ...ALL, Roof: 40 });
  });

  it('is explored anew when a row is gone, a while later', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    device.objects.delete(`${VALUE}.2`);
    await poller.poll();
    expect(told(poller)).toEqual({ Inlet: 21, ups_battery_celsius: 25 });
    expect(poller.state().known?.readings).toHaveLength(3);
    await clock.advance(600_000);
    await poller.poll();
    expect(poller.state().known?.readings).toHaveLength(2);
  });

  it('is explored every day, and polled as it was known when that fails', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    await clock.advance(24 * 3_600_000);
    device.manners = (request, answer) => (request.pdu.kind === 'getBulk' ? undefined : answer);
    device.requests.length = 0;
    await poller.poll();
    expect(device.requests.length).toBeGreaterThan(EXPLORES);
    expect(told(poller)).toEqual(ALL);
    device.requests.length = 0;
    await poller.poll();
    expect(device.requests).toHaveLength(1);
  });

  it('is polled without an object that fails, which is looked for again later', async () => {
    const device = testDevice(OBJECTS);
    const poller = polled(device);
    await poller.poll();
    const { manners } = device;
    device.manners = (request, answer) => {
      const place = request.pdu.varBinds.findIndex(({ oid }) => oid === ALONE);
      return place < 0 ? answer : failure(request, place + 1);
    };
    await poller.poll();
    expect(told(poller)).toEqual({ Inlet: 21, Outlet: 35 });
    device.manners = manners;
    device.requests.length = 0;
    await poller.poll();
    expect(device.requests).toHaveLength(1);
    await clock.advance(600_000);
    await poller.poll();
    expect(told(poller)).toEqual(ALL);
  });

  it('survives whatever a device answers, and reads it again when it behaves', async () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.array(change, { maxLength: 3 })), async (changes) => {
        const device = testDevice(OBJECTS);
        const poller = polled(device);
        const { manners } = device;
        device.manners = (_request, answer) => mutated(answer, changes.next().value ?? []);
        for (let poll = 0; poll < 4; poll += 1) await poller.poll();
        expect(device.requests.length).toBeLessThan(2_000);
        device.manners = manners;
        await clock.advance(24 * 3_600_000);
        await poller.poll();
        expect(told(poller)).toEqual(ALL);
      }),
      { numRuns: 60 },
    );
  });
});

function mutated(
  answer: Uint8Array | undefined,
  changes: readonly { readonly at: number; readonly byte: number }[],
): Uint8Array | undefined {
  if (answer !== undefined) for (const { at, byte } of changes) answer[at % answer.length] = byte;
  return answer;
}

function failure(request: Message, errorIndex: number): Uint8Array {
  const { requestId, varBinds } = request.pdu;
  return encodeMessage({
    ...request,
    pdu: { kind: 'response', requestId, errorStatus: ERROR_STATUS.genErr, errorIndex, varBinds },
  });
}
