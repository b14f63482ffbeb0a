import { createSocket } from 'node:dgram';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAgent, type Agent } from '../../../../agents/agent.ts';
import { settingsBeside } from '../../../../agents/settings/beside.ts';
import { agentRoutes } from '../../../../collector/api/agents.ts';
import { writeRoutes } from '../../../../collector/api/write.ts';
import { createJoinedAgents, type JoinedAgents } from '../../../../collector/ingest/joined-agents.ts';
import { createReceiver, type Receiver } from '../../../../collector/ingest/receiver.ts';
import { createHead, type Head } from '../../../../collector/series/head.ts';
import { METRIC_NAME } from '../../../../config/model/labels.ts';
import { VERSION } from '../../../../config/runtime/version.ts';
import { apiSite } from '../../../support/api-site.ts';
import { eventually } from '../../../support/eventually.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { postgresProxy, type PostgresProxy } from '../../../support/postgres-proxy.ts';
import { silentLog } from '../../../support/silent-log.ts';
import {
  integer,
  onLoopback,
  testDevice,
  text,
  ticks,
  type TestDevice,
} from '../../../support/snmp-device.ts';
import { trapPacket } from '../../../support/traps.ts';

const OUTPUT_SOURCE = '1.3.6.1.2.1.33.1.4.1.0';
const ON_BATTERY_TRAP = '1.3.6.1.2.1.33.2.1';

interface Room {
  readonly clock: ManualClock;
  readonly ups: TestDevice;
  readonly agent: Agent;
  readonly agents: JoinedAgents;
  readonly receiver: Receiver;
  /** What lies between the agent and its collector. */
  readonly wire: PostgresProxy;
  /** Of the state in the collector's head: when it was told, and what. */
  readonly told: (state: string) => readonly (readonly [atMs: number, value: number])[];
  readonly own: (metric: string) => Promise<number>;
}

/** An agent that joined by a token and the receiver of a collector, on one clock. */
async function room(): Promise<Room> {
  const clock = manualClock();
  const head = createHead();
  const receiver = createReceiver({ head, clock, outOfOrderMs: () => 600_000 });
  let agents: JoinedAgents | undefined;
  const collector = await apiSite({
    plugins: ({ db }) => {
      agents = createJoinedAgents({ db, clock, head });
      return [
        agentRoutes({ db, clock, agents, zones: () => [] }),
        writeRoutes({ receiver, door: agents, log: silentLog() }),
      ];
    },
  });
  if (agents === undefined) throw new Error('the plugins were not asked for');
  const wire = await postgresProxy({
    host: '127.0.0.1',
    port: Number(new URL(await collector.listen()).port),
  });
  onTestFinished(() => wire.stop());
  const ups = testDevice({
    '1.3.6.1.2.1.1.1.0': text('Test device'),
    '1.3.6.1.2.1.1.3.0': ticks(100),
    '1.3.6.1.2.1.33.1.2.3.0': integer(48),
    [OUTPUT_SOURCE]: integer(3),
  });
  const port = await onLoopback(ups);
  const token = await agents.makeToken('default', { who: 'admin', origin: 'test' });
  const agent = await startAgent({
    settings: settingsBeside(
      folderWith({
        'site.yaml': `name: T\nrooms: [{ id: main, name: M }]\ndevices:\n  - { id: ups-a, name: U, kind: ups, room: main, snmp: { host: 127.0.0.1, port: ${port} } }\n`,
        'agent.yaml': `listen: 127.0.0.1:0\ntraps: 127.0.0.1:0\ncollector: { url: 'http://127.0.0.1:${wire.port}', name: far, join_token: ${token} }\n`,
      }),
      {},
    ),
    dataFolder: folderWith(),
    env: {},
    clock,
    log: silentLog(),
  });
  onTestFinished(() => agent.stop());
  const own = async (metric: string): Promise<number> => {
    const page = await (await fetch(`${agent.addresses['page']}/metrics`)).text();
    return Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(page)?.[1] ?? Number.NaN);
  };
  await eventually(async () => expect(await own('watchkeeper_agent_devices_up')).toBe(1));
  return { clock, ups, agent, agents, receiver, wire, own, told: (state) => toldOf(head, state) };
}

function toldOf(head: Head, state: string): readonly (readonly [number, number])[] {
  const labels = { [METRIC_NAME]: 'ups_output_source', device: 'ups-a', instance: 'far', state };
  const matchers = Object.entries(labels).map(([name, value]) => ({ name, op: '=' as const, value }));
  return [...head.select(matchers, 0, Number.MAX_SAFE_INTEGER)].flatMap(({ timesMs, values, start, end }) =>
    Array.from(
      { length: end - start },
      (_none, at) => [timesMs[start + at] ?? 0, values[start + at] ?? 0] as const,
    ),
  );
}

describe('an agent and its collector', () => {
  it('the spool empties after an outage: what happened in it is known by its own time, and nothing twice', async () => {
    const { clock, ups, wire, told, own, agents, receiver } = await room();
    await eventually(async () => {
      await clock.advance(1_000);
      expect(await agents.list()).toMatchObject([{ name: 'far', zone: 'default', version: VERSION }]);
      expect(receiver.counters.samples).toBeGreaterThan(0);
    });
    wire.goAway();
    ups.objects.set(OUTPUT_SOURCE, integer(5));
    const failedAtMs = clock.nowMs();
    await eventually(async () => {
      await clock.advance(1_000);
      expect(await own('watchkeeper_agent_spool_records')).toBeGreaterThan(4);
    });
    ups.objects.set(OUTPUT_SOURCE, integer(3));
    await clock.advance(11_000);
    const returnedAtMs = clock.nowMs();
    wire.comeBack();
    await eventually(async () => {
      await clock.advance(1_000);
      expect(await own('watchkeeper_agent_spool_records')).toBe(0);
      expect(await own('watchkeeper_agent_push_queue')).toBe(0);
      expect(told('battery').at(-1)?.[1]).toBe(0);
    });
    const times = told('battery').map(([atMs]) => atMs);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    const inOutage = told('battery').filter(([atMs]) => atMs >= failedAtMs && atMs <= returnedAtMs);
    expect(inOutage.filter(([, value]) => value === 1).length).toBeGreaterThan(1);
    expect(receiver.counters.refusedSamples).toBe(0);
  });

  it('what a trap tells is pushed at once, however slow the card is to answer', async () => {
    const { clock, ups, told, agent, own, receiver } = await room();
    await eventually(async () => {
      await clock.advance(1_000);
      expect(receiver.counters.samples).toBeGreaterThan(0);
    });
    const polls = await own('watchkeeper_agent_polls_total');
    ups.manners = () => undefined;
    const socket = createSocket('udp4');
    onTestFinished(() => void socket.close());
    const port = Number(agent.addresses['traps']?.split(':').at(-1));
    await new Promise<void>((sent) =>
      socket.send(trapPacket(ON_BATTERY_TRAP), port, '127.0.0.1', () => sent()),
    );
    await eventually(async () => {
      await clock.advance(20);
      expect(told('battery').at(-1)?.[1]).toBe(1);
    });
    expect(await own('watchkeeper_agent_polls_total')).toBe(polls);
  });
});
