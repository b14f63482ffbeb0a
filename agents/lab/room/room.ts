import { LAB_SCENARIOS, type LabScenario } from '../../../config/model/lab.ts';
import { startAir, type Air } from './air.ts';
import { HOSTS, startHost, type Host, type HostName } from './hosts.ts';
import { startPorts, type PortCounters } from './network.ts';
import { startUps, type Feed, type Ups } from './power.ts';

/** The simulated devices, by the names that `lab:` in a site's file gives. */
export const LAB_DEVICES = [
  'ups-a',
  'ups-b',
  'pdu-a',
  'pdu-b',
  'crac-1',
  'climate-a1',
  'climate-a3',
  'climate-b2',
  'leak-1',
  'smoke-1',
  'door-1',
  'firewall-1',
  'switch-1',
  'switch-2',
  'server-1',
  'server-2',
  'server-3',
  'server-4',
] as const;
export type LabDevice = (typeof LAB_DEVICES)[number];

/** What goes on until `recover`. */
export type Disturbance = Exclude<LabScenario, 'recover'>;

/** The whole simulated room at one instant: plain values, never changed; `step` makes the next. */
export interface Room {
  readonly atMs: number;
  readonly seed: number;
  readonly disturbances: readonly Disturbance[];
  readonly ups: Readonly<Record<Feed, Ups>>;
  readonly air: Air;
  readonly hosts: Readonly<Record<HostName, Host>>;
  /** By `device:port`. */
  readonly ports: Readonly<Record<string, PortCounters>>;
  /** When each device that runs was started; one that is not here stands still and answers nothing. */
  readonly startedAtMs: Readonly<Partial<Record<LabDevice, number>>>;
}

const DAY_MS = 86_400_000;

/** A room in its ordinary course. The seed decides how its values breathe. */
export function startRoom(atMs: number, seed = 1): Room {
  const started = LAB_DEVICES.map((device, index) => [device, atMs - (3 + index * 7) * DAY_MS] as const);
  const hosts = HOSTS.map((name) => [name, startHost(name, seed, atMs)] as const);
  return {
    atMs,
    seed,
    disturbances: [],
    ups: { A: startUps(), B: startUps() },
    air: startAir(),
    hosts: Object.fromEntries(hosts) as Record<HostName, Host>,
    ports: startPorts(seed, atMs),
    startedAtMs: Object.fromEntries(started),
  };
}

export function goesOn(room: Room, disturbance: Disturbance): boolean {
  return room.disturbances.includes(disturbance);
}

/** Begins what the scenario says; `recover` ends everything, and the room finds back by itself. */
export function withScenario(room: Room, scenario: LabScenario): Room {
  if (scenario === 'recover') return { ...room, disturbances: [] };
  if (goesOn(room, scenario)) return room;
  return { ...room, disturbances: [...room.disturbances, scenario] };
}

export function isScenario(text: unknown): text is LabScenario {
  return (LAB_SCENARIOS as readonly unknown[]).includes(text);
}

/** Whether a device works, and so answers. */
export function runs(room: Room, device: LabDevice): boolean {
  return room.startedAtMs[device] !== undefined;
}
