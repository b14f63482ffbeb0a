import { readFile, statfs } from 'node:fs/promises';
import { hostname, loadavg, machine, release, type, version } from 'node:os';
import type { Labels } from '../../config/model/labels.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { HostSample } from './families.ts';
import { readMemory, readNetwork, readStat } from './proc.ts';

/** This machine, read by the agent itself. */
export interface Host {
  /** Reads it once. Never throws: what cannot be read is left out. */
  poll(): Promise<void>;
  read(): HostReading;
}

/** What was read last. */
export interface HostReading {
  readonly samples: readonly HostSample[];
  /** The labels of `device_info`. */
  readonly info: Labels;
  /** 0 before the first time. */
  readonly atMs: number;
}

interface Mount {
  readonly path: string;
  readonly type: string;
}

/** Which file systems there are is asked of the system's programs; that costs processes, so not with every poll. */
const LOOK_FOR_MOUNTS_EVERY_POLLS = 60;
const PASSING_FILE_SYSTEMS = new Set(['tmpfs', 'devtmpfs', 'squashfs', 'ramfs', 'iso9660', 'efivarfs']);

export function createHost(clock: Clock): Host {
  let reading: HostReading = { samples: [], info: {}, atMs: 0 };
  let mounts: readonly Mount[] = [];
  let polls = 0;
  return {
    read: () => reading,
    async poll() {
      const info = polls === 0 ? await inventory() : reading.info;
      if (polls % LOOK_FOR_MOUNTS_EVERY_POLLS === 0) mounts = await findMounts().catch(() => mounts);
      polls += 1;
      const parts = await Promise.allSettled([
        load(),
        fromFile('/proc/stat', readStat),
        fromFile('/proc/meminfo', readMemory).catch(memoryElsewhere),
        fromFile('/proc/net/dev', readNetwork),
        ...mounts.map(fileSystem),
      ]);
      const read = parts.flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
      reading = { samples: [...read, uname()], info, atMs: clock.nowMs() };
    },
  };
}

/** Loaded by the agent that reads its own machine, when it does: others have no use for it. */
// oxlint-disable-next-line explicit-function-return-type -- the type of a module is told by its import alone
const asked = async () => import('systeminformation');

async function inventory(): Promise<Labels> {
  const { system } = await asked();
  const { manufacturer, model } = await system().catch(() => ({ manufacturer: '', model: '' }));
  return { vendor: manufacturer, model, firmware: `${type()} ${release()}`, system_name: hostname() };
}

async function findMounts(): Promise<readonly Mount[]> {
  const { fsSize } = await asked();
  const found = await fsSize();
  const byPath = new Map(found.map(({ mount, type: fileSystemType }) => [mount, fileSystemType]));
  return [...byPath]
    .filter(([path, fileSystemType]) => path === '/' || !PASSING_FILE_SYSTEMS.has(fileSystemType))
    .map(([path, fileSystemType]) => ({ path, type: fileSystemType }));
}

async function fileSystem({ path, type: fstype }: Mount): Promise<readonly HostSample[]> {
  const { blocks, bfree, bavail, bsize } = await statfs(path);
  if (blocks === 0) return [];
  const labels = { mountpoint: path, fstype };
  return [
    { metric: 'node_filesystem_size_bytes', labels, value: blocks * bsize },
    { metric: 'node_filesystem_free_bytes', labels, value: bfree * bsize },
    { metric: 'node_filesystem_avail_bytes', labels, value: bavail * bsize },
  ];
}

async function fromFile(
  path: string,
  read: (text: string) => readonly HostSample[],
): Promise<readonly HostSample[]> {
  return read(await readFile(path, 'utf8'));
}

/** Where there is no /proc. */
async function memoryElsewhere(): Promise<readonly HostSample[]> {
  const { mem } = await asked();
  const { total, free, available } = await mem();
  return [
    { metric: 'node_memory_MemTotal_bytes', labels: {}, value: total },
    { metric: 'node_memory_MemFree_bytes', labels: {}, value: free },
    { metric: 'node_memory_MemAvailable_bytes', labels: {}, value: available },
  ];
}

async function load(): Promise<readonly HostSample[]> {
  const [load1 = 0, load5 = 0, load15 = 0] = loadavg();
  return [
    { metric: 'node_load1', labels: {}, value: load1 },
    { metric: 'node_load5', labels: {}, value: load5 },
    { metric: 'node_load15', labels: {}, value: load15 },
  ];
}

function uname(): HostSample {
  const labels = {
    sysname: type(),
    release: release(),
    version: version(),
    machine: machine(),
    nodename: hostname(),
  };
  return { metric: 'node_uname_info', labels, value: 1 };
}
