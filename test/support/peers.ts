import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { launchSettings } from '../../collector/cli/supervise.ts';
import type { ReadyMessage } from '../../config/runtime/program.ts';
import { makeFolder } from './folder.ts';
import { freePort, freeUdpPort } from './free-port.ts';
import { builtProgram, MEASURED_ENV } from './programs.ts';
import { programPath } from './system.ts';
import { ROOT } from './watchkeeper.ts';

/** A program under measurement, or one that it needs. */
export interface Peer {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Where the simulated fleet and the exporter's modules are; `WATCHKEEPER_TOOLS` names another place. */
const TOOLS = resolve(ROOT, process.env['WATCHKEEPER_TOOLS'] ?? '../shared/tools');

/** A file of the tools, which stand beside the checkout. */
export function toolFile(name: string): string {
  const path = join(TOOLS, name);
  if (existsSync(path)) return path;
  throw new Error(`${path} is missing: the benchmark needs the folder of tools; WATCHKEEPER_TOOLS names it`);
}

let fleetProgram: string | undefined;

/** The simulated fleet, compiled once a run. */
function compiledFleet(): string {
  const cc = programPath('cc');
  if (cc === undefined) throw new Error('the benchmark needs a C compiler');
  if (fleetProgram === undefined) {
    const folder = makeFolder();
    fleetProgram = join(folder, 'snmpfleet');
    execFileSync(cc, ['-O2', '-o', fleetProgram, toolFile('snmpfleet.c')]);
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return fleetProgram;
}

export interface Fleet extends Peer {
  /** Address of each device. */
  readonly hosts: readonly string[];
  readonly port: number;
}

/** Simulated devices, each at an address of its own: of each recording so many. */
export async function startFleet(parts: Readonly<Record<string, number>>, ...more: string[]): Promise<Fleet> {
  const port = await freeUdpPort();
  // Of the second byte, so that two runs on one machine do not meet.
  const net = 16 + (port % 200);
  const args = Object.entries(parts).flatMap(([recording, devices]) => [
    '--profile',
    toolFile(recording),
    '--devices',
    String(devices),
  ]);
  args.push('--vary', '--quiet', '--base', `127.${net}.0.1`, '--port', String(port), ...more);
  const peer = peerOf(spawn(compiledFleet(), args, { stdio: ['ignore', 'ignore', 'inherit'] }));
  const count = Object.values(parts).reduce((sum, devices) => sum + devices, 0);
  const hosts = Array.from({ length: count }, (_none, index) => {
    const number = index + 1;
    return `127.${net}.${number >> 8}.${number & 0xff}`;
  });
  return { ...peer, hosts, port };
}

/** Debian's exporter with the modules of the tools, on loopback. */
export async function startExporter(): Promise<Peer & { readonly host: string }> {
  const program = programPath('prometheus-snmp-exporter');
  if (program === undefined) throw new Error('the benchmark needs prometheus-snmp-exporter');
  const host = `127.0.0.1:${await freePort()}`;
  const args = [`--config.file=${toolFile('snmp_exporter.yml')}`, `--web.listen-address=${host}`];
  const child = spawn(program, [...args, '--log.level=error'], { stdio: ['ignore', 'ignore', 'inherit'] });
  await untilAnswers(`http://${host}/metrics`);
  return { ...peerOf(child), host };
}

/** Debian's Prometheus with this configuration, which scrapes whatever it names. */
export async function startPrometheus(
  config: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Peer & { readonly url: string }> {
  const program = programPath('prometheus');
  if (program === undefined) throw new Error('this needs prometheus');
  const folder = makeFolder({ 'prometheus.yml': config, ...more });
  const host = `127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${folder}`,
    `--web.listen-address=${host}`,
    '--log.level=error',
    '--web.enable-remote-write-receiver',
  ];
  const peer = peerOf(spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
  await untilAnswers(`http://${host}/-/ready`);
  return {
    ...peer,
    url: `http://${host}`,
    async stop() {
      await peer.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's VictoriaMetrics, which takes samples of any time. */
export async function startVictoria(): Promise<Peer & { readonly url: string }> {
  const program = programPath('victoria-metrics');
  if (program === undefined) throw new Error('this needs victoria-metrics');
  const folder = makeFolder();
  const host = `127.0.0.1:${await freePort()}`;
  const args = [
    `-storageDataPath=${folder}`,
    `-httpListenAddr=${host}`,
    '-retentionPeriod=100y',
    '-loggerLevel=ERROR',
    '-memory.allowedBytes=256MB',
  ];
  const peer = peerOf(spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }));
  await untilAnswers(`http://${host}/health`);
  return {
    ...peer,
    url: `http://${host}`,
    async stop() {
      await peer.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface CollectorPeer extends Peer {
  readonly page: string;
  /** Of the first administrator, who is made for it. */
  readonly cookie: string;
  readonly config: string;
  reload(): void;
}

/** The token by which a collector that is started here lets pushes in. */
export const PUSH_TOKEN = 'push-token-of-a-benchmark';

/** The collector as `npm start` runs it, on a site of these files. */
export async function startCollectorProgram(
  files: Readonly<Record<string, string>>,
  data = makeFolder(),
): Promise<CollectorPeer> {
  const config = makeFolder(files);
  const { flags, env } = launchSettings('collector');
  const child = spawn(
    process.execPath,
    [...flags, builtProgram('collector/main.ts'), '--config', config, '--data', data],
    {
      env: {
        ...env,
        ...process.env,
        WATCHKEEPER_LISTEN: '127.0.0.1:0',
        WATCHKEEPER_AGENT_TOKEN: PUSH_TOKEN,
        WATCHKEEPER_LOG: 'error',
        ...MEASURED_ENV,
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const { addresses } = await new Promise<ReadyMessage>((ready, failed) => {
    child.once('message', (message) => ready(message as ReadyMessage));
    child.once('exit', () => failed(new Error('the collector could not start')));
  });
  const peer = peerOf(child);
  const page = addresses['page'] ?? '';
  return {
    pid: peer.pid,
    page,
    config,
    cookie: await firstAdministrator(page, addresses['firstRunPath'] ?? ''),
    reload: () => child.kill('SIGHUP'),
    async stop() {
      await peer.stop();
      for (const folder of [config, data]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function firstAdministrator(page: string, path: string): Promise<string> {
  const answer = await fetch(`${page}/api/first-run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: page },
    body: JSON.stringify({
      token: /[\w-]{43}/.exec(path)?.[0],
      name: 'bench',
      displayName: 'Bench',
      password: 'a correct horse of a battery',
      others: {
        secAdmin: { name: 'security', displayName: 'Security' },
        auditAdmin: { name: 'audit', displayName: 'Audit' },
      },
      language: 'en',
    }),
  });
  if (!answer.ok) throw new Error(`no administrator: ${await answer.text()}`);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

export interface AgentPeer extends Peer {
  /** `http://127.0.0.1:PORT` */
  readonly page: string;
  reload(): void;
}

/** The agent as `npm start` runs it, on a site of these files. */
export async function startAgentProgram(files: Readonly<Record<string, string>>): Promise<AgentPeer> {
  const config = makeFolder(files);
  const data = makeFolder();
  const { flags, env } = launchSettings('agent');
  const child = spawn(
    process.execPath,
    [...flags, builtProgram('agents/main.ts'), '--config', config, '--data', data],
    {
      env: {
        ...env,
        ...process.env,
        WATCHKEEPER_AGENT_LISTEN: '127.0.0.1:0',
        WATCHKEEPER_TRAP_LISTEN: '127.0.0.1:0',
        WATCHKEEPER_LOG: 'warn',
        ...MEASURED_ENV,
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const { addresses } = await new Promise<ReadyMessage>((ready, failed) => {
    child.once('message', (message) => ready(message as ReadyMessage));
    child.once('exit', () => failed(new Error('the agent could not start')));
  });
  const peer = peerOf(child);
  return {
    pid: peer.pid,
    page: addresses['page'] ?? '',
    reload: () => child.kill('SIGHUP'),
    async stop() {
      await peer.stop();
      for (const folder of [config, data]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

let isEndingWithUs = false;

/** Who is ended by a signal takes its peers along: a fleet that is left behind would go on answering. */
function endWithUs(): void {
  if (isEndingWithUs) return;
  isEndingWithUs = true;
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)
    process.once(signal, () => process.exit(code));
}

function peerOf(child: ChildProcess): Peer {
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const end = (): void => {
    child.kill('SIGKILL');
  };
  endWithUs();
  process.once('exit', end);
  return {
    pid: child.pid ?? 0,
    async stop() {
      process.off('exit', end);
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function untilAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok === true) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`${url} never answered`);
}
