// What history costs: bytes of a sample beside Debian's Prometheus on the same samples, how long questions take that reach
// back a year, what writing two hours of many series takes, and one room of forty devices with everything on.
import { execFileSync } from 'node:child_process';
import { createWriteStream, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { historySettings } from '../../config/history.ts';
import type { Labels } from '../../config/model/labels.ts';
import { createHead, type Head } from '../../collector/series/head.ts';
import { openHistory } from '../../collector/series/history/keep.ts';
import { DAY_MS } from '../../collector/series/history/layout.ts';
import { parseSeriesText } from '../../collector/ingest/series-text.ts';
import { makeFolder } from '../support/folder.ts';
import { makeHistory } from '../support/made-history.ts';
import { manualClock } from '../support/manual-clock.ts';
import { startAgentProgram, startCollectorProgram, startFleet } from '../support/peers.ts';
import { silentLog } from '../support/silent-log.ts';
import { cpuSeconds, peakResidentMb, printFigures, quantile, residentMb } from './figures.ts';

const say = (text: string): boolean => process.stderr.write(`${text}\n`);
const sleep = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms));

const HOUR_MS = 3_600_000;
const SLOT_MS = 10_000;
const SNAPSHOTS = 30;
const HOURS = 6;
const ROOM_DEVICES = 40;
const SIZED_DEVICES = 15;
const FLUSHED_SERIES = 66_000;
const FLUSHED_SAMPLES = 720;

/** What each series of the agent's page said, poll by poll. */
async function snapshots(page: string): Promise<Map<string, (number | undefined)[]>> {
  const series = new Map<string, (number | undefined)[]>();
  for (let at = 0; at < SNAPSHOTS; at += 1) {
    const text = await (await fetch(`${page}/metrics`)).text();
    for (const line of text.split('\n')) {
      if (!/^[a-z]/.test(line)) continue;
      const end = line.includes('}') ? line.lastIndexOf('}') + 1 : line.indexOf(' ');
      const values = series.get(line.slice(0, end)) ?? [];
      values[at] = Number(line.slice(end).trim().split(' ')[0]);
      series.set(line.slice(0, end), values);
    }
    await sleep(1_000);
  }
  return series;
}

function labelsOf(text: string): Labels {
  const labels = parseSeriesText(text);
  if (typeof labels === 'string') throw new Error(labels);
  return labels;
}

/** To and fro over what was read in uneven steps, of each series others: nothing jumps, nothing comes again and again. */
function valuesOver(
  values: readonly (number | undefined)[],
  slots: number,
  seed: number,
): (number | undefined)[] {
  let turn = seed + 1;
  let at = seed % SNAPSHOTS;
  return Array.from({ length: slots + 1 }, () => {
    turn = (turn * 48_271) % 2_147_483_647;
    at = Math.min(SNAPSHOTS - 1, Math.max(0, at + (turn % 3) - 1));
    return values[at];
  });
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

type Made = ReadonlyMap<string, readonly (number | undefined)[]>;

/** The same samples into Prometheus' blocks and into our files. */
async function measureSize(page: string): Promise<Readonly<Record<string, number>>> {
  const read = await snapshots(page);
  const startMs = Math.floor(Date.now() / DAY_MS - 3) * DAY_MS;
  const slots = (HOURS * HOUR_MS) / SLOT_MS;
  const series: Made = new Map(
    [...read].map(([name, values], index) => [name, valuesOver(values, slots, index)] as const),
  );
  const folder = makeFolder();
  const { samples, bytes } = await intoPrometheus(folder, series, startMs);
  const tiers = await intoHistory(folder, series, startMs);
  rmSync(folder, { recursive: true, force: true });
  const ours = tiers.raw.bytes / samples;
  const coarse = (tiers['5m'].bytes + tiers['1h'].bytes) / samples;
  const yearSamples = (ROOM_DEVICES / SIZED_DEVICES) * series.size * ((365 * DAY_MS) / SLOT_MS);
  return {
    bytes_per_sample_vs_prometheus: ours / (bytes / samples),
    own_bytes_per_sample: ours,
    prometheus_bytes_per_sample: bytes / samples,
    coarse_bytes_per_sample: coarse,
    room40_gb_year: ((ours + coarse) * yearSamples) / 1e9,
  };
}

async function intoPrometheus(folder: string, series: Made, startMs: number) {
  const text = join(folder, 'samples.om');
  const out = createWriteStream(text);
  let samples = 0;
  for (const [name, values] of [...series].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const lines = values.flatMap((value, slot) =>
      slot === 0 || value === undefined || Number.isNaN(value)
        ? []
        : [`${name} ${value} ${(startMs + slot * SLOT_MS) / 1_000}\n`],
    );
    samples += lines.length;
    if (!out.write(lines.join(''))) await new Promise<void>((done) => void out.once('drain', () => done()));
  }
  await new Promise<void>((done) => out.end('# EOF\n', () => done()));
  say(`${samples} samples of ${series.size} series to Prometheus' blocks`);
  const blocks = join(folder, 'blocks');
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', text, blocks], { stdio: 'ignore' });
  return { samples, bytes: folderBytes(blocks) };
}

async function intoHistory(folder: string, series: Made, startMs: number) {
  const head = createHead();
  const history = keeping(head, join(folder, 'history'), manualClock(startMs));
  for (let hour = 0; hour < HOURS; hour += 1) {
    for (const [name, values] of series) {
      const own = head.seriesOf(labelsOf(name));
      for (let slot = hour * 360 + 1; slot <= (hour + 1) * 360; slot += 1) {
        const value = values[slot];
        if (value !== undefined && !Number.isNaN(value)) own?.append(startMs + slot * SLOT_MS, value);
      }
    }
    await history.work(startMs + (hour + 1) * HOUR_MS + 20 * 60_000);
    head.dropBefore(startMs + hour * HOUR_MS);
  }
  // The day is over: it becomes one file, with its coarse lines.
  head.append({ __name__: 'next_day' }, startMs + DAY_MS + HOUR_MS, 1);
  await history.work(startMs + DAY_MS + 3 * HOUR_MS);
  const tiers = history.state?.tiers;
  if (history.faults().length > 0 || tiers === undefined) throw new Error(history.faults().join('; '));
  await history.stop();
  return tiers;
}

function keeping(head: Head, folder: string, clock: ReturnType<typeof manualClock>, write_interval = '1h') {
  const settings = historySettings({ keep_free_gigabytes: 0, write_interval });
  if (settings === undefined) throw new Error('history is on');
  return openHistory({
    head,
    wasCut: false,
    folder,
    clock,
    log: silentLog(),
    settings: () => settings,
    headRetentionMs: () => 3 * HOUR_MS,
    outOfOrderMs: () => 600_000,
  });
}

/** Two hours of many series into history, as the collector does it: what this process and DuckDB's take meanwhile. */
async function measureFlush(): Promise<Readonly<Record<string, number>>> {
  const startMs = Math.floor(Date.now() / DAY_MS - 1) * DAY_MS;
  const head = createHead();
  for (let id = 0; id < FLUSHED_SERIES; id += 1) {
    const labels = {
      __name__: `bench_${id % 66}`,
      device: `ups-${Math.floor(id / 66)}`,
      job: 'agent',
      instance: 'local',
    };
    const series = head.seriesOf(labels);
    for (let slot = 1; slot <= FLUSHED_SAMPLES; slot += 1) {
      const value = id % 3 === 0 ? 100 + (id % 50) : (2_300 + (id % 100) + ((id * 7 + slot * 13) % 9)) / 10;
      series?.append(startMs + slot * SLOT_MS, value);
    }
    if (id % 2_000 === 0) await sleep(0);
  }
  (globalThis as { gc?: () => void }).gc?.();
  await sleep(2_000);
  const folder = makeFolder();
  const history = keeping(head, join(folder, 'history'), manualClock(startMs), '2h');
  const before = residentMb(process.pid);
  let peak = 0;
  let ownPeak = 0;
  const watching = setInterval(() => {
    const all = childrenOf(process.pid).reduce((sum, pid) => sum + peakOf(pid), 0);
    const own = residentMb(process.pid) - before;
    ownPeak = Math.max(ownPeak, own);
    peak = Math.max(peak, own + all);
  }, 100);
  const loop = monitorEventLoopDelay({ resolution: 2 });
  loop.enable();
  // What this machine does to a loop that has nothing to do.
  await sleep(10_000);
  const idle = loop.percentile(99) / 1e6;
  loop.reset();
  const startedMs = performance.now();
  await history.work(startMs + 2 * HOUR_MS + 20 * 60_000);
  const seconds = (performance.now() - startedMs) / 1_000;
  loop.disable();
  clearInterval(watching);
  if (history.faults().length > 0) throw new Error(history.faults().join('; '));
  await history.stop();
  rmSync(folder, { recursive: true, force: true });
  return {
    flush_peak_mb: peak,
    flush_own_peak_mb: ownPeak,
    loop_idle_p99_ms: idle,
    loop_p99_ms: loop.percentile(99) / 1e6,
    loop_max_ms: loop.max / 1e6,
    flush_s: seconds,
  };
}

function peakOf(pid: number): number {
  try {
    return peakResidentMb(pid);
  } catch {
    return 0;
  }
}

/** A collector with a year behind it that watches forty devices. */
async function measureRoom(): Promise<Readonly<Record<string, number>>> {
  const fleet = await startFleet({ 'ups.snmprec': ROOM_DEVICES });
  const devices = fleet.hosts.map(
    (host, index) =>
      `  - { id: ups-${index + 1}, name: UPS ${index + 1}, kind: ups, room: main, snmp: { host: ${host}, port: ${fleet.port} } }`,
  );
  const site = `name: Bench\nrooms: [{ id: main, name: Main }]\ndevices:\n${devices.join('\n')}\n`;
  const agent = await startAgentProgram({ 'site.yaml': site, 'agent.yaml': 'poll_interval: 10s\n' });
  await sleep(15_000);
  const data = makeFolder();
  const toMs = Math.floor(Date.now() / HOUR_MS - 1) * HOUR_MS;
  const page = await (await fetch(`${agent.page}/metrics`)).text();
  const names = page
    .split('\n')
    .filter((line) => /^[a-z]/.test(line))
    .map((line) => line.slice(0, line.includes('}') ? line.lastIndexOf('}') + 1 : line.indexOf(' ')));
  say(`a year of ${names.length} series is made`);
  const series = names.map((name, index) => ({
    labels: { ...labelsOf(name), job: 'agent', instance: 'local' } as Labels,
    mean: 100 + (index % 50),
    swing: 3,
  }));
  await makeHistory(join(data, 'history'), series, {
    fromMs: toMs - 365 * DAY_MS,
    fineFromMs: toMs - 31 * DAY_MS,
    rawFromMs: toMs - DAY_MS,
    toMs,
  });
  const collector = await startCollectorProgram(
    {
      'site.yaml': site,
      'collector.yaml': `agents: [{ name: local, url: '${agent.page}' }]\nscrape_interval: 10s\n`,
    },
    data,
  );
  await sleep(20_000);
  const metric =
    /^ups_[a-z_]+volts/.exec(names.find((name) => name.startsWith('ups_input_volts')) ?? '')?.[0] ??
    'ups_input_volts';
  const ask = async (query: string, startMs: number, endMs: number, stepMs: number): Promise<number> => {
    const params = new URLSearchParams({
      query,
      start: String(startMs / 1_000),
      end: String(endMs / 1_000),
      step: String(stepMs / 1_000),
    });
    const startedMs = performance.now();
    const answer = await fetch(`${collector.page}/api/v1/query_range?${params}`, {
      headers: { cookie: collector.cookie },
    });
    const body = await answer.text();
    if (!answer.ok || body.length < 1_000) throw new Error(`a query was refused: ${body.slice(0, 300)}`);
    return performance.now() - startedMs;
  };
  const many = async (times: number, one: () => Promise<number>): Promise<readonly number[]> => {
    const took: number[] = [];
    for (let turn = 0; turn < times; turn += 1) took.push(await one());
    return took.slice(2);
  };
  const first = names.find((name) => name.startsWith(metric)) ?? metric;
  const year = await many(32, () => ask(first, toMs - 365 * DAY_MS, toMs, HOUR_MS));
  const some = series.filter((_, index) => index % Math.floor(series.length / 80) === 0).slice(0, 80);
  const eighty = `{__name__=~"${[...new Set(some.map(({ labels }) => labels['__name__']))].slice(0, 2).join('|')}"}`;
  const day = await many(22, () => ask(eighty, toMs - 2 * DAY_MS, toMs - DAY_MS, 300_000));
  const historyPid = childrenOf(collector.pid);
  const pids = [collector.pid, agent.pid, ...historyPid];
  const cpuBefore = pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  await sleep(30_000);
  const cpu = pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0) - cpuBefore;
  const memory = pids.reduce((sum, pid) => sum + residentMb(pid), 0);
  await collector.stop();
  await agent.stop();
  await fleet.stop();
  return {
    year_hourly_p50_ms: quantile(year, 0.5),
    day_80_series_p50_ms: quantile(day, 0.5),
    room40_mb: memory,
    room40_cpu_share: cpu / 30,
  };
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function sized(): Promise<Readonly<Record<string, number>>> {
  const fleet = await startFleet({ 'ups.snmprec': SIZED_DEVICES });
  const devices = fleet.hosts.map(
    (host, index) =>
      `  - { id: ups-${index + 1}, name: UPS ${index + 1}, kind: ups, room: main, snmp: { host: ${host}, port: ${fleet.port} } }`,
  );
  const site = `name: Bench\nrooms: [{ id: main, name: Main }]\ndevices:\n${devices.join('\n')}\n`;
  const agent = await startAgentProgram({ 'site.yaml': site, 'agent.yaml': 'poll_interval: 1s\n' });
  await sleep(15_000);
  const figures = await measureSize(agent.page);
  await agent.stop();
  await fleet.stop();
  return figures;
}

const PARTS = { size: sized, room: measureRoom, flush: measureFlush } as const;
const asked = process.argv.slice(2);
const figures: Record<string, number> = {};
for (const [name, part] of Object.entries(PARTS)) {
  if (asked.length === 0 || asked.includes(name)) Object.assign(figures, await part());
}
printFigures('history', figures);
process.exit(0);
