import { stepAir } from './air.ts';
import { HOSTS, hostWatts, restarted, stepHost, type Host, type HostName } from './hosts.ts';
import { deviceOfPort, restartedPort, stepPort, type PortCounters } from './network.ts';
import { delivers, inputWatts, stepUps } from './power.ts';
import { goesOn, LAB_DEVICES, runs, type Disturbance, type LabDevice, type Room } from './room.ts';

/** The heat balance is computed in steps of at most so long, or it would swing. */
const MAX_STEP_MS = 1_000;

/** The room `dtMs` later. Everything moves from the one state to the next; nothing is drawn by chance. */
export function step(room: Room, dtMs: number): Room {
  let next = room;
  for (let leftMs = dtMs; leftMs > 0; leftMs -= MAX_STEP_MS) {
    next = stepOnce(next, Math.min(leftMs, MAX_STEP_MS));
  }
  return next;
}

function stepOnce(before: Room, dtMs: number): Room {
  const atMs = before.atMs + dtMs;
  let room: Room = { ...before, atMs };
  room = { ...room, startedAtMs: stepRunning(room) };
  room = { ...room, hosts: stepHosts(before, room, dtMs) };
  room = { ...room, ups: stepPower(room, dtMs) };
  room = { ...room, air: stepClimate(room, dtMs) };
  return { ...room, ports: stepNetwork(before, room, dtMs) };
}

/** Power that all hosts draw that run. */
export function demandWatts(room: Room): number {
  return HOSTS.reduce((sum, name) => (runs(room, name) ? sum + hostWatts(name, room.hosts[name]) : sum), 0);
}

/** What has power and is not disturbed runs; what comes back has started now. */
function stepRunning(room: Room): Room['startedAtMs'] {
  const hasPower = delivers(room.ups.A) || delivers(room.ups.B);
  const entries = LAB_DEVICES.filter((device) => isAble(room, device, hasPower)).map(
    (device) => [device, room.startedAtMs[device] ?? room.atMs] as const,
  );
  return Object.fromEntries(entries);
}

/** What a disturbance stops. */
const STOPPED_BY: Readonly<Partial<Record<LabDevice, Disturbance>>> = {
  'firewall-1': 'firewall-down',
  'switch-2': 'switch-down',
};

function isAble(room: Room, device: LabDevice, hasPower: boolean): boolean {
  // The card of a UPS has a small reserve of its own: it tells to the end that the battery is empty.
  if (device === 'ups-a' || device === 'ups-b') return true;
  const disturbance = STOPPED_BY[device];
  return hasPower && (disturbance === undefined || !goesOn(room, disturbance));
}

function hasRestarted(before: Room, room: Room, device: LabDevice): boolean {
  return !runs(before, device) && runs(room, device);
}

function stepHosts(before: Room, room: Room, dtMs: number): Room['hosts'] {
  const next = (name: HostName): Host => {
    const host = room.hosts[name];
    if (!runs(room, name)) return host;
    if (hasRestarted(before, room, name)) return restarted(host);
    return stepHost(name, host, { seed: room.seed, atMs: room.atMs, dtMs });
  };
  return Object.fromEntries(HOSTS.map((name) => [name, next(name)])) as Record<HostName, Host>;
}

/** Every host draws from both feeds; what one cannot give, the other must. */
function stepPower(room: Room, dtMs: number): Room['ups'] {
  const hasMains = !goesOn(room, 'mains-failure');
  const isGiving = { A: hasMains || delivers(room.ups.A), B: hasMains || delivers(room.ups.B) };
  const feeds = Number(isGiving.A) + Number(isGiving.B);
  const share = feeds === 0 ? 0 : demandWatts(room) / feeds;
  // The halves are never quite equal: power supplies differ.
  const skew = feeds === 2 ? 0.04 * share : 0;
  const around = { hasMains, roomCelsius: room.air.coldCelsius, dtMs };
  return {
    A: stepUps(room.ups.A, { ...around, demandWatts: isGiving.A ? share + skew : 0 }),
    B: stepUps(room.ups.B, { ...around, demandWatts: isGiving.B ? share - skew : 0 }),
  };
}

/** What goes into the UPS or comes out of their batteries stays in the room as heat, but for what is stored. */
function stepClimate(room: Room, dtMs: number): Room['air'] {
  const heatOf = ({ A, B }: Room['ups']): number =>
    [A, B].reduce((sum, ups) => sum + inputWatts(ups) - ups.batteryWatts, 0);
  return stepAir(room.air, {
    heatWatts: heatOf(room.ups),
    isCooled: !goesOn(room, 'mains-failure'),
    isContainmentOpen: goesOn(room, 'hot-aisle'),
    isDoorOpen: goesOn(room, 'door-open'),
    seed: room.seed,
    atMs: room.atMs,
    dtMs,
  });
}

function stepNetwork(before: Room, room: Room, dtMs: number): Room['ports'] {
  const around = {
    runs: (device: string) => runs(room, device as LabDevice),
    seed: room.seed,
    atMs: room.atMs,
    dtMs,
  };
  const entries = Object.entries(room.ports).map(([port, counters]): [string, PortCounters] => {
    const hasNewStart = hasRestarted(before, room, deviceOfPort(port) as LabDevice);
    return [port, stepPort(port, hasNewStart ? restartedPort(room.atMs) : counters, around)];
  });
  return Object.fromEntries(entries);
}
