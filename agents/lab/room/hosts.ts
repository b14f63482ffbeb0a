import { approach, clamp, noise, officeActivity, seedOf } from './noise.ts';

/** What has a processor: servers and network devices. */
export const HOSTS = [
  'server-1',
  'server-2',
  'server-3',
  'server-4',
  'firewall-1',
  'switch-1',
  'switch-2',
] as const;
export type HostName = (typeof HOSTS)[number];

const GIB = 1024 ** 3;

/** How a host is built and what its work is like. */
export interface HostBuild {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly dataBytes: number;
  readonly idleWatts: number;
  readonly busyWatts: number;
  /** Load at rest, and what office hours (or, for a backup server, the night) add to it. */
  readonly restRatio: number;
  readonly workRatio: number;
  readonly isNightWorker: boolean;
}

const SERVER = { dataBytes: 2_000 * GIB, isNightWorker: false } as const;
const SWITCH = {
  cores: 1,
  memoryBytes: 2 * GIB,
  dataBytes: 4 * GIB,
  idleWatts: 95,
  busyWatts: 130,
  restRatio: 0.08,
  workRatio: 0.1,
  isNightWorker: false,
} as const;

export const HOST_BUILDS: Readonly<Record<HostName, HostBuild>> = {
  'server-1': {
    ...SERVER,
    cores: 8,
    memoryBytes: 64 * GIB,
    idleWatts: 190,
    busyWatts: 460,
    restRatio: 0.12,
    workRatio: 0.38,
  },
  'server-2': {
    ...SERVER,
    cores: 16,
    memoryBytes: 256 * GIB,
    idleWatts: 280,
    busyWatts: 640,
    restRatio: 0.2,
    workRatio: 0.35,
  },
  'server-3': {
    ...SERVER,
    cores: 4,
    memoryBytes: 32 * GIB,
    idleWatts: 130,
    busyWatts: 300,
    restRatio: 0.06,
    workRatio: 0.3,
  },
  'server-4': {
    ...SERVER,
    cores: 8,
    memoryBytes: 64 * GIB,
    dataBytes: 24_000 * GIB,
    idleWatts: 260,
    busyWatts: 480,
    restRatio: 0.08,
    workRatio: 0.4,
    isNightWorker: true,
  },
  'firewall-1': { ...SWITCH, cores: 2, memoryBytes: 8 * GIB, workRatio: 0.3, busyWatts: 150 },
  'switch-1': SWITCH,
  'switch-2': SWITCH,
};

export interface Host {
  /** Share of the processors at work, 0 to 1. */
  readonly busyRatio: number;
  /** Mean length of the run queue over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number];
  readonly memoryRatio: number;
  readonly dataUsedRatio: number;
  /** Processor time since the start, in hundredths of a second, over all cores. */
  readonly busyTicks: number;
  readonly idleTicks: number;
}

/** A day's work fills this share of the data volume; beyond the second figure old files are cleared away, down to the first. */
const FILL_RATIO_PER_DAY = 0.02;
const CLEARED_RATIO = 0.58;
const CLEAR_ABOVE_RATIO = 0.74;
const LOAD_TAUS_MS = [60_000, 300_000, 900_000] as const;
const BUSY_TAU_MS = 4_000;
const DAY_MS = 86_400_000;

export function startHost(name: HostName, seed: number, atMs: number): Host {
  const busyRatio = workOf(name, seed, atMs);
  const load = busyRatio * HOST_BUILDS[name].cores;
  return {
    busyRatio,
    load: [load, load, load],
    memoryRatio: memoryOf(name, seed, atMs, busyRatio),
    dataUsedRatio: 0.64 + noise(seedOf(seed, `${name} data`), 0, 1) * 0.06,
    busyTicks: 0,
    idleTicks: 0,
  };
}

/** A host that was switched on just now: its counts begin anew, its disks keep what they hold. */
export function restarted(host: Host): Host {
  return { ...host, busyRatio: 0, load: [0, 0, 0], busyTicks: 0, idleTicks: 0 };
}

export function stepHost(
  name: HostName,
  host: Host,
  { seed, atMs, dtMs }: { seed: number; atMs: number; dtMs: number },
): Host {
  const { cores } = HOST_BUILDS[name];
  const busyRatio = approach(host.busyRatio, workOf(name, seed, atMs), dtMs, BUSY_TAU_MS);
  const queue = busyRatio * cores;
  const used = host.dataUsedRatio + (FILL_RATIO_PER_DAY * dtMs) / DAY_MS;
  const ticks = (cores * dtMs) / 10;
  return {
    busyRatio,
    load: [
      approach(host.load[0], queue, dtMs, LOAD_TAUS_MS[0]),
      approach(host.load[1], queue, dtMs, LOAD_TAUS_MS[1]),
      approach(host.load[2], queue, dtMs, LOAD_TAUS_MS[2]),
    ],
    memoryRatio: memoryOf(name, seed, atMs, busyRatio),
    dataUsedRatio: used > CLEAR_ABOVE_RATIO ? CLEARED_RATIO : used,
    busyTicks: host.busyTicks + ticks * busyRatio,
    idleTicks: host.idleTicks + ticks * (1 - busyRatio),
  };
}

/** Power that the host draws. */
export function hostWatts(name: HostName, host: Host): number {
  const { idleWatts, busyWatts } = HOST_BUILDS[name];
  return idleWatts + (busyWatts - idleWatts) * host.busyRatio;
}

/** What the host has to do: the course of the day, waves of minutes, flurries of seconds. */
function workOf(name: HostName, seed: number, atMs: number): number {
  const { restRatio, workRatio, isNightWorker } = HOST_BUILDS[name];
  const day = isNightWorker ? 1 - officeActivity(atMs) : officeActivity(atMs);
  const own = seedOf(seed, name);
  const waves = 1 + 0.35 * noise(own, atMs, 150_000) + 0.2 * noise(own + 1, atMs, 12_000);
  return clamp((restRatio + workRatio * day) * waves, 0.01, 0.98);
}

function memoryOf(name: HostName, seed: number, atMs: number, busyRatio: number): number {
  return clamp(0.42 + 0.25 * busyRatio + 0.05 * noise(seedOf(seed, name) + 2, atMs, 600_000), 0.05, 0.95);
}
