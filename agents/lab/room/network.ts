import { noise, officeActivity, seedOf } from './noise.ts';

/** A plug: `device:port`. */
export type PortName = string;

export interface Link {
  /** The second end is out of the room (a provider, somebody's desk) where it is absent. */
  readonly ends: readonly [PortName, PortName?];
  /** Mean traffic of a busy hour, in bytes per second: out of the first end, and into it. */
  readonly out: number;
  readonly in: number;
  readonly mbit: number;
  /** Says what the port is for. */
  readonly alias: string;
}

const MB = 1_000_000;

const SERVER_LINKS: readonly Link[] = [1, 2, 3, 4].flatMap((number) => [
  serverLink(number, 'eth0', 'switch-1'),
  serverLink(number, 'eth1', 'switch-2'),
]);

function serverLink(number: number, card: string, peer: string): Link {
  const busy = card === 'eth0' ? 1 : 0.2;
  return {
    ends: [`server-${number}:${card}`, `${peer}:GE1/0/${number}`],
    out: 9 * MB * busy,
    in: 3 * MB * busy,
    mbit: 1_000,
    alias: `server-${number} ${card}`,
  };
}

/** Sockets of the offices: the last of each switch lead nowhere. */
const DESKS = 8;
const PORTS = 16;
const DESK_LINKS: readonly Link[] = ['switch-1', 'switch-2'].flatMap((device) =>
  Array.from({ length: DESKS }, (_, index) => ({
    ends: [`${device}:GE1/0/${5 + index}`] as const,
    out: 0.4 * MB,
    in: 0.05 * MB,
    mbit: 1_000,
    alias: `office ${index + 1}`,
  })),
);

export const LINKS: readonly Link[] = [
  { ends: ['firewall-1:wan1'], out: 2 * MB, in: 6 * MB, mbit: 1_000, alias: 'provider' },
  {
    ends: ['firewall-1:lan1', 'switch-1:XGE1/0/1'],
    out: 5 * MB,
    in: 2 * MB,
    mbit: 10_000,
    alias: 'firewall to switch-1',
  },
  {
    ends: ['firewall-1:lan2', 'switch-2:XGE1/0/1'],
    out: 2 * MB,
    in: 1 * MB,
    mbit: 10_000,
    alias: 'firewall to switch-2',
  },
  {
    ends: ['switch-1:XGE1/0/2', 'switch-2:XGE1/0/2'],
    out: 20 * MB,
    in: 12 * MB,
    mbit: 10_000,
    alias: 'switch-1 to switch-2',
  },
  ...SERVER_LINKS,
  ...DESK_LINKS,
];

const LINK_OF_PORT: ReadonlyMap<PortName, Link> = new Map(
  LINKS.flatMap((link) => link.ends.filter((end) => end !== undefined).map((end) => [end, link] as const)),
);

/** The ports of each device in the order of their numbers. */
export const PORTS_OF: Readonly<Record<string, readonly PortName[]>> = {
  'firewall-1': ['wan1', 'lan1', 'lan2', 'dmz1'].map((port) => `firewall-1:${port}`),
  'switch-1': switchPorts('switch-1'),
  'switch-2': switchPorts('switch-2'),
  ...Object.fromEntries(
    [1, 2, 3, 4].map((number) => [
      `server-${number}`,
      ['eth0', 'eth1'].map((card) => `server-${number}:${card}`),
    ]),
  ),
};

function switchPorts(device: string): readonly PortName[] {
  const copper = Array.from({ length: PORTS }, (_, index) => `${device}:GE1/0/${index + 1}`);
  return [...copper, `${device}:XGE1/0/1`, `${device}:XGE1/0/2`];
}

export function linkOf(port: PortName): Link | undefined {
  return LINK_OF_PORT.get(port);
}

export function deviceOfPort(port: PortName): string {
  return port.slice(0, port.indexOf(':'));
}

export interface PortCounters {
  readonly isUp: boolean;
  readonly changedAtMs: number;
  readonly inBytes: number;
  readonly outBytes: number;
  readonly inPackets: number;
  readonly outPackets: number;
  readonly inErrors: number;
  readonly outDiscards: number;
}

const PACKET_BYTES = 700;
/** One packet of so many is broken on the way. */
const PACKETS_PER_ERROR = 40_000_000;
const PACKETS_PER_DISCARD = 9_000_000;
const WRAP = 2 ** 32;

/** Ports that have counted for a while; the 32-bit counters of some are about to wrap. */
export function startPorts(seed: number, atMs: number): Readonly<Record<PortName, PortCounters>> {
  const ports = Object.values(PORTS_OF).flat();
  return Object.fromEntries(
    ports.map((port) => {
      const isUp = linkOf(port) !== undefined;
      const inBytes = isUp ? Math.floor((12 + noise(seedOf(seed, port), 0, 1)) * WRAP) - 40 * MB : 0;
      const counters = { ...restartedPort(atMs), isUp, inBytes, outBytes: Math.floor(inBytes / 2) };
      return [port, { ...counters, ...packetsOf(counters) }];
    }),
  );
}

/** A port whose device was switched on just now. */
export function restartedPort(atMs: number): PortCounters {
  return {
    isUp: false,
    changedAtMs: atMs,
    inBytes: 0,
    outBytes: 0,
    inPackets: 0,
    outPackets: 0,
    inErrors: 0,
    outDiscards: 0,
  };
}

export interface NetworkSurroundings {
  readonly runs: (device: string) => boolean;
  readonly seed: number;
  readonly atMs: number;
  readonly dtMs: number;
}

export function stepPort(port: PortName, counters: PortCounters, around: NetworkSurroundings): PortCounters {
  const link = linkOf(port);
  const isUp =
    link !== undefined && link.ends.every((end) => end === undefined || around.runs(deviceOfPort(end)));
  const changedAtMs = isUp === counters.isUp ? counters.changedAtMs : around.atMs;
  if (!isUp) return { ...counters, isUp, changedAtMs };
  const [sent, received] = link.ends[0] === port ? [link.out, link.in] : [link.in, link.out];
  const seconds = around.dtMs / 1000;
  const flow = flowOf(link, around) * seconds;
  const bytes = {
    inBytes: counters.inBytes + received * flow,
    outBytes: counters.outBytes + sent * flow,
  };
  return { ...counters, isUp, changedAtMs, ...bytes, ...packetsOf(bytes) };
}

/** Share of its busy hour's traffic that a link carries now; the same at both ends. */
function flowOf({ alias }: Link, { seed, atMs }: NetworkSurroundings): number {
  const own = seedOf(seed, alias);
  const waves = 1 + 0.5 * noise(own, atMs, 60_000) + 0.3 * noise(own + 1, atMs, 7_000);
  return (0.15 + 0.85 * officeActivity(atMs)) * waves;
}

type Counted = Pick<PortCounters, 'inPackets' | 'outPackets' | 'inErrors' | 'outDiscards'>;

function packetsOf({ inBytes, outBytes }: { inBytes: number; outBytes: number }): Counted {
  const inPackets = Math.floor(inBytes / PACKET_BYTES);
  const outPackets = Math.floor(outBytes / PACKET_BYTES);
  return {
    inPackets,
    outPackets,
    inErrors: Math.floor(inPackets / PACKETS_PER_ERROR),
    outDiscards: Math.floor(outPackets / PACKETS_PER_DISCARD),
  };
}
