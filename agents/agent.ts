import { loadConfig, type Config, type Env } from '../config/load.ts';
import { METRICS, SITE_FACTS } from '../config/model/metrics.ts';
import { defined } from '../config/model/defined.ts';
import type { Profile } from '../config/model/profile.ts';
import { loadProfiles } from '../config/profiles.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Log } from '../config/runtime/log.ts';
import type { Running } from '../config/runtime/program.ts';
import { formatFault } from '../config/yaml-file.ts';
import { buildFleet, type Member } from './fleet.ts';
import { HOST_FAMILIES } from './host/families.ts';
import { portsOf } from './lab/ports.ts';
import { servePage } from './page/server.ts';
import { createPageWriter } from './page/page.ts';
import type { Family } from './page/text.ts';
import { createPoller, line, type Poller } from './poller.ts';
import { createSelf, SELF_FAMILIES, type Self } from './self.ts';
import { deviceBody, isUp } from './source.ts';
import { createPlanner } from './snmp/plan.ts';
import { openTransport, type Transport } from './snmp/transport.ts';
import { startTraps, TRAP_FAMILIES, type TrapDevice } from './traps/traps.ts';

/** An agent that runs: polls its devices and shows them on its page (`addresses.page`). */
export type Agent = Running;

export interface AgentOptions {
  readonly configFolder: string;
  /** Where it keeps what must outlast it; absent: nothing is kept. */
  readonly dataFolder?: string;
  readonly env: Env;
  readonly clock: Clock;
  readonly log: Log;
}

/** Exploring holds all that a device has in memory; a thousand at once would take more than all the rest. */
const EXPLORED_AT_ONCE = 64;

/** Everything that a page can show, in the order in which it does. */
export const FAMILIES: ReadonlyMap<string, Family> = new Map<string, Family>([
  ...Object.entries({ ...METRICS, ...SITE_FACTS }).map(
    ([name, { type, help }]) => [name, { type: type === 'counter' ? 'counter' : 'gauge', help }] as const,
  ),
  ...Object.entries(HOST_FAMILIES),
  ...Object.entries(SELF_FAMILIES),
  ...Object.entries(TRAP_FAMILIES),
]);

/**
 * Starts the agent on the configuration in a folder.
 * @throws {WatchkeeperError} `config_invalid` or `port_in_use`.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { configFolder, dataFolder, env, clock, log } = options;
  const config = loadConfig(configFolder, env);
  const transport = await openTransport(clock);
  const self = createSelf(transport);
  const planOf = createPlanner();
  const pages = createPageWriter(FAMILIES);
  const exploreLine = line(EXPLORED_AT_ONCE);
  let fleet: ReadonlyMap<string, Member> = new Map();
  const poller = pollerOf(transport, self, options);
  const traps = await startTraps({
    listen: config.agent.trapListen,
    dataFolder,
    clock,
    log,
    pollNow: (id) => poller.pollNow(id),
  });

  const employ = (settings: Config): void => {
    const profiles = usableProfiles(settings, self, log);
    const labPorts = portsOf(env['WATCHKEEPER_LAB_PORTS']);
    fleet = buildFleet({ config: settings, profiles, labPorts }, fleet, {
      clock,
      transport,
      self,
      planOf,
      exploreLine,
    });
    poller.assign(
      [...fleet.values()].flatMap(({ polled }) => polled),
      settings.agent.pollIntervalMs,
    );
    traps.assign([...fleet.values()].flatMap(trapDevice), profiles);
  };

  const server = await servePage(config.agent.listen, {
    metrics: (format) => {
      self.countDevices(fleet.size, countUp(fleet));
      const sources = [...fleet.values()].map(({ page }) => page);
      return self.timePage(() => pages.write([...sources, self, traps], format));
    },
    device: (id) => {
      const member = fleet.get(id);
      return member && deviceBody(member.sources, traps.of(id));
    },
    traps: () => traps.body(),
  }).catch(async (error: unknown) => {
    await traps.stop();
    await transport.close();
    throw error;
  });
  employ(config);
  log.info({ devices: fleet.size, page: server.url }, 'agent started');
  return {
    addresses: defined({ page: server.url, traps: traps.address }) as Readonly<Record<string, string>>,
    // oxlint-disable-next-line require-await -- a fault rejects
    async reload() {
      employ(loadConfig(configFolder, env));
      log.info({ devices: fleet.size }, 'configuration reloaded');
    },
    async stop() {
      await server.stop();
      await traps.stop();
      // First, so that polls which wait for an answer end at once.
      await transport.close();
      await poller.stop();
    },
  };
}

function pollerOf(
  transport: Transport,
  self: Self,
  { clock, log }: Pick<AgentOptions, 'clock' | 'log'>,
): Poller {
  return createPoller({
    maxAtOnce: transport.maxInFlight,
    clock,
    onLate: () => self.countLate(),
    onError: (error) => log.error({ err: error }, 'polling failed'),
  });
}

function trapDevice({ sources: { id, snmp } }: Member): readonly TrapDevice[] {
  return snmp === undefined ? [] : [{ id, ...snmp }];
}

/** Profiles without faults; the others are told and left out. */
function usableProfiles(config: Config, self: Self, log: Log): readonly Profile[] {
  const { profiles, faults } = loadProfiles(config.profileFiles);
  self.setProfileFaults(faults.length);
  for (const fault of faults)
    log.warn({ fault: formatFault(fault) }, 'a device profile has a fault and is not used');
  return profiles;
}

function countUp(fleet: ReadonlyMap<string, Member>): number {
  return [...fleet.values()].filter(({ sources }) => isUp(sources) === true).length;
}
