import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { startGrowth } from '../../../../collector/growth/growth.ts';
import { createAsking } from '../../../../collector/promql/elsewhere/asking.ts';
import { openElsewhere } from '../../../../collector/promql/elsewhere/open.ts';
import { engineRoom } from '../../../../collector/promql/elsewhere/room.ts';
import type { Queries } from '../../../../collector/promql/worker/queries.ts';
import { createHead, type Head } from '../../../../collector/series/head.ts';
import type { EngineGrowth } from '../../../../config/model/growth-api.ts';
import { systemClock } from '../../../../config/runtime/system-clock.ts';
import { encodeWrite, REMOTE_WRITE_HEADERS } from '../../../../config/wire/remote-write.ts';
import { eventually } from '../../../support/eventually.ts';
import { httpPeer } from '../../../support/http-peer.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { startPrometheus, startVictoria, type Peer } from '../../../support/peers.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { programPath } from '../../../support/system.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Growth with an engine elsewhere, of what a head has of the last hour. */
function growthWith(url: string, nowMs: number) {
  const head = createHead();
  for (let atMs = nowMs - HOUR_MS + 10_000; atMs <= nowMs; atMs += 10_000) {
    for (const name of ['watts', 'volts']) head.append({ __name__: name, device: 'ups-a' }, atMs, atMs % 7);
    if (atMs % 60_000 === 0) head.append({ __name__: 'watts', device: 'ups-b' }, atMs, 1);
  }
  const clock = manualClock(nowMs);
  const settings = { url, timeoutMs: 10_000, visibleAfterMs: 0 };
  const elsewhere = openElsewhere({
    settings,
    own: { site: 'a' },
    memoryMs: () => HOUR_MS,
    deliver: async () => true,
    clock,
  });
  const growth = startGrowth({
    history: undefined,
    elsewhere,
    head,
    settings: () => undefined,
    queries: elsewhere.queries({} as Queries),
    clock,
    log: silentLog(),
    usedMetrics: () => new Set(['watts']),
  });
  onTestFinished(async () => {
    await growth.stop();
    elsewhere.stop();
  });
  return { growth, head, clock };
}

/** What the engine has of before: it grew by 24 MB a day, and a storage by half a percent. */
async function write({ url, name, nowMs }: { url: string; name: string; nowMs: number }): Promise<void> {
  const line = (length: number, stepMs: number, valueAt: (backMs: number) => number) => {
    const backs = Array.from({ length }, (_none, at) => (length - 1 - at) * stepMs);
    return { timesMs: backs.map((backMs) => nowMs - backMs), values: Float64Array.from(backs, valueAt) };
  };
  const stored = line(2 * 24 * 12, 300_000, (backMs) => 1e9 - (backMs / HOUR_MS) * 1e6);
  const used = line(30 * 24, HOUR_MS, (backMs) => 0.8 - (backMs / DAY_MS) * 0.005);
  const series = [
    { labels: { __name__: 'watchkeeper_query_engine_stored_bytes', site: 'a' }, ...stored },
    { labels: { __name__: 'host_storage_used_ratio', device: 'nas-1', site: 'a' }, ...used },
  ];
  const body = Buffer.from(encodeWrite(series));
  const answer = await fetch(`${url}/api/v1/write`, { method: 'POST', headers: REMOTE_WRITE_HEADERS, body });
  expect(answer.ok).toBe(true);
  if (name === 'victoria-metrics') await (await fetch(`${url}/internal/force_flush`)).text();
}

const ENGINES = [
  {
    name: 'prometheus',
    start: () => startPrometheus('storage: { tsdb: { out_of_order_time_window: 40d } }'),
    keepMs: 15 * DAY_MS,
    tellsFree: false,
  },
  { name: 'victoria-metrics', start: startVictoria, keepMs: 100 * 365 * DAY_MS, tellsFree: true },
] as const;

const NOBODY: EngineGrowth = { host: '' };
const thisMinuteMs = (): number => Math.floor(systemClock.nowMs() / 60_000) * 60_000;
const namesIn = (head: Head) => head.labelValues('__name__');

describe.each(ENGINES)('growth with $name as the engine', ({ name, start, keepMs, tellsFree }) => {
  let engine: (Peer & { readonly url: string }) | undefined;
  afterAll(async () => engine?.stop());

  it.skipIf(programPath(name) === undefined)(
    'tells what the engine says of its room, and what fills up',
    async () => {
      engine = await start();
      const { url } = engine;
      const nowMs = thisMinuteMs();
      await write({ url, name, nowMs });
      const { growth, head, clock } = growthWith(url, nowMs);
      await eventually(async () => {
        await clock.advance(60_000);
        expect((await growth.body()).forecasts).not.toEqual([]);
      }, 20_000);
      const { engine: told = NOBODY, forecasts } = await growth.body();
      const { storedBytes, series, bytesPerDay = 0, freeBytes } = told;
      expect(told).toMatchObject({ host: new URL(url).host, keepMs });
      expect(storedBytes).toBeGreaterThanOrEqual(0);
      expect(series).toBeGreaterThanOrEqual(2);
      expect(bytesPerDay / 24e6).toBeCloseTo(1, 1);
      expect(freeBytes !== undefined).toBe(tellsFree);
      if (freeBytes !== undefined) expect(told.daysLeft).toBeCloseTo(freeBytes / bytesPerDay, 6);
      expect(forecasts[0]).toMatchObject({ kind: 'storage', labels: { device: 'nas-1' } });
      expect(forecasts[0]?.daysLeft).toBeCloseTo(40, 0);
      expect(namesIn(head)).toContain('watchkeeper_query_engine_stored_bytes');
      expect(namesIn(head).includes('watchkeeper_query_engine_free_bytes')).toBe(tellsFree);
    },
    60_000,
  );
});

it('tells what devices and metrics cost by what is in memory, as if the last hour were a day', async () => {
  const peer = await httpPeer(() => ({ status: 404, body: '' }));
  const { growth } = growthWith(peer.url, thisMinuteMs());
  const { devices, metrics } = await growth.body();
  expect(devices.map((share) => share.name)).toEqual(['ups-a', 'ups-b']);
  expect((devices[0]?.samplesPerDay ?? 0) / (2 * 8_640)).toBeCloseTo(1, 1);
  expect(metrics.map((share) => [share.name, share.series, share.isUnused])).toEqual([
    ['watts', 2, false],
    ['volts', 1, true],
  ]);
});

it('says so where the engine tells nothing of its room, and is not held to be away for that', async () => {
  const peer = await httpPeer(({ url }) =>
    url.includes('/api/v1/query')
      ? { body: '{"status":"success","data":{"resultType":"vector","result":[]}}' }
      : { status: 404, body: 'no such page' },
  );
  const { growth, clock } = growthWith(peer.url, thisMinuteMs());
  await eventually(async () => {
    await clock.advance(60_000);
    expect((await growth.body()).engine).toEqual({ host: new URL(peer.url).host });
  });
});

it.each([
  ['nothing', '', '', {}],
  ['no page of figures', '<html>vm_data_size_bytes</html>', '[1]', {}],
  [
    'numbers that are none',
    'vm_data_size_bytes{type="x"} many\nvm_free_disk_space_bytes -1',
    '{"data":{"totalSeries":"9"}}',
    {},
  ],
  [
    'figures',
    'vm_data_size_bytes{type="a"} 5\nvm_data_size_bytes{type="b"} 6e3\nvm_free_disk_space_bytes{path="/"} 1000\nvm_free_disk_space_limit_bytes{path="/"} 4000\nflag{name="retentionPeriod", value="2", is_set="true"} 1\n',
    '{"data":{"totalSeries":9}}',
    { storedBytes: 6_005, freeBytes: 0, series: 9, keepMs: 62 * DAY_MS },
  ],
])('%s is read from what an engine shows', async (_what, page, status, room) => {
  expect(await engineRoom(async (path) => (path === 'metrics' ? page : status))).toEqual(room);
});

it('a page of an engine that is not there is none', async () => {
  const asking = createAsking({
    settings: { url: 'http://127.0.0.1:9', timeoutMs: 1_000, visibleAfterMs: 0 },
    clock: manualClock(),
  });
  onTestFinished(() => asking.close());
  expect(await asking.look('metrics', new AbortController().signal)).toBeUndefined();
  expect(asking.figures()).toEqual({ asked: 0, failed: 0 });
});
