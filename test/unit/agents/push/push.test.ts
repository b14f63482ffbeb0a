import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAgent, type Agent } from '../../../../agents/agent.ts';
import { settingsBeside } from '../../../../agents/settings/beside.ts';
import { formatLabels, METRIC_NAME } from '../../../../config/model/labels.ts';
import { decodeWrite, DEFAULT_WRITE_LIMITS, labelsOf } from '../../../../config/wire/remote-write.ts';
import { eventually } from '../../../support/eventually.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { silentLog } from '../../../support/silent-log.ts';
import {
  integer,
  onLoopback,
  testDevice,
  text,
  ticks,
  type TestDevice,
} from '../../../support/snmp-device.ts';

const OUTPUT_SOURCE = '1.3.6.1.2.1.33.1.4.1.0';
const UPS = {
  '1.3.6.1.2.1.1.1.0': text('Test device'),
  '1.3.6.1.2.1.1.3.0': ticks(100),
  '1.3.6.1.2.1.33.1.2.3.0': integer(48),
  [OUTPUT_SOURCE]: integer(3),
};

/** A collector that notes each sample that it takes, as the page would show it. */
interface Collector {
  readonly url: string;
  readonly samples: { readonly line: string; readonly atMs: number }[];
  readonly tokens: Set<string | undefined>;
  status: number;
  requests: number;
}

async function collector(): Promise<Collector> {
  const samples: Collector['samples'] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      one.requests += 1;
      one.tokens.add(request.headers.authorization);
      if (one.status === 204) take(Buffer.concat(parts), samples);
      response.writeHead(one.status).end('so it is');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const one: Collector = {
    url: `http://127.0.0.1:${port}`,
    samples,
    tokens: new Set(),
    status: 204,
    requests: 0,
  };
  return one;
}

function take(body: Buffer, into: Collector['samples']): void {
  const { series, timesMs, values } = decodeWrite(body);
  for (const { key, start } of series) {
    const labels = labelsOf(key, DEFAULT_WRITE_LIMITS);
    if (typeof labels === 'string') throw new Error(labels);
    const { [METRIC_NAME]: name = '', ...rest } = labels;
    const line = `${name}${formatLabels(rest)} ${values[start]}`;
    if (!line.startsWith('watchkeeper_')) into.push({ line, atMs: timesMs[start] ?? 0 });
  }
}

interface Room {
  readonly agent: Agent;
  readonly clock: ManualClock;
  readonly ups: TestDevice;
  readonly data: string;
  readonly lines: (beginning: string) => Promise<readonly string[]>;
}

async function room(to: Collector, more = '', data = folderWith()): Promise<Room> {
  const ups = testDevice(UPS);
  const port = await onLoopback(ups);
  const folder = folderWith({
    'site.yaml': `name: T\nrooms: [{ id: main, name: M }]\ndevices:\n  - { id: ups-a, name: U, kind: ups, room: main, snmp: { host: 127.0.0.1, port: ${port} } }\n`,
    'agent.yaml': `listen: 127.0.0.1:0\ntraps: false\ncollector: { url: '${to.url}', token: secret-token${more} }\n`,
  });
  const clock = manualClock();
  const agent = await startAgent({
    settings: settingsBeside(folder, {}),
    dataFolder: data,
    env: {},
    clock,
    log: silentLog(),
  });
  onTestFinished(() => agent.stop());
  const lines = async (beginning: string): Promise<readonly string[]> => {
    const page = await (await fetch(`${agent.addresses['page']}/metrics`)).text();
    return page.split('\n').filter((line) => line.startsWith(beginning));
  };
  await eventually(async () => expect(await lines('device_up{')).toEqual(['device_up{device="ups-a"} 1']));
  return { agent, clock, ups, data, lines };
}

async function failMains({ ups, clock }: Room, source = 5): Promise<void> {
  ups.objects.set(OUTPUT_SOURCE, integer(source));
  await clock.advance(10_000);
}

const stateLines = (samples: Collector['samples']): readonly string[] =>
  samples.map(({ line }) => line).filter((line) => /^ups_output_source.*"(normal|battery)"/.test(line));

describe('pushing to the collector', () => {
  it('tells a changed state at once, as the page shows it, with the token', async () => {
    const to = await collector();
    const { lines, clock, ...one } = await room(to);
    await clock.advance(1_000);
    to.samples.length = 0;
    await failMains({ lines, clock, ...one });
    const shown = await lines('ups_output_source');
    await eventually(async () => {
      await clock.advance(20);
      expect(stateLines(to.samples)).toHaveLength(2);
    });
    for (const line of stateLines(to.samples)) expect(shown).toContain(line);
    expect(stateLines(to.samples)).toContain('ups_output_source{device="ups-a",state="battery"} 1');
    expect(to.samples.some(({ line }) => line.startsWith('ups_battery_runtime'))).toBe(false);
    expect([...to.tokens]).toEqual(['Bearer secret-token']);
  });

  it('pushes every poll whole where nobody may reach the agent', async () => {
    const to = await collector();
    const { clock } = await room(to, ', only_push: true');
    await eventually(async () => {
      await clock.advance(1_000);
      expect(to.samples.map(({ line }) => line)).toContain(
        'ups_battery_runtime_seconds{device="ups-a"} 2880',
      );
    });
  });

  it('keeps on disk what the collector does not take, and sends it in order when it does', async () => {
    const to = await collector();
    const one = await room(to);
    await one.clock.advance(30);
    to.status = 503;
    await failMains(one);
    await eventually(async () => {
      await one.clock.advance(20);
      expect(await one.lines('watchkeeper_agent_collector_up')).toEqual(['watchkeeper_agent_collector_up 0']);
    });
    to.samples.length = 0;
    for (let poll = 0; poll < 3; poll += 1) await one.clock.advance(10_000);
    await eventually(async () => {
      await one.clock.advance(1_000);
      const [line = ''] = await one.lines('watchkeeper_agent_spool_records');
      expect(Number(line.split(' ')[1])).toBeGreaterThan(2);
    });
    to.status = 204;
    await eventually(async () => {
      await one.clock.advance(1_000);
      expect(await one.lines('watchkeeper_agent_spool_records')).toEqual([
        'watchkeeper_agent_spool_records 0',
      ]);
    });
    const times = to.samples
      .filter(({ line }) => line.startsWith('ups_output_source') && line.includes('"battery"'))
      .map(({ atMs }) => atMs);
    expect(times.length).toBeGreaterThan(2);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it('does not send again what the collector calls wrong', async () => {
    const to = await collector();
    const one = await room(to);
    await one.clock.advance(1_000);
    to.status = 400;
    await failMains(one);
    await eventually(async () => {
      await one.clock.advance(20);
      expect(await one.lines('watchkeeper_agent_pushes_refused_total')).not.toEqual([
        'watchkeeper_agent_pushes_refused_total 0',
      ]);
    });
    expect(await one.lines('watchkeeper_agent_collector_up')).toEqual(['watchkeeper_agent_collector_up 1']);
    expect(await one.lines('watchkeeper_agent_spool_records')).toEqual(['watchkeeper_agent_spool_records 0']);
  });

  it('goes on after a restart with what had waited', async () => {
    const to = await collector();
    const one = await room(to);
    await one.clock.advance(30);
    to.status = 503;
    await failMains(one);
    await eventually(async () => {
      await one.clock.advance(20);
      expect(await one.lines('watchkeeper_agent_collector_up')).toEqual(['watchkeeper_agent_collector_up 0']);
    });
    await one.agent.stop();
    to.status = 204;
    to.samples.length = 0;
    await room(to, '', one.data);
    await eventually(() =>
      expect(stateLines(to.samples)).toContain('ups_output_source{device="ups-a",state="battery"} 1'),
    );
  });
});

describe('joining a collector', () => {
  it('exchanges a token that is good once for a credential, which it keeps for itself alone', async () => {
    const joins: (string | undefined)[] = [];
    const writes = new Set<string | undefined>();
    const server = createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        const isJoin = request.url === '/api/agents/join';
        if (isJoin) joins.push(request.headers.authorization);
        else writes.add(request.headers.authorization);
        response.writeHead(isJoin ? 200 : 204);
        response.end(isJoin ? JSON.stringify({ credential: 'its-own', zone: 'inner' }) : undefined);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const data = folderWith();
    for (let start = 0; start < 2; start += 1) {
      const clock = manualClock();
      const agent = await startAgent({
        settings: settingsBeside(
          folderWith({
            'site.yaml': 'name: T\nrooms: [{ id: main, name: M }]\ndevices: []\n',
            'agent.yaml': `listen: 127.0.0.1:0\ntraps: false\ncollector: { url: '${url}', join_token: once }\n`,
          }),
          {},
        ),
        dataFolder: data,
        env: {},
        clock,
        log: silentLog(),
      });
      writes.clear();
      await eventually(async () => {
        await clock.advance(10_000);
        expect([...writes]).toEqual(['Bearer its-own']);
      });
      await agent.stop();
    }
    expect(joins).toEqual(['Bearer once']);
    expect(statSync(join(data, 'agent-credential')).mode & 0o777).toBe(0o600);
  });
});
