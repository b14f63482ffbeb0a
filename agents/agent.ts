import { loadConfig, type Env } from '../config/load.ts';
import { METRICS, SITE_FACTS } from '../config/model/metrics.ts';
import { defined } from '../config/model/defined.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Log } from '../config/runtime/log.ts';
import type { Running } from '../config/runtime/program.ts';
import type { Member } from './fleet.ts';
import { HOST_FAMILIES } from './host/families.ts';
import { servePage } from './page/server.ts';
import { createPageWriter } from './page/page.ts';
import type { Family } from './page/text.ts';
import { PUSH_FAMILIES } from './push/families.ts';
import { startPush } from './push/push.ts';
import { createSelf, SELF_FAMILIES } from './self.ts';
import { deviceBody } from './source.ts';
import { openTransport } from './snmp/transport.ts';
import { startTraps, TRAP_FAMILIES, type TrapDevice } from './traps/traps.ts';
import { createWatch } from './watch.ts';

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

/** Everything that a page can show, in the order in which it does. */
export const FAMILIES: ReadonlyMap<string, Family> = new Map<string, Family>([
  ...Object.entries({ ...METRICS, ...SITE_FACTS }).map(
    ([name, { type, help }]) => [name, { type: type === 'counter' ? 'counter' : 'gauge', help }] as const,
  ),
  ...Object.entries(HOST_FAMILIES),
  ...Object.entries(SELF_FAMILIES),
  ...Object.entries(PUSH_FAMILIES),
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
  const self = createSelf(transport, clock);
  const pages = createPageWriter(FAMILIES);
  const traps = await startTraps({
    listen: config.agent.trapListen,
    dataFolder,
    clock,
    log,
    pollNow: (id) => watch.pollNow(id),
  });
  const push = startPush({ settings: config.agent, dataFolder, env, clock, log });
  const watch = createWatch({
    onPolled: (id, polling) => push.onPolled(id, polling),
    env,
    clock,
    log,
    transport,
    self,
    onAssigned: (members, profiles) => traps.assign(members.flatMap(trapDevice), profiles),
  });
  const server = await servePage(config.agent.listen, {
    metrics: (format) => {
      self.countDevices(watch.size, watch.countUp());
      return self.timePage(() => pages.write([...watch.pages(), self, traps, push], format));
    },
    device: (id) => {
      const member = watch.member(id);
      return member && deviceBody(member.sources, traps.of(id));
    },
    traps: () => traps.body(),
  }).catch(async (error: unknown) => {
    await push.stop();
    await traps.stop();
    await transport.close();
    throw error;
  });
  watch.assign(config);
  log.info({ devices: watch.size, page: server.url }, 'agent started');
  return {
    addresses: defined({ page: server.url, traps: traps.address }) as Readonly<Record<string, string>>,
    // oxlint-disable-next-line require-await -- a fault rejects
    async reload() {
      watch.assign(loadConfig(configFolder, env));
      log.info({ devices: watch.size }, 'configuration reloaded');
    },
    hear(message) {
      if (message.kind === 'collector') push.setCollector(message.url);
    },
    async stop() {
      await server.stop();
      await traps.stop();
      // First, so that polls which wait for an answer end at once.
      await transport.close();
      await watch.stop();
      await push.stop();
    },
  };
}

function trapDevice({ sources: { id, snmp } }: Member): readonly TrapDevice[] {
  return snmp === undefined ? [] : [{ id, ...snmp }];
}
