import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAgent } from '../../../../agents/agent.ts';
import { settingsBeside } from '../../../../agents/settings/beside.ts';
import type { AgentDeviceBody } from '../../../../config/model/agent-api.ts';
import type { AgentTrapsBody, TrapView } from '../../../../config/model/traps.ts';
import { eventually } from '../../../support/eventually.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { silentLog } from '../../../support/silent-log.ts';
import {
  gauge,
  integer,
  onLoopback,
  testDevice,
  text,
  ticks,
  type TestDevice,
} from '../../../support/snmp-device.ts';
import { programPath } from '../../../support/system.ts';

const SNMPTRAP = programPath('snmptrap');
const SNMPINFORM = programPath('snmpinform');

const SYSTEM = { '1.3.6.1.2.1.1.1.0': text('Test device'), '1.3.6.1.2.1.1.3.0': ticks(100) };
const UPS = {
  ...SYSTEM,
  '1.3.6.1.2.1.33.1.2.3.0': integer(48),
  '1.3.6.1.2.1.33.1.4.1.0': integer(3),
};
const SWITCH = {
  ...SYSTEM,
  '1.3.6.1.2.1.2.1.0': integer(2),
  ...Object.fromEntries(
    [1, 2].flatMap((port) => [
      [`1.3.6.1.2.1.2.2.1.2.${port}`, text(`port ${port}`)],
      [`1.3.6.1.2.1.2.2.1.8.${port}`, integer(1)],
      [`1.3.6.1.2.1.2.2.1.10.${port}`, gauge(0)],
    ]),
  ),
};

interface Site {
  readonly clock: ManualClock;
  readonly device: TestDevice;
  /** Where traps go. */
  readonly to: string;
  readonly body: () => Promise<AgentDeviceBody>;
  readonly sources: () => Promise<AgentTrapsBody['sources']>;
  readonly metrics: (beginning: string) => Promise<readonly string[]>;
  /** How often the device was asked for its state. */
  readonly polls: () => number;
}

/** An agent with one device, which is polled and then rests until the clock is moved. */
async function site(objects: Parameters<typeof testDevice>[0], snmp = '', ip = '127.0.0.1'): Promise<Site> {
  const device = testDevice(objects);
  const port = await onLoopback(device);
  const configFolder = folderWith({
    'agent.yaml': 'listen: 127.0.0.1:0\ntraps: 127.0.0.1:0\n',
    'site.yaml': `name: Test
rooms: [{ id: main, name: Main }]
devices:
  - { id: dut, name: Device, kind: other, room: main, snmp: { host: ${ip}, port: ${port}${snmp} } }
`,
  });
  const clock = manualClock();
  const env = { SIGN: 'signing secret', HIDE: 'hiding secret' };
  const agent = await startAgent({
    settings: settingsBeside(configFolder, env),
    dataFolder: folderWith(),
    env,
    clock,
    log: silentLog(),
  });
  onTestFinished(() => agent.stop());
  const { page = '', traps = '' } = agent.addresses;
  const get = async (path: string) => (await fetch(`${page}${path}`)).text();
  return {
    clock,
    device,
    to: traps,
    body: async () => JSON.parse(await get('/devices/dut')) as AgentDeviceBody,
    sources: async () => (JSON.parse(await get('/traps')) as AgentTrapsBody).sources,
    metrics: async (beginning) =>
      (await get('/metrics')).split('\n').filter((line) => line.startsWith(beginning)),
    polls: () =>
      device.requests.filter(
        ({ pdu }) => pdu.kind === 'get' && pdu.varBinds.some(({ oid }) => oid === '1.3.6.1.2.1.1.3.0'),
      ).length,
  };
}

const ready = ({ body }: Site): Promise<void> =>
  eventually(async () => expect((await body()).readings).not.toEqual([]));

const run = promisify(execFile);
const send = (program: string | undefined, ...args: readonly string[]) =>
  run(program ?? 'snmptrap', args, {
    env: { ...process.env, MIBS: '', SNMP_PERSISTENT_DIR: folderWith() },
  });

const first = async ({ body }: Site): Promise<TrapView> => {
  const [trap] = await eventually(async () => {
    const { traps } = await body();
    expect(traps).not.toEqual([]);
    return traps;
  });
  if (trap === undefined) throw new Error('there is no trap');
  return trap;
};

const ON_BATTERY = '1.3.6.1.2.1.33.2.1';
const RUNTIME = ['1.3.6.1.2.1.33.1.2.3.0', 'i', '31'];

describe.skipIf(SNMPTRAP === undefined)("traps of net-snmp's own sender", () => {
  it('in version 2c set the state that they tell, and the device is read at once', async () => {
    const ups = await site(UPS, ', community: secret-1');
    ups.device.manners = (_request, answer) => answer;
    await ready(ups);
    const polls = ups.polls();
    ups.device.manners = () => undefined;
    await send(SNMPTRAP, '-v2c', '-c', 'secret-1', ups.to, '', ON_BATTERY, ...RUNTIME);
    expect(await first(ups)).toMatchObject({
      version: '2c',
      isInform: false,
      name: 'upsTrapOnBattery',
      metrics: ['ups_output_source', 'ups_battery_runtime_seconds'],
      varBinds: [{ oid: '1.3.6.1.2.1.33.1.2.3.0', value: '31' }],
    });
    expect(await ups.metrics('ups_output_source{device="dut",state="battery"}')).toEqual([
      'ups_output_source{device="dut",state="battery"} 1',
    ]);
    expect(await ups.metrics('ups_battery_runtime')).toEqual([
      'ups_battery_runtime_seconds{device="dut"} 1860',
    ]);
    await eventually(() => expect(ups.polls()).toBe(polls + 1));
  });

  it('in version 1 mean what they mean in version 2c', async () => {
    const ups = await site(UPS);
    await ready(ups);
    await send(
      SNMPTRAP,
      '-v1',
      '-c',
      'any',
      ups.to,
      '1.3.6.1.2.1.33.2',
      '10.0.0.9',
      '6',
      '1',
      '77',
      ...RUNTIME,
    );
    const trap = await first(ups);
    expect(trap).toMatchObject({ version: '1', oid: '1.3.6.1.2.1.33.2.0.1', name: 'upsTrapOnBattery' });
    expect(trap.varBinds).toEqual([
      { oid: '1.3.6.1.2.1.33.1.2.3.0', value: '31' },
      { oid: '1.3.6.1.6.3.18.1.3.0', value: '10.0.0.9' },
      { oid: '1.3.6.1.6.3.1.1.4.3.0', value: '1.3.6.1.2.1.33.2' },
    ]);
  });

  it('of a link are about the port that they name', async () => {
    const box = await site(SWITCH);
    await ready(box);
    box.device.manners = () => undefined;
    await send(
      SNMPTRAP,
      '-v1',
      '-c',
      'any',
      box.to,
      '1.3.6.1.4.1.9',
      '',
      '2',
      '0',
      '77',
      '1.3.6.1.2.1.2.2.1.1.2',
      'i',
      '2',
    );
    expect(await first(box)).toMatchObject({ name: 'linkDown', metrics: ['interface_up'] });
    expect(await box.metrics('interface_up')).toEqual([
      'interface_up{device="dut",interface="port 1"} 1',
      'interface_up{device="dut",interface="port 2"} 0',
    ]);
  });

  it('with a community that is not the device’s are shown, and change nothing', async () => {
    const ups = await site(UPS, ', community: secret-1');
    await ready(ups);
    const polls = ups.polls();
    await send(SNMPTRAP, '-v2c', '-c', 'secret-2', ups.to, '', ON_BATTERY);
    expect(await first(ups)).toMatchObject({ refusal: 'wrong_community', metrics: [] });
    expect(await ups.metrics('ups_output_source{device="dut",state="battery"}')).toEqual([
      'ups_output_source{device="dut",state="battery"} 0',
    ]);
    expect(ups.polls()).toBe(polls);
    expect(JSON.stringify([await ups.body(), await ups.sources()])).not.toContain('secret');
  });

  it('of somebody unknown are recorded, not obeyed', async () => {
    const ups = await site(UPS, '', '127.0.0.2');
    await send(SNMPTRAP, '-v2c', '-c', 'public', ups.to, '', ON_BATTERY);
    await eventually(async () => expect(await ups.sources()).toHaveLength(1));
    expect(await ups.sources()).toMatchObject([
      {
        address: '127.0.0.1',
        refusal: 'unknown_source',
        count: 1,
        oid: ON_BATTERY,
        name: 'upsTrapOnBattery',
      },
    ]);
    expect((await ups.body()).traps).toEqual([]);
    expect(await ups.metrics('watchkeeper_agent_traps_total')).toContain(
      'watchkeeper_agent_traps_total{result="refused"} 1',
    );
  });

  it('as informs in version 2c are acknowledged', async () => {
    const ups = await site(UPS);
    await ready(ups);
    await send(SNMPINFORM, '-v2c', '-c', 'any', '-r', '0', '-t', '5', ups.to, '', ON_BATTERY);
    expect(await first(ups)).toMatchObject({ isInform: true, name: 'upsTrapOnBattery' });
  });

  const V3 =
    ', user: watchkeeper, auth: { protocol: sha256, password: { env: SIGN } }, privacy: { protocol: aes128, password: { env: HIDE } }';
  const AS = (user: string, sign: string, hide: string): readonly string[] =>
    `-v3 -u ${user} -l authPriv -a SHA-256 -A|${sign}|-x AES -X|${hide}|-r 0 -t 2`
      .split('|')
      .flatMap((part) => (part.startsWith('-') ? part.split(' ') : [part]));
  const ENGINE = ['-e', '0x80001f8803010203040506'];

  it('in version 3 are taken from the device’s user', async () => {
    const ups = await site(UPS, V3);
    await send(
      SNMPTRAP,
      ...AS('watchkeeper', 'signing secret', 'hiding secret'),
      ...ENGINE,
      ups.to,
      '',
      ON_BATTERY,
    );
    expect(await first(ups)).toMatchObject({ version: '3', name: 'upsTrapOnBattery', isInform: false });
  });

  it('as informs in version 3 find this agent’s engine and are acknowledged', async () => {
    const ups = await site(UPS, V3);
    await send(SNMPINFORM, ...AS('watchkeeper', 'signing secret', 'hiding secret'), ups.to, '', ON_BATTERY);
    expect(await first(ups)).toMatchObject({ version: '3', isInform: true });
    expect(await ups.sources()).toEqual([]);
  });

  it.each([
    ['another user', AS('somebody', 'signing secret', 'hiding secret'), 'unknown_user'],
    ['a wrong password', AS('watchkeeper', 'not the secret', 'hiding secret'), 'wrong_password'],
    [
      'less than the user’s level',
      ['-v3', '-u', 'watchkeeper', '-l', 'noAuthNoPriv', '-r', '0', '-t', '1'],
      'wrong_level',
    ],
  ])('in version 3 with %s are refused', async (_what, as, refusal) => {
    const ups = await site(UPS, V3);
    await send(SNMPTRAP, ...as, ...ENGINE, ups.to, '', ON_BATTERY);
    await eventually(async () => expect(await ups.sources()).toMatchObject([{ refusal }]));
    expect((await ups.body()).traps).toEqual([]);
    await expect(send(SNMPINFORM, ...as, ups.to, '', ON_BATTERY)).rejects.toThrow();
  });

  it('in version 2c from a device of version 3 are refused', async () => {
    const ups = await site(UPS, V3);
    await send(SNMPTRAP, '-v2c', '-c', 'public', ups.to, '', ON_BATTERY);
    expect(await first(ups)).toMatchObject({ refusal: 'wrong_version' });
  });
});
