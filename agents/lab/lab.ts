import type { LabScenario } from '../../config/model/lab.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { every } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import { deviceViews } from './mib/devices.ts';
import { encodeTrap, reportsOf } from './reports.ts';
import { COMMUNITY, startResponder, type Responder } from './responder.ts';
import { clamp } from './room/noise.ts';
import { LAB_DEVICES, runs, startRoom, withScenario, type LabDevice, type Room } from './room/room.ts';
import { step } from './room/step.ts';

/** A simulated room whose devices answer. */
export interface Lab {
  /** Device → `127.0.0.1:PORT`. */
  readonly addresses: Readonly<Record<string, string>>;
  room(): Room;
  /** Makes something happen; it can be read from the devices at once. */
  play(scenario: LabScenario): void;
  stop(): Promise<void>;
}

export interface LabDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** The ports of devices that had one before; the others get what the system gives. */
  readonly ports?: Readonly<Record<string, number>>;
  /** All when absent. */
  readonly devices?: readonly LabDevice[];
  readonly seed?: number;
  /** The port of this machine where traps are heard; absent: none are sent. */
  readonly trapPort?: number | undefined;
}

const STEP_MS = 1_000;
/** The room has found its balance before anybody reads it. */
const SETTLING_MS = 600_000;
/** A machine that slept longer does not make up for it: the room slept too. */
const MAX_GAP_MS = 10_000;

/** @throws {WatchkeeperError} `port_in_use`; nothing listens then. */
export async function startLab({
  clock,
  log,
  ports = {},
  devices = LAB_DEVICES,
  seed,
  trapPort,
}: LabDeps): Promise<Lab> {
  let steppedAtMs = clock.nowMs();
  let room = step(startRoom(steppedAtMs - SETTLING_MS, seed), SETTLING_MS);
  const become = (next: Room): void => {
    const before = room;
    room = next;
    if (trapPort === undefined) return;
    for (const report of reportsOf(before, next)) {
      const startedAtMs = next.startedAtMs[report.device];
      if (startedAtMs !== undefined)
        responders.get(report.device)?.send(encodeTrap(report, COMMUNITY, next.atMs - startedAtMs), trapPort);
    }
  };
  const advance = (): void => {
    const nowMs = clock.nowMs();
    become(step(room, clamp(nowMs - steppedAtMs, 0, MAX_GAP_MS)));
    steppedAtMs = nowMs;
  };
  const roomOf = (device: LabDevice) => (): Room | undefined => (runs(room, device) ? room : undefined);
  const responders = await startResponders(devices, ports, roomOf);
  const stepping = every(
    clock,
    { intervalMs: STEP_MS, onError: (error) => log.error({ err: error }, 'the room could not be stepped') },
    advance,
  );
  return {
    addresses: Object.fromEntries(
      [...responders].map(([device, { port }]) => [device, `127.0.0.1:${port}`] as const),
    ),
    room: () => room,
    play(scenario) {
      advance();
      become(step(withScenario(room, scenario), 1));
      log.info({ scenario }, 'a scenario was played');
    },
    async stop() {
      await stepping.stop();
      await stopAll(responders.values());
    },
  };
}

async function startResponders(
  devices: readonly LabDevice[],
  ports: Readonly<Record<string, number>>,
  roomOf: (device: LabDevice) => () => Room | undefined,
): Promise<ReadonlyMap<LabDevice, Responder>> {
  const views = deviceViews();
  const responders = new Map<LabDevice, Responder>();
  try {
    for (const device of devices) {
      const view = views.get(device);
      if (view === undefined) continue;
      const responder = await startResponder({ view, room: roomOf(device), port: ports[device] ?? 0 });
      responders.set(device, responder);
    }
    return responders;
  } catch (error) {
    await stopAll(responders.values());
    throw error;
  }
}

async function stopAll(responders: Iterable<Responder>): Promise<void> {
  await Promise.all([...responders].map((responder) => responder.stop()));
}
