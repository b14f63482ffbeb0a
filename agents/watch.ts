import type { Env } from '../config/load.ts';
import type { Log } from '../config/runtime/log.ts';
import { buildFleet, type FleetDeps, type Member } from './fleet.ts';
import { portsOf } from './lab/ports.ts';
import type { PageSource } from './page/text.ts';
import { createPoller, line, type Poller } from './poller.ts';
import type { Settings } from './settings/settings.ts';
import { isUp } from './source.ts';
import { sparingMemory } from './spare-memory.ts';
import { createPlanner } from './snmp/plan.ts';

/** What an agent reads: the devices of its zone, polled. */
export interface Watch {
  /** Reads these devices from now on, and no others. */
  assign(settings: Settings): void;
  readonly size: number;
  member(id: string): Member | undefined;
  pages(): readonly PageSource[];
  countUp(): number;
  pollNow(id: string): void;
  stop(): Promise<void>;
}

export interface WatchDeps extends Omit<FleetDeps, 'planOf' | 'exploreLine'> {
  readonly env: Env;
  readonly log: Log;
  /** Told the devices that are read, when they change. */
  readonly onAssigned: (members: readonly Member[]) => void;
}

/** Exploring holds all that a device has in memory; a thousand at once would take more than all the rest. */
const EXPLORED_AT_ONCE = 24;

export function createWatch(deps: WatchDeps): Watch {
  const { env, transport, self, clock, log, onAssigned } = deps;
  const planOf = createPlanner();
  const exploring = sparingMemory(line(EXPLORED_AT_ONCE), { clock });
  let fleet: ReadonlyMap<string, Member> = new Map();
  const poller: Poller = createPoller({
    maxAtOnce: transport.maxInFlight,
    clock,
    onLate: () => self.countLate(),
    onError: (error) => log.error({ err: error }, 'polling failed'),
  });
  return {
    assign(settings) {
      tellFaults(settings, deps);
      const labPorts = portsOf(env['WATCHKEEPER_LAB_PORTS']);
      fleet = buildFleet({ settings, labPorts }, fleet, { ...deps, planOf, exploreLine: exploring.inLine });
      const members = [...fleet.values()];
      poller.assign(
        members.flatMap(({ polled }) => polled),
        settings.agent.pollIntervalMs,
      );
      onAssigned(members);
    },
    get size() {
      return fleet.size;
    },
    member: (id) => fleet.get(id),
    pages: () => [...fleet.values()].map(({ page }) => page),
    countUp: () => [...fleet.values()].filter(({ sources }) => isUp(sources) === true).length,
    pollNow: (id) => poller.pollNow(id),
    async stop() {
      await poller.stop();
      exploring.stop();
    },
  };
}

/** Profiles that have faults are left out. */
function tellFaults({ profileFaults }: Settings, { self, log }: WatchDeps): void {
  self.setProfileFaults(profileFaults.length);
  for (const fault of profileFaults) log.warn({ fault }, 'a device profile has a fault and is not used');
}
