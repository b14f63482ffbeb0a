import { describe, expect, it, onTestFinished } from 'vitest';
import { startCollector } from '../../../collector/app.ts';
import { METRIC_NAME } from '../../../config/model/labels.ts';
import { systemClock } from '../../../config/runtime/system-clock.ts';
import { encodeWrite, REMOTE_WRITE_HEADERS } from '../../../config/wire/remote-write.ts';
import { eventually } from '../../support/eventually.ts';
import { folderWith } from '../../support/folder.ts';
import { startPageServer } from '../../support/page-server.ts';
import { startPrometheus, startVictoria } from '../../support/peers.ts';
import { silentLog } from '../../support/silent-log.ts';
import { programPath } from '../../support/system.ts';

const SITE = `
name: Test
demonstration: true
rooms: [{ id: main, name: Main }]
devices:
  - { id: s-1, name: Smoke, kind: smoke, room: main, snmp: { host: 127.0.0.1 } }
  - { id: l-1, name: Leak, kind: leak, room: main, snmp: { host: 127.0.0.1 } }
`;
const PAGE = 'device_up{device="s-1"} 1\ndevice_up{device="l-1"} 1\n';
const TOKEN = 'the-token-of-the-agent-beside-it';

const ENGINES = [
  ['prometheus', () => startPrometheus('storage: { tsdb: { out_of_order_time_window: 1d } }'), '0s'],
  ['victoria-metrics', startVictoria, '2s'],
] as const;

/** A collector whose rules and pages ask the engine. */
async function collectorOn(url: string, visibleAfter: string) {
  const agent = await startPageServer(PAGE);
  onTestFinished(() => agent.stop());
  const collector = await startCollector({
    configFolder: folderWith({
      'site.yaml': SITE,
      'collector.yaml': `scrape_interval: 1s
remote_write: { url: '${url}/api/v1/write', labels: { site: test } }
query: { url: '${url}', visible_after: ${visibleAfter}, timeout: 3s }
`,
    }),
    dataFolder: folderWith(),
    env: {
      WATCHKEEPER_LISTEN: '127.0.0.1:0',
      WATCHKEEPER_AGENT_URL: agent.url,
      WATCHKEEPER_AGENT_TOKEN: TOKEN,
      WATCHKEEPER_DEMO_LOGIN: '1',
    },
    clock: systemClock,
    log: silentLog(),
  });
  onTestFinished(() => collector.stop());
  const { page = '', push = page, demoName: name, demoPassword: password } = collector.addresses;
  const answer = await fetch(`${page}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: page },
    body: JSON.stringify({ name, password }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return {
    async get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
      const told = await fetch(page + path, { headers: { cookie } });
      return { status: told.status, body: (await told.json()) as Record<string, unknown> };
    },
    async push(metric: string, labels: Readonly<Record<string, string>>, value: number): Promise<void> {
      const series = [
        {
          labels: { [METRIC_NAME]: metric, ...labels },
          timesMs: [Date.now()],
          values: Float64Array.of(value),
        },
      ];
      const headers = { ...REMOTE_WRITE_HEADERS, authorization: `Bearer ${TOKEN}` };
      const body = Buffer.from(encodeWrite(series));
      const told = await fetch(`${push}/api/v1/write`, { method: 'POST', headers, body });
      expect(told.status).toBe(204);
    },
  };
}

type Site = Awaited<ReturnType<typeof collectorOn>>;

async function firing(site: Site): Promise<readonly string[]> {
  const { body } = await site.get('/api/v1/alerts');
  const { alerts } = body['data'] as { alerts: { labels: Record<string, string>; state: string }[] };
  return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname'] ?? '');
}

const queryOf = (query: string): string => `/api/v1/query?query=${encodeURIComponent(query)}`;

describe.each(ENGINES)('a collector whose engine is %s', (name, start, visibleAfter) => {
  it.skipIf(programPath(name) === undefined)(
    'judges what is pushed by the engine, reads pages from it, and goes on without it',
    async () => {
      const engine = await start();
      let isThere = true;
      const stop = async (): Promise<void> => {
        if (isThere) await engine.stop();
        isThere = false;
      };
      onTestFinished(stop);
      const site = await collectorOn(engine.url, visibleAfter);
      await eventually(async () => expect((await site.get('/healthz')).body['faults']).toEqual([]));

      await site.push('smoke_detected', { device: 's-1', sensor: 'Smoke' }, 1);
      // What the engine does not show in time is judged with the next interval.
      await eventually(async () => expect(await firing(site)).toContain('SmokeDetected'));
      // Not from memory: that would be a fault.
      expect((await site.get('/healthz')).body['faults']).toEqual([]);
      const told = await fetch(`${engine.url}${queryOf('smoke_detected')}&nocache=1`);
      expect(JSON.stringify(await told.json())).toContain('"site":"test"');

      const { body } = await site.get(queryOf('sum by (device, site) (smoke_detected)'));
      expect(body).toMatchObject({ status: 'success', data: { result: [{ metric: { device: 's-1' } }] } });
      expect(JSON.stringify(body)).not.toContain('"site"');
      const series = await site.get('/api/v1/series?match[]=smoke_detected');
      expect(series.body['data']).toMatchObject([
        { __name__: 'smoke_detected', device: 's-1', sensor: 'Smoke' },
      ]);
      expect((await site.get('/api/v1/labels')).body['data']).not.toContain('site');
      expect((await site.get('/api/v1/label/sensor/values')).body['data']).toEqual(['Smoke']);
      expect((await site.get(queryOf('sum by ('))).status).toBe(400);

      await stop();
      await site.push('leak_detected', { device: 'l-1', sensor: 'Rope' }, 1);
      await eventually(async () => expect(await firing(site)).toContain('WaterLeak'));
      expect(await firing(site)).toContain('SmokeDetected');
      const without = await site.get(queryOf('smoke_detected'));
      expect(without).toMatchObject({ status: 503, body: { status: 'error', errorType: 'unavailable' } });
    },
    60_000,
  );
});
