// What it costs to scrape, hold, judge and query many series, beside Debian's Prometheus on the same pages.
// CPU time is that of the whole process, by the kernel; both sides work at the same time at the same pace.
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Labels } from '../../config/model/labels.ts';
import { encodeWrite, REMOTE_WRITE_HEADERS, type OutgoingSeries } from '../../config/wire/remote-write.ts';
import { parseSeriesText } from '../../collector/ingest/series-text.ts';
import {
  PUSH_TOKEN,
  startAgentProgram,
  startCollectorProgram,
  startExporter,
  startFleet,
  startPrometheus,
  type CollectorPeer,
  type Fleet,
  type Peer,
} from '../support/peers.ts';
import { cpuSeconds, forgetPeak, peakResidentMb, printFigures, quantile, weighed } from './figures.ts';

const METRICS = 1_000;
const SERIES_OF_METRIC = 20;
const DEVICES = 1_000;
const INTERVAL_S = 10;
/** What a start leaves behind, of all peers, is not counted: a heap that comes to rest is looked through once more. */
const WARM_UP_S = 120;
/** The room was filled for a minute before. */
const ROOM_WARM_UP_S = 60;
const MEASURED_S = 60;
const ASKED_S = 30;
const HELD_SAMPLES = 720;

const sleep = (seconds: number): Promise<void> =>
  new Promise((done) => void setTimeout(done, seconds * 1000));
const say = (text: string): boolean => process.stderr.write(`${text}\n`);

/** Numbers that look measured: most stay, some move a little. */
const valueAt = (series: number, tick: number): number => {
  if (series % 3 === 0) return 100 + (series % 50);
  return (2_300 + (series % 100) + ((series * 7 + tick * 13) % 9)) / 10;
};

const RULES = Array.from({ length: METRICS }, (_, index) => {
  const metric = `bench_${index}`;
  if (index < 400) return `${metric} > 1e9`;
  if (index < 700) return `rate(${metric}[5m]) > 1e9`;
  if (index < 850) return `avg_over_time(${metric}[5m]) > 1e9`;
  return `predict_linear(${metric}[5m], 3600) > 1e9`;
});
const RULE_FILE = `groups:\n  - name: bench\n    interval: ${INTERVAL_S}s\n    rules:\n${RULES.map(
  (expr, index) => `      - { alert: Bench${index}, expr: '${expr}' }`,
).join('\n')}\n`;

const SITE = `name: Bench\nrooms: [{ id: main, name: Main }]\ndevices: [{ id: none, name: None, kind: other, room: main, snmp: { host: 127.0.0.1, port: 9 } }]\n`;

/**
 * Prometheus comes without rules: on the page, ours stands without those that it ships, as a site may have it, by files
 * of the same names that hold none. In the room they are at work.
 */
const NO_RULES = Object.fromEntries(
  readdirSync(join(import.meta.dirname, '../../config/rules'))
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .map((name) => [`rules/${name}`, 'groups: []\n']),
);

/** CPU seconds of each of the processes between now and later. */
async function cpuOver(seconds: number, peers: readonly (readonly Peer[])[]): Promise<readonly number[]> {
  const sum = (group: readonly Peer[]): number => group.reduce((all, { pid }) => all + cpuSeconds(pid), 0);
  const before = peers.map(sum);
  await sleep(seconds);
  return peers.map((group, index) => sum(group) - (before[index] ?? 0));
}

/** One page of many series, always a little different. */
async function startPage(): Promise<{ readonly host: string; stop(): void }> {
  let tick = 0;
  const server = createServer((_request, response) => {
    tick += 1;
    const lines: string[] = [];
    for (let metric = 0; metric < METRICS; metric += 1) {
      for (let item = 0; item < SERIES_OF_METRIC; item += 1) {
        lines.push(`bench_${metric}{item="${item}",room="main"} ${valueAt(metric * 20 + item, tick)}\n`);
      }
    }
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(lines.join(''));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, stop: () => void server.close() };
}

/** The page and the rules: with and without rules, ours and Prometheus, all four at once. */
async function measurePage(): Promise<Readonly<Record<string, number>>> {
  const page = await startPage();
  const scrape = `scrape_configs:\n  - { job_name: page, scrape_interval: ${INTERVAL_S}s, static_configs: [{ targets: ['${page.host}'] }] }\n`;
  const own = `agents: []\nscrape_interval: ${INTERVAL_S}s\nscrape: [{ job: page, targets: ['${page.host}'] }]\n`;
  const plain = await startPrometheus(scrape);
  const judging = await startPrometheus(
    `global: { evaluation_interval: ${INTERVAL_S}s }\nrule_files: [bench.yaml]\n${scrape}`,
    { 'bench.yaml': RULE_FILE },
  );
  const ownPlain = await startCollectorProgram({ 'site.yaml': SITE, 'collector.yaml': own, ...NO_RULES });
  const ownJudging = await startCollectorProgram({
    'site.yaml': SITE,
    'collector.yaml': own,
    ...NO_RULES,
    'rules/bench.yaml': RULE_FILE,
  });
  say('one page of 20,000 series and 1,000 rules: warming up');
  await sleep(WARM_UP_S);
  const peers = [[plain], [judging], [ownPlain], [ownJudging]];
  const [plainS = 0, judgingS = 0, ownPlainS = 0, ownJudgingS = 0] = await cpuOver(MEASURED_S, peers);
  for (const peer of [plain, judging, ownPlain, ownJudging]) await peer.stop();
  page.stop();
  const cycles = MEASURED_S / INTERVAL_S;
  const samples = cycles * METRICS * SERIES_OF_METRIC;
  return {
    cpu_per_sample_vs_prometheus: ownPlainS / plainS,
    own_cpu_per_sample_us: (ownPlainS / samples) * 1e6,
    prometheus_cpu_per_sample_us: (plainS / samples) * 1e6,
    cpu_per_rule_cycle_vs_prometheus: (ownJudgingS - ownPlainS) / (judgingS - plainS),
    own_rule_cycle_ms: ((ownJudgingS - ownPlainS) / cycles) * 1_000,
    prometheus_rule_cycle_ms: ((judgingS - plainS) / cycles) * 1_000,
  };
}

/** One series of the room, and between which values it goes. */
interface RoomSeries {
  readonly labels: Labels;
  readonly from: number;
  readonly to: number;
}

async function valuesOnPage(page: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${page}/metrics`)).text();
  const lines = text.split('\n').filter((line) => /^[a-z]/.test(line));
  return new Map(
    lines.map((line) => {
      const end = line.includes('}') ? line.lastIndexOf('}') + 1 : line.indexOf(' ');
      return [line.slice(0, end), Number(line.slice(end))];
    }),
  );
}

/** Every series of the agent's page as the devices tell it, at two moments: what moves in the room moves in its two hours. */
async function seriesOfAgent(page: string): Promise<readonly RoomSeries[]> {
  let before = await valuesOnPage(page);
  while (before.size <= DEVICES * 55) {
    await sleep(2);
    before = await valuesOnPage(page);
  }
  await sleep(INTERVAL_S);
  const after = await valuesOnPage(page);
  return [...after].map(([text, to]) => {
    const labels = parseSeriesText(text);
    if (typeof labels === 'string') throw new Error(labels);
    return { labels, from: before.get(text) ?? to, to };
  });
}

/** Up and down between both, in as many decimals as they have. */
function valueBetween({ from, to }: RoomSeries, tick: number): number {
  if (from === to) return to;
  const decimals = Math.max(...[from, to].map((value) => String(value).split('.')[1]?.length ?? 0));
  return Number((from + ((to - from) * ((tick * 13) % 9)) / 8).toFixed(Math.min(decimals, 9)));
}

const FILL_TICKS = 60;
const FILL_SERIES = 4_000;

/** Two hours of all series until now, by remote_write, as a sender would that was away: the oldest of all of them first. */
async function fill(collector: CollectorPeer, series: readonly RoomSeries[]): Promise<void> {
  const endMs = Math.floor(Date.now() / 10_000) * 10_000 - 10_000;
  let sent: Promise<void> = Promise.resolve();
  for (let tick = 0; tick < HELD_SAMPLES; tick += FILL_TICKS) {
    const timesMs = Array.from(
      { length: FILL_TICKS },
      (_, index) => endMs - (HELD_SAMPLES - tick - index) * 10_000,
    );
    for (let from = 0; from < series.length; from += FILL_SERIES) {
      const part = series.slice(from, from + FILL_SERIES).map(
        (one): OutgoingSeries => ({
          labels: one.labels,
          timesMs,
          values: Float64Array.from({ length: FILL_TICKS }, (_, at) => valueBetween(one, tick + at)),
        }),
      );
      const body = encodeWrite(part);
      // The next is made while one is taken.
      await sent;
      sent = write(collector, body);
    }
  }
  await sent;
}

async function write({ page }: CollectorPeer, body: Uint8Array): Promise<void> {
  const answer = await fetch(`${page}/api/v1/write`, {
    method: 'POST',
    headers: { ...REMOTE_WRITE_HEADERS, authorization: `Bearer ${PUSH_TOKEN}` },
    body: Buffer.from(body),
  });
  if (answer.status !== 204) throw new Error(`the fill was refused: ${await answer.text()}`);
}

/** The queries of a dashboard, again and again; how long each took. */
async function ask(
  { page, cookie }: CollectorPeer,
  metrics: readonly string[],
  seconds: number,
): Promise<readonly number[]> {
  const took: number[] = [];
  const endMs = performance.now() + seconds * 1_000;
  while (performance.now() < endMs) {
    for (const metric of metrics) {
      const query = encodeURIComponent(`count(${metric}) + max(${metric})`);
      const startedMs = performance.now();
      const answer = await fetch(`${page}/api/v1/query?query=${query}`, { headers: { cookie } });
      await answer.arrayBuffer();
      took.push(performance.now() - startedMs);
      if (!answer.ok) throw new Error(`a query was refused: ${answer.status}`);
    }
    await sleep(2);
  }
  return took;
}

function scrapeExporter(exporter: string, fleet: Fleet): ReturnType<typeof startPrometheus> {
  const targets = fleet.hosts.map((host) => `'${host}:${fleet.port}'`).join(', ');
  return startPrometheus(`scrape_configs:
  - job_name: snmp
    scrape_interval: ${INTERVAL_S}s
    metrics_path: /snmp
    params: { module: [ups] }
    static_configs: [{ targets: [${targets}] }]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: '${exporter}' }
`);
}

async function measureRoom(): Promise<Readonly<Record<string, number>>> {
  const fleet = await startFleet({ 'ups.snmprec': DEVICES });
  const devices = fleet.hosts.map(
    (host, index) =>
      `  - { id: ups-${index + 1}, name: UPS ${index + 1}, kind: ups, room: main, snmp: { host: ${host}, port: ${fleet.port} } }`,
  );
  const site = `name: Bench\nrooms: [{ id: main, name: Main }]\ndevices:\n${devices.join('\n')}\n`;
  const quiet = `agents: []\nscrape_interval: ${INTERVAL_S}s\n`;
  const agent = await startAgentProgram({
    'site.yaml': site,
    'agent.yaml': `poll_interval: ${INTERVAL_S}s\n`,
  });
  const collector = await startCollectorProgram({ 'site.yaml': site, 'collector.yaml': quiet });
  const series = await seriesOfAgent(agent.page);
  say(`the room: two hours of ${series.length} series by remote_write`);
  const filledMs = performance.now();
  await fill(collector, series);
  const fillSeconds = (performance.now() - filledMs) / 1_000;
  const fillPeakMb = peakResidentMb(collector.pid);
  writeFileSync(
    join(collector.config, 'collector.yaml'),
    `agents: [{ name: local, url: '${agent.page}' }]\nscrape_interval: ${INTERVAL_S}s\n`,
  );
  collector.reload();
  const exporter = await startExporter();
  const prometheus = await scrapeExporter(exporter.host, fleet);
  say(`filled in ${fillSeconds.toFixed(0)} s; the room and its peers: warming up`);
  await sleep(ROOM_WARM_UP_S);
  // What counts is the room at work, with its two hours; the peaks of start and fill are told beside it.
  for (const { pid } of [agent, collector]) forgetPeak(pid);
  const weights = weighed([collector.pid, agent.pid]);
  const metrics = [...new Set(series.map(({ labels }) => labels['__name__'] ?? ''))]
    .filter((name) => name.startsWith('ups_'))
    .slice(0, 20);
  const [ownS = 0, peerS = 0] = await cpuOver(MEASURED_S, [
    [agent, collector],
    [exporter, prometheus],
  ]);
  // The peers are asked nothing: the dashboard looks on while all that goes on, and its cost is told apart.
  const [[askedS = 0], took] = await Promise.all([
    cpuOver(ASKED_S, [[agent, collector]]),
    ask(collector, metrics, ASKED_S),
  ]);
  const { eachMb, allMb } = weights();
  const [collectorMb = Number.NaN, agentMb = Number.NaN] = eachMb;
  const figures = {
    room_cpu_vs_snmp_exporter_prometheus: ownS / peerS,
    room_cpu_s_per_10s: (ownS / MEASURED_S) * 10,
    room_asked_cpu_s_per_10s: (askedS / ASKED_S) * 10,
    peers_cpu_s_per_10s: (peerS / MEASURED_S) * 10,
    room_rss_mb: allMb,
    room_peak_rss_mb: peakResidentMb(agent.pid) + peakResidentMb(collector.pid),
    collector_rss_mb: collectorMb,
    agent_rss_mb: agentMb,
    filled_samples: series.length * HELD_SAMPLES,
    fill_s: fillSeconds,
    fill_collector_peak_rss_mb: fillPeakMb,
    query_p99_ms: quantile(took, 0.99),
    query_p50_ms: quantile(took, 0.5),
  };
  for (const peer of [prometheus, exporter, collector, agent, fleet]) await peer.stop();
  return figures;
}

// A part can be asked for alone: `npm run -s bench -- series page` or `room`.
const [, , part] = process.argv;
const page = part === 'room' ? {} : await measurePage();
const room = part === 'page' ? {} : await measureRoom();
printFigures('series', { ...page, ...room });
