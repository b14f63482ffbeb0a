import { join } from 'node:path';
import { SHIPPED_FOLDER, type Config, type Env } from '../config/load.ts';
import type { Profile } from '../config/model/profile.ts';
import { openProfiles } from '../config/profiles.ts';
import type { Log } from '../config/runtime/log.ts';
import { formatFault } from '../config/yaml-file.ts';
import { buildFleet, type FleetDeps, type Member } from './fleet.ts';
import { portsOf } from './lab/ports.ts';
import type { PageSource } from './page/text.ts';
import { createPoller, line, type Poller } from './poller.ts';
import { isUp } from './source.ts';
import { createPlanner } from './snmp/plan.ts';

/** What an agent reads: the devices of its configuration, polled. */
export interface Watch {
  /** Reads the devices of this configuration from now on, and no others. */
  assign(config: Config): void;
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
  /** Told the devices that are read, and the profiles, when they change. */
  readonly onAssigned: (members: readonly Member[], profiles: readonly Profile[]) => void;
}

/** Exploring holds all that a device has in memory; a thousand at once would take more than all the rest. */
const EXPLORED_AT_ONCE = 24;

export function createWatch(deps: WatchDeps): Watch {
  const { env, transport, self, clock, log, onAssigned } = deps;
  const planOf = createPlanner();
  const exploreLine = line(EXPLORED_AT_ONCE);
  let fleet: ReadonlyMap<string, Member> = new Map();
  const poller: Poller = createPoller({
    maxAtOnce: transport.maxInFlight,
    clock,
    onLate: () => self.countLate(),
    onError: (error) => log.error({ err: error }, 'polling failed'),
  });
  return {
    assign(config) {
      const profiles = usableProfiles(config, deps);
      const labPorts = portsOf(env['WATCHKEEPER_LAB_PORTS']);
      fleet = buildFleet({ config, profiles, labPorts }, fleet, { ...deps, planOf, exploreLine });
      const members = [...fleet.values()];
      poller.assign(
        members.flatMap(({ polled }) => polled),
        config.agent.pollIntervalMs,
      );
      onAssigned(members, profiles);
    },
    get size() {
      return fleet.size;
    },
    member: (id) => fleet.get(id),
    pages: () => [...fleet.values()].map(({ page }) => page),
    countUp: () => [...fleet.values()].filter(({ sources }) => isUp(sources) === true).length,
    pollNow: (id) => poller.pollNow(id),
    stop: () => poller.stop(),
  };
}

/** Profiles without faults; the others are told and left out. */
function usableProfiles(config: Config, { self, log }: WatchDeps): readonly Profile[] {
  const { profiles, faults } = openProfiles(config.profileFiles, join(SHIPPED_FOLDER, 'profiles'));
  self.setProfileFaults(faults.length);
  for (const fault of faults)
    log.warn({ fault: formatFault(fault) }, 'a device profile has a fault and is not used');
  return profiles;
}
