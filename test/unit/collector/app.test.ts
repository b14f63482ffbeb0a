import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startCollector, type Collector } from '../../../collector/app.ts';
import { askControl } from '../../../collector/control.ts';
import type { ReceiversBody } from '../../../config/model/receivers-api.ts';
import type { LiveEntry, ServerMessage } from '../../../config/model/api.ts';
import { eventually } from '../../support/eventually.ts';
import { folderWith } from '../../support/folder.ts';
import { manualClock, type ManualClock } from '../../support/manual-clock.ts';
import { startPageServer, type PageServer } from '../../support/page-server.ts';
import { silentLog } from '../../support/silent-log.ts';

const SITE = `
name: Test
demonstration: true
rooms:
  - id: main
    name: Main
devices:
  - { id: ups-a, name: UPS A, kind: ups, room: main, snmp: { host: 127.0.0.1 } }
  - { id: leak-1, name: Leak, kind: leak, room: main, snmp: { host: 127.0.0.1 } }
`;

const PAGE = `device_up{device="ups-a"} 1
device_up{device="leak-1"} 1
ups_output_source{device="ups-a",state="normal"} 1
ups_output_source{device="ups-a",state="battery"} 0
ups_load_ratio{device="ups-a",line="1"} 0.4
leak_detected{device="leak-1"} 0
`;

let agent: PageServer;
let clock: ManualClock;
let configFolder: string;
let dataFolder: string;
let collector: Collector;
let page: string;
let cookie: string;

beforeEach(async () => {
  agent = await startPageServer(PAGE);
  clock = manualClock();
  configFolder = folderWith({ 'site.yaml': SITE });
  dataFolder = folderWith();
  collector = await startCollector({
    configFolder,
    dataFolder,
    env: {
      WATCHKEEPER_LISTEN: '127.0.0.1:0',
      WATCHKEEPER_AGENT_URL: agent.url,
      WATCHKEEPER_DEMO_LOGIN: '1',
    },
    clock,
    log: silentLog(),
  });
  page = collector.addresses['page'] ?? '';
  const { demoName: name, demoPassword: password } = collector.addresses;
  const answer = await fetch(`${page}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: page },
    body: JSON.stringify({ name, password }),
  });
  cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
});

afterEach(async () => {
  await collector.stop();
  await agent.stop();
});

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(page + path, { headers: { cookie } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Lets one more scrape happen. */
async function scraped(): Promise<void> {
  const before = agent.requests;
  await clock.advance(5_000);
  await eventually(() => expect(agent.requests).toBeGreaterThan(before));
}

async function live(headers: Record<string, string> = { cookie, origin: page }) {
  const socket = new WebSocket(`${page.replace('http', 'ws')}/api/live`, { headers });
  const values = new Map<string, LiveEntry[1]>();
  const seen = { closed: undefined as number | undefined, refused: undefined as number | undefined, values };
  socket.on('message', (bytes: Buffer) => {
    const message = JSON.parse(bytes.toString()) as ServerMessage;
    if (message.type === 'heartbeat') return;
    for (const [key, value] of message.entries) values.set(key, value);
  });
  socket.on('close', (code) => void (seen.closed = code));
  socket.on('unexpected-response', (_request, response) => void (seen.refused = response.statusCode));
  socket.on('open', () => socket.send('{"type":"subscribe","topics":["overview","device:ups-a"]}'));
  await eventually(() => expect(values.size > 0 || seen.refused !== undefined).toBe(true));
  return seen;
}

describe('a collector', () => {
  it('works once it has scraped its agent, and says why when it does not', async () => {
    expect(await get('/healthz')).toEqual({
      status: 503,
      body: { isWorking: false, faults: ['agent local: not scraped yet'] },
    });
    await scraped();
    await eventually(async () => expect((await get('/healthz')).status).toBe(200));
    agent.answer = (response) => response.destroy();
    await scraped();
    await eventually(async () => expect((await get('/healthz')).status).toBe(503));
  });

  it('shows a room that is alive', async () => {
    const { values } = await live();
    expect(values.get('device/ups-a')).toMatchObject({ state: { kind: 'starting' } });
    await scraped();
    await eventually(() => expect(values.get('device/ups-a')).toMatchObject({ state: { kind: 'ok' } }));
    expect(values.get('readings/ups-a')).toMatchObject({ readings: [{ state: 'normal' }, { value: 0.4 }] });
    agent.page = PAGE.replace('"normal"} 1', '"normal"} 0').replace('"battery"} 0', '"battery"} 1');
    await scraped();
    await eventually(() =>
      expect(values.get('device/ups-a')).toMatchObject({ state: { kind: 'alarmed', severity: 'critical' } }),
    );
    agent.answer = (response) => response.destroy();
    await scraped();
    await eventually(() =>
      expect(values.get('device/ups-a')).toMatchObject({
        state: { kind: 'unknown', reason: 'agent_silent' },
      }),
    );
    expect(values.get('watcher')).toMatchObject({ agents: [{ name: 'local', isUp: false }] });
  });

  it('raises the alarm of a shipped rule, shows it and keeps it in the history', async () => {
    const { values } = await live();
    agent.page = PAGE.replace('"normal"} 1', '"normal"} 0').replace('"battery"} 0', '"battery"} 1');
    const alerts = (): unknown[] =>
      [...values].filter(([key]) => key.startsWith('alert/')).map(([, value]) => value);
    await eventually(async () => {
      await scraped();
      expect(alerts()).toMatchObject([{ name: 'UpsOnBattery', device: 'ups-a', phase: { kind: 'firing' } }]);
    });
    expect((await get('/api/alerts')).body).toMatchObject({ alerts: [{ name: 'UpsOnBattery' }] });
    expect((await get('/api/alerts/history')).body).toMatchObject({ entries: [{ transition: 'fired' }] });
    expect(values.get('watcher')).toMatchObject({ faults: [] });
  });

  it('answers PromQL on what it has scraped', async () => {
    await scraped();
    await eventually(async () => {
      const { body } = await get('/api/v1/query?query=sum(device_up)');
      expect(body).toMatchObject({
        status: 'success',
        data: { result: [{ value: [expect.any(Number), '2'] }] },
      });
    });
    expect((await get('/api/v1/rules')).body).toMatchObject({ status: 'success' });
  });

  it('lets nobody look who is not signed in or comes from another site', async () => {
    expect((await live({ origin: page })).refused).toBe(401);
    expect((await live({ cookie, origin: 'http://evil.example' })).refused).toBe(403);
    expect((await fetch(`${page}/api/site`)).status).toBe(401);
    expect((await fetch(`${page}/-/reload`, { method: 'POST', headers: { origin: page } })).status).toBe(401);
  });

  it('closes the live socket of who signs out', async () => {
    const seen = await live();
    await fetch(`${page}/api/session`, { method: 'DELETE', headers: { cookie, origin: page } });
    await eventually(() => expect(seen.closed).toBe(4401));
  });

  it('takes a new configuration on, and a faulty one not at all', async () => {
    const { values } = await live();
    writeFileSync(join(configFolder, 'site.yaml'), `${SITE}\nunknown: 1\n`);
    await expect(collector.reload()).rejects.toThrow('unknown');
    expect((await get('/api/site')).body['devices']).toHaveLength(2);
    writeFileSync(join(configFolder, 'site.yaml'), SITE.replace(/.*leak-1.*\n/, ''));
    const answer = await fetch(`${page}/-/reload`, { method: 'POST', headers: { cookie, origin: page } });
    expect(answer.status).toBe(200);
    await eventually(() => expect(values.get('device/leak-1')).toBeNull());
    expect((await get('/api/site')).body['devices']).toHaveLength(1);
  });

  it('goes on telling by the old routes where the new ones are wrong, and names file and line', async () => {
    const notify = (receiver: string): string =>
      `receivers: [{ name: desk, mail: [desk@x.example] }]\nroute:\n  receiver: ${receiver}\n`;
    writeFileSync(join(configFolder, 'notify.yaml'), notify('desk'));
    await collector.reload();
    writeFileSync(join(configFolder, 'notify.yaml'), notify('nobody'));
    await expect(collector.reload()).rejects.toThrow(
      /notify\.yaml:3: route\.receiver: there is no receiver nobody/,
    );
    const { body } = await get('/api/receivers');
    expect((body as unknown as ReceiversBody).receivers.map(({ name }) => name)).toEqual(['desk']);
    agent.page = PAGE.replace('leak_detected{device="leak-1"} 0', 'leak_detected{device="leak-1"} 1');
    await eventually(async () => {
      await scraped();
      const { body: outbox } = await get('/api/outbox');
      expect(JSON.stringify(outbox)).toContain('desk@x.example');
    });
  });

  it('answers the command line', async () => {
    const path = join(dataFolder, 'collector.sock');
    expect(await askControl(path, 'status')).toEqual({ faults: ['agent local: not scraped yet'] });
    expect(await askControl(path, 'reload')).toEqual({});
  });

  it('leaves nothing behind when it stops, and its folder to the next', async () => {
    const seen = await live();
    await collector.stop();
    await eventually(() => expect(seen.closed).toBe(1001));
    await expect(fetch(page)).rejects.toThrow();
    const next = await startCollector({
      configFolder,
      dataFolder,
      env: { WATCHKEEPER_LISTEN: '127.0.0.1:0', WATCHKEEPER_AGENT_URL: agent.url },
      clock,
      log: silentLog(),
    });
    expect(next.addresses['firstRunPath']).toMatch(/^\/first-run#/);
    await next.stop();
  });

  it('does not start on a folder that another one holds, and leaves that one alone', async () => {
    const second = startCollector({
      configFolder,
      dataFolder,
      env: { WATCHKEEPER_LISTEN: '127.0.0.1:0' },
      clock,
      log: silentLog(),
    });
    await expect(second).rejects.toMatchObject({ code: 'already_running' });
    expect((await get('/api/site')).status).toBe(200);
  });

  it('frees what it had begun when its address is taken', async () => {
    const folder = folderWith();
    const deps = { configFolder, dataFolder: folder, clock, log: silentLog() };
    const taken = { WATCHKEEPER_LISTEN: new URL(page).host };
    await expect(startCollector({ ...deps, env: taken })).rejects.toMatchObject({ code: 'port_in_use' });
    const next = await startCollector({ ...deps, env: { WATCHKEEPER_LISTEN: '127.0.0.1:0' } });
    await next.stop();
  });
});
