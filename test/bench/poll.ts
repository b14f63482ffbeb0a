// What it costs to read many devices over SNMP, beside Debian's prometheus-snmp-exporter on the same simulated fleet.
// CPU time is that of the whole process, by the kernel; both sides in one run, one after the other.
import type { AgentDeviceBody } from '../../config/model/agent-api.ts';
import {
  startAgentProgram,
  startExporter,
  startFleet,
  startPrometheus,
  type AgentPeer,
  type Fleet,
} from '../support/peers.ts';
import { cpuSeconds, peakResidentMb, printFigures, quantile } from './figures.ts';

const DEVICES = 1_000;
const SWITCHES = 50;
const INTERVAL_S = 10;
const WARM_UP_S = 20;
const MEASURED_S = 60;
/** Of a page; what a page of another size costs is told for one of this size. */
const PAGE_SERIES = 66_000;

const sleep = (seconds: number): Promise<void> =>
  new Promise((done) => {
    setTimeout(done, seconds * 1000);
  });
const say = (text: string): boolean => process.stderr.write(`${text}\n`);

function siteOf({ hosts, port }: Fleet, more = ''): string {
  const devices = hosts.map(
    (host, index) =>
      `  - { id: device-${index + 1}, name: Device ${index + 1}, kind: other, room: main, snmp: { host: ${host}, port: ${port}${more} } }`,
  );
  return `name: Bench\nrooms: [{ id: main, name: Main }]\ndevices:\n${devices.join('\n')}\n`;
}

function agentOn(fleet: Fleet, pollInterval: string): Promise<AgentPeer> {
  return startAgentProgram({ 'site.yaml': siteOf(fleet), 'agent.yaml': `poll_interval: ${pollInterval}\n` });
}

/** Has Prometheus scrape the agent as the exporter is scraped. */
function scrapeAgent({ page }: AgentPeer): ReturnType<typeof startPrometheus> {
  return startPrometheus(`scrape_configs:
  - { job_name: agent, scrape_interval: ${INTERVAL_S}s, static_configs: [{ targets: ['${new URL(page).host}'] }] }
`);
}

function scrapeExporter(exporter: string, fleet: Fleet, module: string): ReturnType<typeof startPrometheus> {
  const targets = fleet.hosts.map((host) => `'${host}:${fleet.port}'`).join(', ');
  return startPrometheus(`scrape_configs:
  - job_name: snmp
    scrape_interval: ${INTERVAL_S}s
    metrics_path: /snmp
    params: { module: [${module}] }
    static_configs: [{ targets: [${targets}] }]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: '${exporter}' }
`);
}

/** A page; asked once more when the connection that was kept open was closed at that very moment. */
async function pageAt(url: string): Promise<Response> {
  return fetch(url).catch(() => fetch(url));
}

/** The values of the agent's own counters. */
async function own(agent: AgentPeer, metric: string): Promise<number> {
  const page = await (await pageAt(`${agent.page}/metrics`)).text();
  return Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(page)?.[1] ?? Number.NaN);
}

const POLLS = 'watchkeeper_agent_polls_total';

interface Cost {
  readonly cpuMsPerPoll: number;
  readonly polls: number;
}

/** What the agent spends on each poll in a span of time. */
async function agentCost(agent: AgentPeer, seconds: number): Promise<Cost> {
  const [pollsBefore, cpuBefore] = [await own(agent, POLLS), cpuSeconds(agent.pid)];
  await sleep(seconds);
  const cpu = cpuSeconds(agent.pid) - cpuBefore;
  const polls = (await own(agent, POLLS)) - pollsBefore;
  return { cpuMsPerPoll: (cpu * 1000) / polls, polls };
}

/** Answers of the exporter, by its own count. */
async function exporterPolls(host: string): Promise<number> {
  const page = await (await fetch(`http://${host}/metrics`)).text();
  const counts = page.matchAll(/^snmp_collection_duration_seconds_count\S* (\S+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function exporterCost({ pid, host }: { pid: number; host: string }, seconds: number): Promise<Cost> {
  const [pollsBefore, cpuBefore] = [await exporterPolls(host), cpuSeconds(pid)];
  await sleep(seconds);
  const cpu = cpuSeconds(pid) - cpuBefore;
  const polls = (await exporterPolls(host)) - pollsBefore;
  return { cpuMsPerPoll: (cpu * 1000) / polls, polls };
}

/** Both sides poll each device once an interval, scraped once an interval. */
async function exporterPaced(fleet: Fleet, module: string, warmUp: number, seconds: number): Promise<Cost> {
  const exporter = await startExporter();
  const prometheus = await scrapeExporter(exporter.host, fleet, module);
  await sleep(warmUp);
  const cost = await exporterCost(exporter, seconds);
  await prometheus.stop();
  await exporter.stop();
  say(`exporter, ${module}: ${cost.cpuMsPerPoll.toFixed(3)} CPU-ms a poll (${cost.polls} polls)`);
  return cost;
}

/** As fast as the exporter can: so many clients ask it one device after the other. */
async function exporterFlat(fleet: Fleet, seconds: number): Promise<Cost> {
  const exporter = await startExporter();
  const over = new AbortController();
  const clients = Array.from({ length: 32 }, async (_none, client) => {
    for (let turn = client; !over.signal.aborted; turn += 32) {
      const target = `${fleet.hosts[turn % fleet.hosts.length]}:${fleet.port}`;
      const answer = await fetch(`http://${exporter.host}/snmp?module=ups&target=${target}`);
      await answer.arrayBuffer();
    }
  });
  await sleep(2);
  const cost = await exporterCost(exporter, seconds);
  over.abort();
  await Promise.all(clients);
  await exporter.stop();
  say(`exporter, flat out: ${cost.cpuMsPerPoll.toFixed(3)} CPU-ms a poll (${cost.polls} polls)`);
  return cost;
}

interface UpsFigures extends Cost {
  readonly rss_mb: number;
  readonly page_cpu_ms: number;
  readonly page_series: number;
  readonly values_per_poll: number;
}

async function agentOnUps(fleet: Fleet): Promise<UpsFigures> {
  const agent = await agentOn(fleet, `${INTERVAL_S}s`);
  const prometheus = await scrapeAgent(agent);
  await sleep(WARM_UP_S);
  const cost = await agentCost(agent, MEASURED_S);
  await sleep(120 - WARM_UP_S - MEASURED_S);
  await prometheus.stop();
  const rss = peakResidentMb(agent.pid);
  const pages = await pageCost(agent);
  const device = (await (await pageAt(`${agent.page}/devices/device-1`)).json()) as AgentDeviceBody;
  await agent.stop();
  const values = device.readings.length;
  say(`agent, UPS: ${cost.cpuMsPerPoll.toFixed(3)} CPU-ms a poll (${cost.polls} polls of ${values} values)`);
  return { ...cost, ...pages, rss_mb: rss, values_per_poll: values };
}

/** CPU time of a page, its polls meanwhile taken off as a poll costs without. */
async function pageCost(agent: AgentPeer): Promise<{ page_cpu_ms: number; page_series: number }> {
  const PAGES = 40;
  const idleBefore = cpuSeconds(agent.pid);
  await sleep(5);
  const perSecond = (cpuSeconds(agent.pid) - idleBefore) / 5;
  const [before, beganMs] = [cpuSeconds(agent.pid), performance.now()];
  let series = 0;
  for (let page = 0; page < PAGES; page += 1) {
    const body = await (await pageAt(`${agent.page}/metrics`)).text();
    if (page === 0) series = body.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  }
  const polling = (perSecond * (performance.now() - beganMs)) / 1000;
  const spentMs = ((cpuSeconds(agent.pid) - before - polling) * 1000) / PAGES;
  say(`agent, page of ${series} series: ${spentMs.toFixed(1)} CPU-ms`);
  return { page_cpu_ms: (spentMs * PAGE_SERIES) / series, page_series: series };
}

async function agentFlat(fleet: Fleet, seconds: number): Promise<Cost> {
  const agent = await agentOn(fleet, '100ms');
  await sleep(5);
  const cost = await agentCost(agent, seconds);
  await agent.stop();
  say(`agent, flat out: ${cost.cpuMsPerPoll.toFixed(3)} CPU-ms a poll (${cost.polls} polls)`);
  return cost;
}

async function agentOnSwitches(fleet: Fleet): Promise<Cost> {
  const agent = await agentOn(fleet, `${INTERVAL_S}s`);
  const prometheus = await scrapeAgent(agent);
  await sleep(WARM_UP_S);
  const cost = await agentCost(agent, 30);
  await prometheus.stop();
  await agent.stop();
  say(`agent, switches: ${cost.cpuMsPerPoll.toFixed(3)} CPU-ms a poll (${cost.polls} polls)`);
  return cost;
}

/** A switch whose every answer takes 100 ms, once it is known. */
async function slowSwitch(): Promise<Record<string, number>> {
  const fleet = await startFleet({ 'switch.snmprec': 1 }, '--delay-ms', '100');
  const agent = await agentOn(fleet, '2s');
  await sleep(15);
  const seconds: number[] = [];
  for (let poll = 0; poll < 5; poll += 1) {
    seconds.push(
      await own(agent, 'device_poll_duration_seconds{device="device-1"}'.replaceAll(/[{}"]/g, '\\$&')),
    );
    await sleep(2);
  }
  await agent.stop();
  const exporter = await startExporter();
  const beganMs = performance.now();
  const answer = await fetch(
    `http://${exporter.host}/snmp?module=if_mib&target=${fleet.hosts[0]}:${fleet.port}`,
  );
  await answer.arrayBuffer();
  const peer = (performance.now() - beganMs) / 1000;
  await exporter.stop();
  await fleet.stop();
  return { slow_switch_s: quantile(seconds, 1), slow_switch_snmp_exporter_s: peer };
}

/** A thousand devices that take 100 ms to answer, all asked at once. */
async function slowFleet(): Promise<number> {
  const fleet = await startFleet({ 'ups.snmprec': DEVICES }, '--delay-ms', '100');
  const agent = await agentOn(fleet, '10m');
  while ((await own(agent, 'watchkeeper_agent_devices_up')) < DEVICES) await sleep(0.5);
  const polled = await own(agent, POLLS);
  const askedAtMs = performance.timeOrigin + performance.now();
  agent.reload();
  while ((await own(agent, POLLS)) < polled + DEVICES) await sleep(0.5);
  const begun: number[] = [];
  const ended: number[] = [];
  for (const number of fleet.hosts.keys()) {
    const body = (await (
      await pageAt(`${agent.page}/devices/device-${number + 1}`)
    ).json()) as AgentDeviceBody;
    begun.push(Math.min(...body.exchanges.map(({ atMs }) => atMs).filter((atMs) => atMs >= askedAtMs)));
    ended.push(body.lastAnswerAtMs ?? Number.NaN);
  }
  await agent.stop();
  await fleet.stop();
  return (Math.max(...ended) - Math.min(...begun)) / 1000;
}

/** A room of forty devices. */
async function idle(): Promise<number> {
  const fleet = await startFleet({ 'ups.snmprec': 36, 'switch.snmprec': 4 });
  const agent = await agentOn(fleet, `${INTERVAL_S}s`);
  const prometheus = await scrapeAgent(agent);
  await sleep(15);
  const [before, beganMs] = [cpuSeconds(agent.pid), performance.now()];
  await sleep(30);
  const ratio = ((cpuSeconds(agent.pid) - before) * 1000) / (performance.now() - beganMs);
  await prometheus.stop();
  await agent.stop();
  await fleet.stop();
  return ratio;
}

// As every program after its first start: what is compiled then is kept.
await (
  await startAgentProgram({ 'site.yaml': 'name: B\nrooms: [{ id: main, name: M }]\ndevices: []\n' })
).stop();

const figures: Record<string, number> = {};
const wanted = new Set(process.argv.slice(2));
const isWanted = (part: string): boolean => wanted.size === 0 || wanted.has(part);

if (isWanted('ups')) {
  const fleet = await startFleet({ 'ups.snmprec': DEVICES });
  const peer = await exporterPaced(fleet, 'ups', WARM_UP_S, MEASURED_S);
  const { cpuMsPerPoll, polls, ...rest } = await agentOnUps(fleet);
  Object.assign(figures, rest, {
    cpu_ms_per_poll: cpuMsPerPoll,
    cpu_ms_per_poll_snmp_exporter: peer.cpuMsPerPoll,
    cpu_per_poll_vs_snmp_exporter: cpuMsPerPoll / peer.cpuMsPerPoll,
    polls_vs_due: polls / ((DEVICES * MEASURED_S) / INTERVAL_S),
  });
  await fleet.stop();
}
if (isWanted('flat')) {
  const fleet = await startFleet({ 'ups.snmprec': DEVICES });
  const peer = await exporterFlat(fleet, 10);
  const ours = await agentFlat(fleet, 10);
  figures['cpu_per_poll_flat_vs_snmp_exporter'] = ours.cpuMsPerPoll / peer.cpuMsPerPoll;
  figures['cpu_ms_per_poll_flat'] = ours.cpuMsPerPoll;
  await fleet.stop();
}
if (isWanted('switch')) {
  const fleet = await startFleet({ 'switch.snmprec': SWITCHES });
  const peer = await exporterPaced(fleet, 'if_mib', INTERVAL_S, 30);
  const ours = await agentOnSwitches(fleet);
  figures['switch_cpu_vs_snmp_exporter'] = ours.cpuMsPerPoll / peer.cpuMsPerPoll;
  figures['switch_cpu_ms_per_poll'] = ours.cpuMsPerPoll;
  await fleet.stop();
}
// These wait more than they work, and measure different things.
if (isWanted('slow')) {
  Object.assign(figures, await slowSwitch());
  figures['slow_fleet_s'] = await slowFleet();
}
if (isWanted('idle')) figures['idle_cpu_ratio'] = await idle();
printFigures('poll', figures);
