import { randomUUID } from 'node:crypto';
import type { Config, Env } from '../config/load.ts';
import type { LiveEntry, ReadingsView } from '../config/model/api.ts';
import type { Severity } from '../config/model/severity.ts';
import type { Clock } from '../config/runtime/clock.ts';
import { every, type Loop } from '../config/runtime/every.ts';
import type { Log } from '../config/runtime/log.ts';
import { monotonicMs } from '../config/runtime/system-clock.ts';
import { agentDevices } from './api/agent-device.ts';
import { createDevices, type Devices } from './devices/devices.ts';
import { createSources } from './devices/sources.ts';
import { faultsOf, isAgentUp, watcherView } from './health.ts';
import { agentTargets, isAgent, pageTargets } from './ingest/agents.ts';
import { createReceiver, type Receiver } from './ingest/receiver.ts';
import { createScraper, type Scraper } from './ingest/scraper.ts';
import type { TargetHealth } from './ingest/target.ts';
import { zoneViews } from './ingest/zones.ts';
import { createLiveHub, type LiveHub } from './live/hub.ts';
import { createPaced } from './live/paced.ts';
import { createLiveRoom, type LiveRoom } from './live/room.ts';
import { startOwnMetrics, type OwnFigures } from './own-metrics.ts';
import { openKeeping, type Keeping } from './keeping.ts';
import type { Elsewhere } from './promql/elsewhere/open.ts';
import type { Head } from './series/head.ts';
import type { History } from './series/history/keep.ts';
import type { JoinedSeries } from './series/history/joined.ts';

/** The half of the collector that watches: samples in, the state of the room out to the browsers. */
export interface Watching {
  readonly head: Head;
  /** The head and what is kept behind it. */
  readonly series: JoinedSeries;
  /** Absent where it is off. */
  readonly history: History | undefined;
  /** Who answers PromQL instead of the history here. */
  readonly elsewhere: Elsewhere | undefined;
  /** Everything that is scraped, and how it does. */
  targets(): readonly TargetHealth[];
  /** What is pushed. */
  readonly receiver: Receiver;
  readonly hub: LiveHub;
  readonly room: LiveRoom;
  /** What a device told last, with sources as far as they are known; `undefined` if the site has no such device. */
  readings(device: string): ReadingsView | undefined;
  readonly askAgent: ReturnType<typeof agentDevices>;
  /** What keeps it from its work, in words. */
  faults(): readonly string[];
  /** Goes on with the configuration as it is now. */
  apply(): Promise<void>;
  stop(): Promise<void>;
}

export interface WatchingDeps {
  readonly config: () => Config;
  readonly env: Env;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly isSessionAlive: (session: string) => Promise<boolean>;
  readonly alertSeverity: (device: string) => Severity | undefined;
  readonly recordsFaults: () => readonly string[];
  /** What is wrong beside the watching, for the watcher's page. */
  readonly otherFaults: () => readonly string[];
  /** What is counted beside the watching. */
  readonly otherFigures: () => Pick<
    OwnFigures,
    | 'rules'
    | 'backupAgeSeconds'
    | 'certificateEnds'
    | 'recordsFaults'
    | 'waysDown'
    | 'modem'
    | 'dutyFacts'
    | 'attention'
  >;
}

const RETENTION_CHECK_MS = 60_000;
const OWN_METRICS_EACH_MS = 5_000;
/** Who writes at least so often finds its labels remembered; for who writes less, reading them anew costs little. */
const IDLE_WRITERS_MS = 15_000;

export async function startWatching(deps: WatchingDeps): Promise<Watching> {
  const { config, env, clock, log } = deps;
  const startedAtMs = clock.nowMs();
  const agents = () => agentTargets(config().collector, env);
  const keeper = openKeeper(deps);
  const { head, history, series, elsewhere } = keeper;
  const { receiver, scraper } = gatherers(deps, head, () => showing.request());
  const faults = () => faultsNow(deps, { scraper, keeper });
  const askAgent = agentDevices(agents);
  const devices = devicesOf(deps, head, scraper);
  const sources = createSources({ clock, askAgent, onKnown: (device) => hub.publish([entryOf(device)]) });
  const readings = (device: string): ReadingsView | undefined => {
    const view = devices.readings(device);
    return view && sources.withSources(view);
  };
  const entryOf = (device: string): LiveEntry => [`readings/${device}`, readings(device) ?? null];
  const hub = createLiveHub({
    epoch: randomUUID(),
    clock,
    log,
    isSessionAlive: deps.isSessionAlive,
    readingsOf: (device) => [entryOf(device)],
  });
  const room = createLiveRoom({
    hub,
    nowMs: () => clock.nowMs(),
    site: () => config().site,
    deviceViews: (atMs) => devices.update(atMs),
    readings,
    watcher: () =>
      watcherView(agentsOf(scraper), { startedAtMs, faults: [...faults(), ...deps.otherFaults()] }),
  });
  const showing = createPaced(clock, monotonicMs, () => room.update());
  const keeping = keepHead(deps, { startedAtMs, keeper, hub, receiver });
  const apply = async (): Promise<void> => {
    await applySettings(deps, { scraper, keeper });
    room.showSite();
  };
  await apply();

  return {
    head,
    series,
    history,
    elsewhere,
    targets: () => scraper.health(),
    receiver,
    hub,
    room: { ...room, update: () => showing.request() },
    readings,
    askAgent,
    faults,
    apply,
    async stop() {
      await scraper.setTargets([], 0);
      showing.stop();
      await keeping.stop();
      await hub.stop();
    },
  };
}

/** Scrapes what is to be scraped now, and sends to whom it is to be sent. */
async function applySettings(
  { config, env }: WatchingDeps,
  { scraper, keeper }: { scraper: Scraper; keeper: Keeping },
): Promise<void> {
  const { scrape, collector } = config();
  const targets = [...agentTargets(collector, env), ...pageTargets(scrape)];
  await scraper.setTargets(targets, collector.scrapeIntervalMs);
  await keeper.remote.apply();
}

/** Reads back what was known before the restart. */
function openKeeper(deps: WatchingDeps): Keeping {
  const { config, clock, log } = deps;
  const nowMs = clock.nowMs();
  const { headRetentionMs, headFlushMs } = config().collector;
  const keeper = openKeeping(deps);
  const { disk } = keeper;
  const { series, samples, newestAtMs = nowMs, isWhole } = disk.restored;
  const lostSeconds = isWhole ? 0 : headFlushMs / 1_000;
  const fields = {
    series,
    samples,
    retentionSeconds: headRetentionMs / 1_000,
    awaySeconds: (nowMs - newestAtMs) / 1_000,
  };
  if (isWhole) log.info(fields, 'samples were read back');
  else
    log.warn(
      { ...fields, lostSeconds },
      'samples were read back; up to the lost seconds before the end are missing',
    );
  return keeper;
}

/** How the agents do; that of another target is its own matter. */
function agentsOf(scraper: Scraper) {
  return scraper.health().filter(({ config }) => isAgent(config));
}

interface Figured {
  readonly startedAtMs: number;
  readonly keeper: Keeping;
  readonly hub: LiveHub;
  readonly receiver: Receiver;
}

function ownFigures(
  { otherFigures, config, clock }: WatchingDeps,
  { startedAtMs, keeper, hub, receiver }: Figured,
): OwnFigures {
  const { head, disk } = keeper;
  const { clients, cutOff } = hub.size;
  return {
    startedAtMs,
    series: head.size.series,
    liveClients: clients,
    liveClientsCutOff: cutOff,
    isHeadFull: head.isFull,
    headUsedRatio: head.usedRatio,
    headDiskFaults: disk.faults().length,
    history: keeper.figures(),
    remote: keeper.remote.figures(),
    elsewhere: keeper.elsewhere?.figures(),
    writes: receiver.counters,
    zones: zoneViews(config().devices, head, clock.nowMs()),
    ...otherFigures(),
  };
}

/** The two roads by which samples come. */
function gatherers({ config, clock, log }: WatchingDeps, head: Head, onNews: () => void) {
  const receiver = createReceiver({ head, clock, outOfOrderMs: () => config().collector.outOfOrderMs });
  receiver.onPush(onNews);
  return { receiver, scraper: createScraper({ head, clock, log, onScraped: onNews }) };
}

function faultsNow(
  { config, clock, recordsFaults }: WatchingDeps,
  { scraper, keeper }: { scraper: Scraper; keeper: Keeping },
): readonly string[] {
  const { scrapeIntervalMs } = config().collector;
  return [
    ...faultsOf(agentsOf(scraper), { nowMs: clock.nowMs(), scrapeIntervalMs }),
    ...seriesFaults(keeper.head),
    ...keeper.faults(),
    ...recordsFaults(),
  ];
}

/** From here on somebody should look before new series are refused; the rule `SeriesNearLimit` has the same. */
const NEAR_FULL_RATIO = 0.8;

function seriesFaults({ isFull, usedRatio, size }: Keeping['head']): readonly string[] {
  if (isFull) return ['there are too many series: new ones are not taken'];
  if (usedRatio < NEAR_FULL_RATIO) return [];
  const percent = Math.floor(usedRatio * 100);
  return [`there are ${size.series} series, ${percent} % of what fits: beyond it new ones are not taken`];
}

function devicesOf({ config, alertSeverity }: WatchingDeps, head: Head, scraper: Scraper): Devices {
  return createDevices({
    seriesOf: (device) => head.seriesWith('device', device),
    settings: () => {
      const { site, agent, collector } = config();
      const { scrapeIntervalMs } = collector;
      return { devices: site.devices, pollIntervalMs: agent.pollIntervalMs, scrapeIntervalMs };
    },
    isAgentUp: (instance) => isAgentUp(agentsOf(scraper), instance),
    alertSeverity,
  });
}

/** Lets go of what is too old, and writes what the collector tells of itself. */
function keepHead(deps: WatchingDeps, figured: Figured): Loop {
  const { config, clock, log } = deps;
  const { keeper, receiver } = figured;
  const { head, disk, remote } = keeper;
  const own = startOwnMetrics(head, () => ownFigures(deps, figured));
  const onError = (err: unknown): void => log.error({ err }, 'keeping the head failed');
  const loops = [
    every(clock, { intervalMs: IDLE_WRITERS_MS, onError }, () => receiver.forgetIdle()),
    every(clock, { intervalMs: OWN_METRICS_EACH_MS, onError }, (slotMs) => own.write(slotMs)),
    every(clock, { intervalMs: config().collector.headFlushMs, onError }, async (slotMs) => {
      await remote.gatherLate();
      await disk.flush(slotMs);
    }),
    every(clock, { intervalMs: RETENTION_CHECK_MS, onError }, (slotMs) => keeper.dropOld(slotMs)),
  ];
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await Promise.all([keeper.stop(), disk.stop(clock.nowMs())]);
      own.stop();
    },
  };
}
