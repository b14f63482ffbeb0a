import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Alerting } from '../alerting/alerting.ts';
import { loadConfig, type Config } from '../config/load.ts';
import { defined } from '../config/model/defined.ts';
import { addressForLinks } from '../config/model/listen.ts';
import { WatchkeeperError } from '../config/model/errors.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Log } from '../config/runtime/log.ts';
import { ROOT } from '../config/runtime/place.ts';
import type { Running } from '../config/runtime/program.ts';
import { createAlertBoard, startAlarms, type Alarms } from './alarms.ts';
import { alarmFigures } from './attention-metrics.ts';
import { openEntrance, type Entrance } from './api/auth/entrance.ts';
import { newFirstRunPath } from './api/auth/first-run.ts';
import { createAccessTokens } from './api/auth/access-tokens.ts';
import { createPasswords } from './api/auth/passwords.ts';
import { createSessions, type SessionDeps } from './api/auth/sessions.ts';
import { growthRoutes } from './api/growth.ts';
import { startServer, type Server } from './api/server.ts';
import type { DutyFacts } from './duty/facts.ts';
import { keepDuty } from './duty-work.ts';
import { certifyAgent } from './https/agent-certificate.ts';
import { CONTROL_SOCKET, startControl } from './control.ts';
import { createJoinedAgents } from './ingest/joined-agents.ts';
import { createQueries } from './promql/worker/queries.ts';
import { fingerprintOf } from './https/root-files.ts';
import { openHttps, type Https } from './https/open.ts';
import { isId } from '../config/schema/common.ts';
import { ruleWork, type RuleWork } from './rule-work.ts';
import { openRecords } from './records/open.ts';
import { growthOf } from './growth/growth.ts';
import { samplePage } from './sample-pages.ts';
import { startUpkeep } from './upkeep.ts';
import { startWatching, type Watching } from './watching.ts';
import { startWatchWork, type WatchWork } from './watch-work.ts';
import type { CollectorDeps, Parts } from './parts.ts';
import { plugins } from './routes.ts';

/** A collector that runs. */
export type Collector = Running & Required<Pick<Running, 'reload'>>;

/** What a query of a person or a program may cost; the main loop goes on meanwhile. */
const QUERY_BOUNDS = { limitMs: 30_000, maxSamples: 50_000_000 };

const WEB_FOLDER = join(ROOT, 'web', 'dist');

/**
 * Starts the collector: the records, the watching, the pages and the control socket.
 * @throws {WatchkeeperError} saying what is wrong with the configuration, the data folder or the address; nothing runs then.
 */
export async function startCollector(deps: CollectorDeps): Promise<Collector> {
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (let part = started.pop(); part !== undefined; part = started.pop()) await part.stop();
  };
  try {
    return { ...(await assemble(deps, started)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Who may come in: people by their sessions and passwords, programs by their tokens. */
function openAccounts(deps: SessionDeps): Pick<Parts, 'sessions' | 'tokens' | 'passwords'> {
  return {
    sessions: createSessions(deps),
    tokens: createAccessTokens(deps),
    passwords: createPasswords(),
  };
}

/** Each part that has started goes onto `started`, to be stopped in the reverse order. */
async function assemble(
  deps: CollectorDeps,
  started: { stop(): Promise<void> }[],
): Promise<Omit<Collector, 'stop'>> {
  const { configFolder, dataFolder, env, clock, log } = deps;
  let config = loadConfig(configFolder, env);
  const host = hostname();
  const { db, ...records } = await keepRecords(deps, () => config, started);
  const accounts = openAccounts({ db, clock, people: () => config.collector.people });
  const https = await openHttps({ config: () => config, dataFolder, clock, log });
  const board = createAlertBoard();
  let alarms: Alarms | undefined;
  let watch: WatchWork | undefined;
  let server: Server | undefined;
  const { facts, ...planned } = await keepDuty({ ...deps, db }, () => config, started);
  const watching = await startWatching({
    ...deps,
    config: () => config,
    isSessionAlive: async (session) => (await accounts.sessions.renew(session)) !== undefined,
    alertSeverity: (device) => board.severityOf(device),
    recordsFaults: () => records.faults(),
    otherFaults: () => [...https.faults(), ...(alarms?.faults() ?? []), ...(watch?.faults() ?? [])],
    otherFigures: () => figuresOf(records, facts, https, alarms?.alerting),
  });
  started.push(https, watching);
  const pageUrl = (): string => (server === undefined ? '' : addressForLinks(server.page, host));
  const shared = { ...deps, ...watching, db, pageUrl };
  watch = await startWatchWork({
    ...shared,
    config: () => config,
    ...planned,
    alerting: () => alarms?.alerting,
    backupAgeSeconds: records.backupAgeSeconds,
  });
  started.push(watch);
  alarms = await startAlarms({
    ...shared,
    ...rulesOf(watching, clock),
    config,
    board,
    ...watch.forAlarms,
    onChange: () => watching.room.update(),
  });
  started.push(alarms);
  const { alerting } = alarms;
  const reload = async (): Promise<void> => {
    const next = loadConfig(configFolder, env);
    warnOfRestart(config, next, log);
    config = next;
    await applyConfig({ https, watching, alerting, log }, next);
  };
  const comers = { ...accounts, agents: createJoinedAgents({ db, clock, ...watching }) };
  const work = { ...planned, watching, watch, alerting };
  const parts = { ...deps, ...comers, ...work, db, reload, https, config: () => config };
  server = await serve(parts);
  // Live sockets first: the server waits for them.
  started.push(server, watching.hub);
  started.push(await control(parts, server.page));
  return { addresses: { ...addressesOf(server, https), ...(await enter(parts)) }, reload };
}

/** What is counted beside the watching. */
function figuresOf(
  records: Pick<KeptRecords, 'backupAgeSeconds' | 'ownFaults'>,
  facts: DutyFacts,
  { certificate }: Https,
  alerting: Alerting | undefined,
) {
  return {
    ...alarmFigures(alerting),
    backupAgeSeconds: records.backupAgeSeconds(),
    certificateEnds: certificate?.ends() ?? [],
    waysDown: alerting?.waysDown() ?? [],
    modem: alerting?.modem(),
    dutyFacts: facts.now(),
    recordsFaults: records.ownFaults().length,
  };
}

/** Where it answers, and by what its own authority is told from another. */
function addressesOf({ page, push }: Server, { certificate }: Https): Record<string, string> {
  const { isOfSite, authority } = certificate ?? {};
  if (authority === undefined || isOfSite === true) return { page, push };
  return { page, push, rootFingerprint: fingerprintOf(authority.root) };
}

/** The parts go on with the files as they are now. */
async function applyConfig(
  { https, watching, alerting, log }: Pick<Parts, 'https' | 'watching' | 'alerting' | 'log'>,
  next: Config,
): Promise<void> {
  await https.reload();
  await watching.apply();
  await alerting.reload(next);
  log.info('configuration reloaded');
}

function warnOfRestart(now: Config, next: Config, log: Log): void {
  const { listen } = next.collector;
  if (listen !== now.collector.listen)
    log.warn({ listen }, 'the address of the pages changes with the next start');
  if (JSON.stringify(next.query) !== JSON.stringify(now.query))
    log.warn({ url: next.query?.url }, 'the engine of query changes with the next start');
}

/** How rules are asked: here, or elsewhere where the settings say so. */
function rulesOf({ head, elsewhere }: Watching, clock: Clock): RuleWork {
  const here = ruleWork(head, clock);
  return elsewhere?.rules(here) ?? here;
}

type KeptRecords = Awaited<ReturnType<typeof keepRecords>>;

/** Opens the records, and sees to what they need from time to time. */
async function keepRecords(
  { dataFolder, clock, log }: CollectorDeps,
  config: () => Config,
  started: { stop(): Promise<void> }[],
) {
  const records = await openRecords(dataFolder, config().records);
  started.push({ stop: () => records.close() });
  const upkeep = startUpkeep({ db: records.db, clock, log, dataFolder, config });
  started.push(upkeep);
  return {
    db: records.db,
    ownFaults: () => records.faults(),
    faults: () => [...records.faults(), ...upkeep.faults()],
    backupAgeSeconds: () => upkeep.backupAgeSeconds(clock.nowMs()),
  };
}

async function serve(parts: Parts): Promise<Server> {
  const { config, sessions, tokens, watching, log, https } = parts;
  const { listen, publicUrl } = config().collector;
  const here = createQueries({ source: watching.series, ...QUERY_BOUNDS });
  const queries = watching.elsewhere?.queries(here) ?? here;
  const growth = growthOf(parts, queries);
  const server = await startServer(
    defined({
      log,
      listen,
      publicUrl,
      certificate: https.certificate,
      names: https.names,
      webFolder: WEB_FOLDER,
      door: { ...sessions, program: (token: string) => tokens.holder(token) },
      plugins: [...plugins({ ...parts, queries }), growthRoutes({ growth })],
      live: watching.hub,
      faults: () => watching.faults(),
    }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all([growth.stop(), queries.stop()]);
    await server.stop();
  };
  return { ...server, stop };
}

/** What the command line may ask. */
function control(
  { db, clock, watching, reload, dataFolder, log, agents, https }: Parts,
  page: string,
): ReturnType<typeof startControl> {
  return startControl({
    path: join(dataFolder, CONTROL_SOCKET),
    log,
    commands: {
      samples: async (request) => ({ ...(await samplePage(watching.series, request)) }),
      status: async () => ({ faults: watching.faults() }),
      'first-run': async () => {
        const path = await newFirstRunPath({ db, clock });
        return path === undefined ? {} : { link: `${page}${path}` };
      },
      'agent-token': async ({ zone }) => {
        if (!isId(zone)) throw new WatchkeeperError('invalid_request', 'The zone has no valid name.');
        return { token: await agents.makeToken(zone, { who: 'command line', origin: 'local' }) };
      },
      'agent-certificate': ({ zone, name }) =>
        certifyAgent({ agents, https, clock }, { zone, name }, { who: 'command line', origin: 'local' }),
      reload: async () => {
        await reload();
        return {};
      },
    },
  });
}

async function enter({
  db,
  clock,
  passwords,
  config,
  dataFolder,
  env,
}: Parts): Promise<Record<string, string>> {
  const entrance: Entrance = await openEntrance({
    db,
    clock,
    passwords,
    folder: dataFolder,
    isDemonstration: config().site.isDemonstration,
    isDemoLogin: env['WATCHKEEPER_DEMO_LOGIN'] === '1',
  });
  return { ...entrance };
}
