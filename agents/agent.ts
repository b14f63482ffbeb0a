import type { Env } from '../config/load.ts';
import { METRICS, SITE_FACTS } from '../config/model/metrics.ts';
import { defined } from '../config/model/defined.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Log } from '../config/runtime/log.ts';
import type { Running } from '../config/runtime/program.ts';
import type { Member } from './fleet.ts';
import { HOST_FAMILIES } from './host/families.ts';
import { servePage, type PageAnswers } from './page/server.ts';
import { createPageWriter } from './page/page.ts';
import type { Family } from './page/text.ts';
import { PUSH_FAMILIES } from './push/families.ts';
import { startPush, type Push } from './push/push.ts';
import { createSelf, SELF_FAMILIES, type Self } from './self.ts';
import type { Settings, SettingsReader } from './settings/settings.ts';
import { deviceBody } from './source.ts';
import { openTransport } from './snmp/transport.ts';
import { startTraps, TRAP_FAMILIES, type TrapDevice, type Traps } from './traps/traps.ts';
import { createWatch, type Watch } from './watch.ts';

/** An agent that runs: polls its devices and shows them on its page (`addresses.page`). */
export type Agent = Running;

export interface AgentOptions {
  /** Reads the site's files. */
  readonly settings: SettingsReader;
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
 * Starts the agent on what the site's files say; with it ends what reads them.
 * @throws {WatchkeeperError} `config_invalid` or `port_in_use`.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { settings, dataFolder, env, clock, log } = options;
  const first = await settings.read();
  const transport = await openTransport(clock);
  const self = createSelf(transport, clock);
  const traps = await startTraps({
    listen: first.agent.trapListen,
    dataFolder,
    clock,
    log,
    pollNow: (id) => watch.pollNow(id),
  });
  const push = startPush({ settings: first.agent, dataFolder, env, clock, log });
  const watch = createWatch({
    onPolled: (id, polling) => push.onPolled(id, polling),
    env,
    clock,
    log,
    transport,
    self,
    onAssigned: (members) => traps.assign(members.flatMap(trapDevice)),
  });
  const answers = pageAnswers({ self, watch, traps, push });
  const server = await servePage(first.agent.listen, answers).catch(async (error: unknown) => {
    await push.stop();
    await traps.stop();
    await transport.close();
    await settings.stop();
    throw error;
  });
  const assign = (now: Settings): void => {
    watch.assign(now);
    learnTraps(settings, traps, log);
  };
  assign(first);
  log.info({ devices: watch.size, page: server.url }, 'agent started');
  return {
    addresses: defined({ page: server.url, traps: traps.address }) as Readonly<Record<string, string>>,
    async reload() {
      assign(await settings.read());
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
      await settings.stop();
    },
  };
}

function trapDevice({ sources: { id, snmp } }: Member): readonly TrapDevice[] {
  return snmp === undefined ? [] : [{ id, ...snmp }];
}

function pageAnswers({
  self,
  watch,
  traps,
  push,
}: {
  self: Self;
  watch: Watch;
  traps: Traps;
  push: Push;
}): PageAnswers {
  const pages = createPageWriter(FAMILIES);
  return {
    metrics: (format) => {
      self.countDevices(watch.size, watch.countUp());
      return self.timePage(pages.write([...watch.pages(), self, traps, push], format));
    },
    device: (id) => {
      const member = watch.member(id);
      return member && deviceBody(member.sources, traps.of(id));
    },
    traps: () => traps.body(),
  };
}

/** Not waited for: until they are known, a trap is a reason to read its device all the same. */
function learnTraps(settings: SettingsReader, traps: Traps, log: Log): void {
  settings.traps().then(
    (known) => traps.know(known),
    (error: unknown) => log.error({ err: error }, 'what traps mean could not be read'),
  );
}
