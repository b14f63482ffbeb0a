import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { agentDevices } from '../../../../collector/api/agent-device.ts';
import { deviceRoutes } from '../../../../collector/api/devices.ts';
import { joinSeries } from '../../../../collector/series/history/joined.ts';
import { createHead } from '../../../../collector/series/head.ts';
import type { Site } from '../../../../config/model/site.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';

const SITE: Site = {
  name: { 'zh-CN': '机房', en: 'Room' },
  isDemonstration: false,
  timeZone: 'UTC',
  rooms: [
    { id: 'main', name: { 'zh-CN': '主机房', en: 'Main' }, rows: [] },
    { id: 'empty', name: { 'zh-CN': '空', en: 'Empty' }, rows: [] },
  ],
  devices: [
    deviceIn('main', 'ups-a', 'A1'),
    deviceIn('main', 'ups-b'),
    // No part of it is an expression.
    deviceIn('main', 'ups.c'),
  ],
};

const DEVICE = {
  id: 'ups-a',
  isUp: true,
  profiles: ['ups-mib'],
  readings: [],
  exchanges: [{ atMs: 1, durationMs: 2, request: 'get', outcome: '3 values' }],
  fault: 'wrong_password',
  traps: [
    {
      firstAtMs: 1,
      lastAtMs: 2,
      count: 3,
      version: '2c',
      isInform: false,
      oid: '1.3.6.1.2.1.33.2.1',
      metrics: [],
      varBinds: [],
    },
  ],
};

/** An agent that answers `/devices/ID` with this text. */
async function agent(text: string, status = 200): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(text));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

function deviceIn(room: string, id: string, rack?: string): Site['devices'][number] {
  const name = { 'zh-CN': id, en: id };
  const own = { id, name, kind: 'ups', layer: 'facility', room, feeds: [] } as const;
  return rack === undefined ? own : { ...own, mount: { rack, unit: 1, height: 1 } };
}

async function site(agentUrls: readonly string[] = []) {
  const head = createHead();
  for (let atMs = 0; atMs <= 20_000; atMs += 5_000) {
    head.append(
      { __name__: 'ups_battery_volts', job: 'agent', instance: 'local', device: 'ups-a' },
      atMs,
      atMs / 1000,
    );
    const labels = { __name__: 'ups_battery_volts', job: 'agent', instance: 'local' };
    head.append({ ...labels, device: 'ups-b' }, atMs, 100 + atMs / 1000);
    // Not of the room, though its name looks like one that is.
    head.append({ ...labels, device: 'upsxc' }, atMs, -1);
    if (atMs === 10_000) head.append({ ...labels, device: 'ups.c' }, atMs, 13);
  }
  const own = await apiSite({
    plugins: () => [
      deviceRoutes({
        series: joinSeries({ head, history: undefined, headFromMs: () => 0, maxSamples: 1e6 }),
        site: () => SITE,
        scrapeIntervalMs: () => 5_000,
        readings: (device) => (device === 'ups-a' ? { device, readings: [] } : undefined),
        askAgent: agentDevices(() => agentUrls.map((url) => ({ job: 'agent', instance: 'local', url }))),
      }),
    ],
  });
  const cookie = await own.cookieOf(await own.account('operator'));
  return async (path: string) => {
    const answer = await own.api.inject({ url: path, headers: { ...FROM_PAGE, cookie } });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
}

describe('the routes of a device', () => {
  it('tell its readings', async () => {
    expect(await (await site())('/api/devices/ups-a/readings')).toEqual({
      status: 200,
      body: { device: 'ups-a', readings: [] },
    });
  });

  it('draw its chart', async () => {
    const get = await site();
    const { body } = await get('/api/devices/ups-a/chart?metric=ups_battery_volts&fromMs=5000&toMs=15000');
    expect(body).toEqual({ timesMs: [5_000, 10_000, 15_000], lines: [{ labels: {}, values: [5, 10, 15] }] });
  });

  it('draw a room: each device, all as one with the least and the greatest, or a rack', async () => {
    const get = await site();
    const path = '/api/rooms/main/chart?metric=ups_battery_volts&fromMs=5000&toMs=15000';
    expect((await get(path)).body['lines']).toEqual([
      { labels: { device: 'ups-a' }, values: [5, 10, 15] },
      { labels: { device: 'ups-b' }, values: [105, 110, 115] },
      { labels: { device: 'ups.c' }, values: [null, 13, null] },
    ]);
    expect((await get(`${path}&spread=one`)).body['lines']).toEqual([
      {
        labels: {},
        values: [55, 133 / 3, 65],
        band: { min: [5, 10, 15], max: [105, 110, 115] },
      },
    ]);
    expect((await get(`${path}&rack=A1`)).body['lines']).toEqual([
      { labels: { device: 'ups-a' }, values: [5, 10, 15] },
    ]);
    expect((await get(path.replace('volts', 'celsius'))).body['lines']).toEqual([]);
    expect((await get(`${path.replace('volts', 'celsius')}&spread=one`)).body['lines']).toEqual([]);
    for (const nowhere of [`${path}&rack=Z9`, path.replace('main', 'empty'), path.replace('main', 'none')])
      expect((await get(nowhere)).status).toBe(404);
    expect((await get(path.replace('toMs=15000', 'toMs=5000'))).status).toBe(400);
  });

  it.each([
    'metric=m&fromMs=5000&toMs=5000',
    'metric=m&fromMs=5000&toMs=4000',
    'metric=m&fromMs=-1&toMs=4000',
    'metric=m&fromMs=0&toMs=1e300',
    'metric=&fromMs=0&toMs=1',
    'fromMs=0&toMs=1',
    'metric=m&fromMs=0&toMs=1&more=1',
  ])('refuse the chart %s', async (query) => {
    const { status, body } = await (await site())(`/api/devices/ups-a/chart?${query}`);
    expect(status).toBe(400);
    expect(body['faults']).not.toEqual([]);
  });

  it.each(['readings', 'chart?metric=m&fromMs=0&toMs=1', 'debug'])(
    'know no %s of a device that is none',
    async (what) => {
      expect((await (await site())(`/api/devices/nobody/${what}`)).status).toBe(404);
      expect((await (await site())(`/api/devices/..%2f..%2fetc/${what}`)).status).toBe(400);
    },
  );

  it('draw a year in as many points as a page can show', async () => {
    const { body } = await (await site())('/api/devices/ups-a/chart?metric=m&fromMs=0&toMs=31536000000');
    expect(body['timesMs']).toHaveLength(399);
  });

  it('pass on what the agent knows', async () => {
    const get = await site([await agent('gone', 404), await agent(JSON.stringify(DEVICE))]);
    expect(await get('/api/devices/ups-a/debug')).toEqual({
      status: 200,
      body: {
        profiles: ['ups-mib'],
        exchanges: DEVICE.exchanges,
        fault: 'wrong_password',
        traps: DEVICE.traps,
      },
    });
  });

  it.each([
    ['something else', '{"id":"ups-a"}', 200],
    ['no JSON', '<html>', 200],
    ['an error', '{}', 500],
  ])('say so when the agent answers %s', async (_, text, status) => {
    const answer = await (await site([await agent(text, status)]))('/api/devices/ups-a/debug');
    expect(answer).toMatchObject({ status: 502, body: { code: 'scrape_failed' } });
    expect(JSON.stringify(answer.body)).not.toContain('127.0.0.1');
  });
});
