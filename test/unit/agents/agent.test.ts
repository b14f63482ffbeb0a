import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { element, integerElement, TAG } from '../../../agents/snmp/ber.ts';
import { PDU_TAG } from '../../../agents/snmp/codec.ts';
import { encodeOid } from '../../../agents/snmp/oid.ts';
import { openV3 } from '../../../agents/snmp/v3/message.ts';
import { REPORT } from '../../../agents/snmp/v3/reports.ts';
import { seal } from '../../../agents/snmp/v3/seal.ts';
import { FAMILIES, startAgent, type Agent } from '../../../agents/agent.ts';
import { settingsBeside } from '../../../agents/settings/beside.ts';
import type { AgentDeviceBody } from '../../../config/model/agent-api.ts';
import { METRICS } from '../../../config/model/metrics.ts';
import type { Log } from '../../../config/runtime/log.ts';
import { eventually } from '../../support/eventually.ts';
import { folderWith } from '../../support/folder.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { integer, onLoopback, testDevice, text, ticks } from '../../support/snmp-device.ts';
import { createSnmpd, SNMPD } from '../../support/snmpd.ts';
import { programPath } from '../../support/system.ts';

const PROMTOOL = programPath('promtool');

const siteOf = (devices: string): string =>
  `name: Test\nrooms: [{ id: main, name: Main }]\ndevices:\n${devices}\n`;
const device = (id: string, port: number, more = ''): string =>
  `  - { id: ${id}, name: ${id}, kind: other, room: main, snmp: { host: 127.0.0.1, port: ${port}${more} } }`;

interface Started {
  readonly agent: Agent;
  readonly clock: ManualClock;
  readonly folder: string;
  /** The lines of the page that begin so. */
  readonly lines: (beginning: string) => Promise<readonly string[]>;
  readonly device: (id: string) => Promise<AgentDeviceBody>;
}

async function started(
  files: Readonly<Record<string, string>>,
  { log = silentLog(), env = {} }: { log?: Log; env?: Record<string, string> } = {},
): Promise<Started> {
  const folder = folderWith({ 'agent.yaml': 'listen: 127.0.0.1:0\ntraps: 127.0.0.1:0\n', ...files });
  const clock = manualClock();
  const agent = await startAgent({ settings: settingsBeside(folder, env), env, clock, log });
  onTestFinished(() => agent.stop());
  const page = agent.addresses['page'] ?? '';
  return {
    agent,
    clock,
    folder,
    async lines(beginning) {
      const body = await (await fetch(`${page}/metrics`)).text();
      return body.split('\n').filter((line) => line.startsWith(beginning));
    },
    async device(id) {
      return (await (await fetch(`${page}/devices/${id}`)).json()) as AgentDeviceBody;
    },
  };
}

const SYSTEM = {
  '1.3.6.1.2.1.1.1.0': text('Test device'),
  '1.3.6.1.2.1.1.3.0': ticks(100),
  '1.3.6.1.2.1.1.5.0': text('test-1'),
};
const UPS = { ...SYSTEM, '1.3.6.1.2.1.33.1.2.3.0': integer(48), '1.3.6.1.2.1.33.1.4.1.0': integer(3) };

describe.skipIf(SNMPD === undefined)('a real agent of net-snmp', () => {
  it('is polled; stopped, it is down and then nothing is known of it; back, it is read again', async () => {
    const snmpd = await createSnmpd(folderWith());
    await snmpd.start();
    onTestFinished(() => snmpd.kill());
    const { lines, clock } = await started({ 'site.yaml': siteOf(device('real', snmpd.port)) });
    await eventually(async () => expect(await lines('device_up{')).toEqual(['device_up{device="real"} 1']));
    expect(await lines('device_info')).toEqual([expect.stringContaining('system_name="test-snmpd"')]);
    expect(await lines('interface_up{device="real",interface="lo"}')).toEqual([
      'interface_up{device="real",interface="lo"} 1',
    ]);
    expect(await lines('host_memory_size_bytes')).toHaveLength(1);

    await snmpd.kill();
    for (const isForgotten of [false, true]) {
      await clock.advance(10_000);
      await clock.advance(2_000);
      await clock.advance(2_000);
      await eventually(async () => expect(await lines('device_up{')).toEqual(['device_up{device="real"} 0']));
      expect((await lines('interface_up')).length === 0).toBe(isForgotten);
      await clock.advance(6_000);
    }
    const left = (await lines('')).filter((line) => line.includes('device="real"'));
    expect(left.filter((line) => !line.startsWith('site_device_info'))).toEqual([
      'device_up{device="real"} 0',
    ]);

    await snmpd.start();
    await clock.advance(10_000);
    await eventually(async () => expect(await lines('device_up{')).toEqual(['device_up{device="real"} 1']));
    await eventually(async () => expect(await lines('interface_up')).not.toEqual([]));
  }, 30_000);
});

/** A device of version 3 that knows no user. */
async function refusingPort(): Promise<number> {
  const engineId = Buffer.from('80001f8803010203040506', 'hex');
  const socket = createSocket('udp4');
  socket.on('message', (packet, { port, address }) => {
    const { messageId, user } = openV3(packet);
    const oid = user === '' ? REPORT.unknownEngine : REPORT.unknownUser;
    const zero = integerElement(TAG.integer, 0);
    const binding = element(TAG.sequence, element(TAG.oid, encodeOid(oid)), integerElement(TAG.counter32, 1));
    const pdu = element(PDU_TAG.report, zero, zero, zero, element(TAG.sequence, binding));
    const scoped = { contextEngineId: engineId, context: '', pdu };
    const head = { messageId, user, isReportable: false, engineId, boots: 1, time: 1, keys: {} };
    socket.send(seal({ ...head, scoped }), port, address);
  });
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound));
  onTestFinished(() => new Promise<void>((closed) => socket.close(() => closed())));
  return socket.address().port;
}

describe('the agent', () => {
  it('shows what a device tells, with where each number comes from', async () => {
    const port = await onLoopback(testDevice(UPS));
    const { lines, ...agent } = await started({ 'site.yaml': siteOf(device('ups-a', port)) });
    await eventually(async () =>
      expect(await lines('ups_battery_runtime')).toEqual([
        'ups_battery_runtime_seconds{device="ups-a"} 2880',
      ]),
    );
    expect(await lines('ups_output_source')).toContain('ups_output_source{device="ups-a",state="normal"} 1');
    const body = await agent.device('ups-a');
    expect(body).toMatchObject({ id: 'ups-a', isUp: true, profiles: ['ups-mib', 'system'] });
    expect(body.readings).toContainEqual({
      metric: 'ups_output_source',
      labels: {},
      value: 3,
      state: 'normal',
      source: '1.3.6.1.2.1.33.1.4.1.0',
      atMs: agent.clock.nowMs(),
    });
    expect(body.exchanges[0]).toMatchObject({ request: expect.stringMatching(/^GET \d+ objects/) as string });
  });

  it('says nothing of a device before it has tried it, and 0 when it does not answer', async () => {
    const silent = testDevice({});
    silent.manners = () => undefined;
    const port = await onLoopback(silent);
    const { lines, clock, ...agent } = await started({ 'site.yaml': siteOf(device('gone', port)) });
    expect(await lines('device_up{')).toEqual([]);
    await eventually(() => expect(silent.requests).toHaveLength(1));
    await clock.advance(2_000);
    await clock.advance(2_000);
    await eventually(async () => expect(await lines('device_up{')).toEqual(['device_up{device="gone"} 0']));
    expect(await agent.device('gone')).toMatchObject({ isUp: false, lastError: 'no answer', readings: [] });
    expect(await lines('watchkeeper_agent_polls_missed_total')).toEqual([
      'watchkeeper_agent_polls_missed_total 1',
    ]);
  });

  it('says why a device cannot be read: a community that it does not know is silence, a wrong user is told', async () => {
    const { clock, ...agent } = await started(
      {
        'site.yaml': siteOf(
          [
            device('deaf', 9, ', timeout_ms: 50, retries: 0'),
            device('refusing', await refusingPort(), ', user: stranger'),
            device('unused', 9, ', optional: true, timeout_ms: 50, retries: 0'),
          ].join('\n'),
        ),
      },
      {},
    );
    await eventually(async () => {
      await clock.advance(50);
      expect(await agent.device('deaf')).toMatchObject({ fault: 'no_answer', lastError: 'no answer' });
    });
    await eventually(async () =>
      expect(await agent.device('refusing')).toMatchObject({
        fault: 'unknown_user',
        lastError: 'the user is unknown to it',
      }),
    );
    expect((await agent.device('unused')).fault).toBeUndefined();
  });

  it('does not miss an optional device that has never answered', async () => {
    const silent = testDevice({});
    silent.manners = () => undefined;
    const port = await onLoopback(silent);
    const { lines, clock } = await started({
      'site.yaml': siteOf(device('maybe', port, ', optional: true')),
    });
    await eventually(() => expect(silent.requests).toHaveLength(1));
    await clock.advance(2_000);
    await clock.advance(2_000);
    await eventually(async () =>
      expect(await lines('watchkeeper_agent_polls_missed_total')).toEqual([
        'watchkeeper_agent_polls_missed_total 1',
      ]),
    );
    expect(await lines('device_up{')).toEqual([]);
  });

  it('reads its own host, which is up whether or not its SNMP agent is', async () => {
    const port = await onLoopback(testDevice(SYSTEM));
    const local = `  - { id: here, name: H, kind: server, room: main, local: true, snmp: { host: 127.0.0.1, port: ${port}, optional: true } }`;
    const { lines, ...agent } = await started({ 'site.yaml': siteOf(local) });
    await eventually(async () => expect(await lines('device_up{')).toEqual(['device_up{device="here"} 1']));
    expect(await lines('node_load1{')).toHaveLength(1);
    await eventually(async () => expect(await lines('device_uptime_seconds')).toHaveLength(1));
    expect(await lines('device_info')).toHaveLength(1);
    const { readings } = await agent.device('here');
    expect(readings.some(({ source }) => source === 'host')).toBe(true);
  });

  it('asks the simulated devices where the lab says that they are', async () => {
    const port = await onLoopback(testDevice(UPS));
    const site = `demonstration: true\n${siteOf('  - { id: ups-a, name: U, kind: ups, room: main, lab: ups-a }')}`;
    const env = { WATCHKEEPER_LAB_PORTS: JSON.stringify({ 'ups-a': port }) };
    const { lines } = await started({ 'site.yaml': site }, { env });
    await eventually(async () => expect(await lines('device_up{')).toEqual(['device_up{device="ups-a"} 1']));
  });

  it('reads a new configuration without forgetting the devices that stay', async () => {
    const [stays, comes] = [testDevice(UPS), testDevice(UPS)];
    const stayPort = await onLoopback(stays);
    const { lines, agent, folder } = await started({
      'site.yaml': siteOf([device('goes', 9), device('stays', stayPort)].join('\n')),
    });
    await eventually(async () => expect(await lines('device_up{device="stays"}')).toHaveLength(1));
    stays.manners = () => undefined;
    const site = siteOf([device('stays', stayPort), device('comes', await onLoopback(comes))].join('\n'));
    writeFileSync(join(folder, 'site.yaml'), site);
    const reloading = agent.reload?.();
    await eventually(async () => {
      expect(await lines('ups_battery_runtime_seconds')).toEqual([
        'ups_battery_runtime_seconds{device="stays"} 2880',
        'ups_battery_runtime_seconds{device="comes"} 2880',
      ]);
    });
    await reloading;
    expect(await lines('device_up{device="goes"}')).toEqual([]);
  });

  it('goes on as it was when a new configuration has faults', async () => {
    const port = await onLoopback(testDevice(UPS));
    const { lines, agent, folder } = await started({ 'site.yaml': siteOf(device('ups-a', port)) });
    await eventually(async () => expect(await lines('device_up{')).toHaveLength(1));
    writeFileSync(join(folder, 'site.yaml'), siteOf(device('ups-a', 0)));
    await expect(agent.reload?.()).rejects.toMatchObject({ code: 'config_invalid' });
    expect(await lines('device_up{')).toEqual(['device_up{device="ups-a"} 1']);
  });

  it('tells a profile that has faults, and reads with the others', async () => {
    const port = await onLoopback(testDevice(UPS));
    const told: unknown[] = [];
    const log = { ...silentLog(), warn: (fields: unknown) => told.push(fields) };
    const { lines } = await started(
      {
        'site.yaml': siteOf(device('ups-a', port)),
        'profiles/mine.yaml':
          'title: Mine\nmatch: [{ has: 1.3.6.1 }]\nvalues:\n  - { metric: ups_alarms, oid: nowhere }\n',
      },
      { log: log as Log },
    );
    expect(told).toEqual([
      { fault: expect.stringMatching(/mine\.yaml:4: .*nowhere is no object identifier$/) as string },
    ]);
    expect(await lines('watchkeeper_agent_profile_faults')).toEqual(['watchkeeper_agent_profile_faults 1']);
    await eventually(async () => expect(await lines('device_up{')).toEqual(['device_up{device="ups-a"} 1']));
  });

  it('reads with a profile of the site in place of the shipped one of that name', async () => {
    const port = await onLoopback(testDevice(UPS));
    const mine = `title: Mine
match: [{ has: 1.3.6.1.2.1.33.1 }]
values:
  - { metric: ups_battery_runtime_seconds, oid: 1.3.6.1.2.1.33.1.2.3.0 }
`;
    const { lines } = await started({
      'site.yaml': siteOf(device('ups-a', port)),
      'profiles/ups-mib.yaml': mine,
    });
    await eventually(async () =>
      expect(await lines('ups_battery_runtime')).toEqual(['ups_battery_runtime_seconds{device="ups-a"} 48']),
    );
  });

  it('counts what came that nobody asked for', async () => {
    const odd = testDevice(UPS);
    odd.manners = (_request, answer) => answer?.subarray(0, 20);
    const port = await onLoopback(odd);
    const { lines, clock, ...agent } = await started({ 'site.yaml': siteOf(device('odd', port)) });
    const dropped = 'watchkeeper_agent_snmp_answers_dropped_total{reason="malformed"}';
    await eventually(async () => expect(await lines(dropped)).toEqual([`${dropped} 1`]));
    await clock.advance(2_000);
    await eventually(async () => expect(await lines(dropped)).toEqual([`${dropped} 2`]));
    await clock.advance(2_000);
    await eventually(async () => expect(await lines('device_up{')).toEqual(['device_up{device="odd"} 0']));
    expect((await agent.device('odd')).lastError).toBe('answered, but not in valid SNMP');
  });

  it('stops while devices are silent', async () => {
    const silent = testDevice({});
    silent.manners = () => undefined;
    const port = await onLoopback(silent);
    const { agent } = await started({ 'site.yaml': siteOf(device('gone', port)) });
    await eventually(() => expect(silent.requests).toHaveLength(1));
    await agent.stop();
    await expect(fetch(`${agent.addresses['page']}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('leaves nothing open when its address is taken', async () => {
    const { agent, folder } = await started({ 'site.yaml': siteOf(device('a', 9)) });
    const listen = (agent.addresses['page'] ?? '').replace('http://', '');
    const env = { WATCHKEEPER_AGENT_LISTEN: listen };
    await expect(
      startAgent({
        settings: settingsBeside(folder, env),
        env,
        clock: manualClock(),
        log: silentLog(),
      }),
    ).rejects.toMatchObject({ code: 'port_in_use' });
  });
});

describe('the names on the page', () => {
  it('stand once each, and those of the catalogue first', () => {
    expect([...FAMILIES.keys()].slice(0, Object.keys(METRICS).length)).toEqual(Object.keys(METRICS));
  });

  it.skipIf(PROMTOOL === undefined)('pass promtool, but for those that node_exporter gave', () => {
    const own = [...FAMILIES].filter(([name]) => !name.startsWith('node_'));
    const page = own.map(
      ([name, { type, help }]) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${type === 'histogram' ? `${name}_bucket{le="+Inf"} 1\n${name}_sum 1\n${name}_count` : name} 1\n`,
    );
    const output = execFileSync(PROMTOOL ?? '', ['check', 'metrics'], {
      input: page.join(''),
      encoding: 'utf8',
    });
    expect(output).toBe('');
  });
});
