import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Alerting } from '../alerting/alerting.ts';
import { loadConfig, type Config, type Env } from '../config/load.ts';
import { defined } from '../config/model/defined.ts';
import { LAB_SOCKET } from '../config/model/lab.ts';
import { addressForLinks } from '../config/model/listen.ts';
import { WatchkeeperError } from '../config/model/errors.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Log } from '../config/runtime/log.ts';
import type { Running } from '../config/runtime/program.ts';
import { formatFault } from '../config/yaml-file.ts';
import { createAlertBoard, startAlarms, type Alarms } from './alarms.ts';
import { alarmFigures } from './attention-metrics.ts';
import { agentRoutes } from './api/agents.ts';
import { alertRoutes } from './api/alerts.ts';
import { answerRoutes } from './api/answer.ts';
import { postedAlertRoutes } from './api/posted-alerts.ts';
import type { ApiPlugin } from './api/api.ts';
import { attentionRoutes } from './api/attention.ts';
import { careRoutes } from './api/care.ts';
import { chaseRoutes } from './api/chases.ts';
import { auditRoutes } from './api/audit.ts';
import { openEntrance, type Entrance } from './api/auth/entrance.ts';
import { newFirstRunPath } from './api/auth/first-run.ts';
import { createAccessTokens, type AccessTokens } from './api/auth/access-tokens.ts';
import { createPasswords, type Passwords } from './api/auth/passwords.ts';
import { createProofs, type Proofs } from './api/auth/proofs.ts';
import { createSessions, type SessionDeps, type Sessions } from './api/auth/sessions.ts';
import { deviceRoutes } from './api/devices.ts';
import { growthRoutes } from './api/growth.ts';
import { historyRoutes } from './api/history.ts';
import { labRoutes } from './api/lab.ts';
import { ownAccountRoutes } from './api/own-account.ts';
import { peopleRoutes } from './api/people.ts';
import { prometheusRoutes } from './api/prometheus.ts';
import { receiverRoutes } from './api/receivers.ts';
import { reloadRoutes } from './api/reload.ts';
import { startServer, type Server } from './api/server.ts';
import { agentTraps } from './api/agent-device.ts';
import { trapRoutes } from './api/traps.ts';
import { agentTargets } from './ingest/agents.ts';
import { writeRoutes, type WriteDoor } from './api/write.ts';
import { sessionRoutes } from './api/session.ts';
import { ruleRoutes } from './api/rules.ts';
import { siteRoutes } from './api/site.ts';
import { watchRoutes } from './api/watch.ts';
import type { DutyFacts } from './duty/facts.ts';
import { keepDuty, rosterPlugin, type DutyWork } from './duty-work.ts';
import { certifyAgent } from './https/agent-certificate.ts';
import { CONTROL_SOCKET, startControl } from './control.ts';
import { createJoinedAgents, type JoinedAgents } from './ingest/joined-agents.ts';
import { localWriters } from './ingest/local-writers.ts';
import { zoneViews } from './ingest/zones.ts';
import { createQueries, type Queries } from './promql/worker/queries.ts';
import { fingerprintOf } from './https/root-files.ts';
import { openHttps, type Https } from './https/open.ts';
import { rootRoutes } from './api/root.ts';
import { isId } from '../config/schema/common.ts';
import { ruleWork } from './rule-work.ts';
import { roundRoutes } from './api/rounds.ts';
import { openRecords } from './records/open.ts';
import type { Db } from './records/tables.ts';
import { growthOf } from './growth.ts';
import { samplePage } from './sample-pages.ts';
import { startUpkeep } from './upkeep.ts';
import { startWatching, type Watching } from './watching.ts';
import { startWatchWork, type WatchWork } from './watch-work.ts';

/** A collector that runs. */
export type Collector = Running & Required<Pick<Running, 'reload'>>;

/** How long a round waits for what a sensor says. */
const SENSOR_LIMIT_MS = 3_000;
/** What a query of a person or a program may cost; the main loop goes on meanwhile. */
const QUERY_BOUNDS = { limitMs: 30_000, maxSamples: 50_000_000 };

export interface CollectorDeps {
  readonly configFolder: string;
  readonly dataFolder: string;
  readonly env: Env;
  readonly clock: Clock;
  readonly log: Log;
}

const WEB_FOLDER = join(import.meta.dirname, '..', 'web', 'dist');

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
    ...ruleWork(watching.head, clock),
    config,
    board,
    ...watch.forAlarms,
    onChange: () => watching.room.update(),
  });
  started.push(alarms);
  const { alerting } = alarms;
  const reload = async (): Promise<void> => {
    const next = loadConfig(configFolder, env);
    warnOfListen(config, next, log);
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

function warnOfListen({ collector: now }: Config, { collector: next }: Config, log: Log): void {
  if (next.listen === now.listen) return;
  log.warn({ listen: next.listen }, 'the address of the pages changes with the next start');
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

interface Parts extends CollectorDeps, Pick<DutyWork, 'roster' | 'rosterFacts'> {
  readonly db: Db;
  readonly sessions: Sessions;
  readonly tokens: AccessTokens;
  readonly passwords: Passwords;
  readonly watching: Watching;
  readonly watch: WatchWork;
  readonly alerting: Alerting;
  readonly config: () => Config;
  readonly reload: () => Promise<void>;
  readonly agents: JoinedAgents;
  readonly https: Https;
}

async function serve(parts: Parts): Promise<Server> {
  const { config, sessions, tokens, watching, log, https } = parts;
  const { listen, publicUrl } = config().collector;
  const queries = createQueries({ source: watching.series, ...QUERY_BOUNDS });
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

function plugins(parts: Parts & { readonly queries: Queries }): readonly ApiPlugin[] {
  const { queries, alerting, agents, db, clock, tokens, watching, config, reload, dataFolder, env, log } =
    parts;
  const { certificate } = parts.https;
  const site = () => config().site;
  const proofs = createProofs(parts);
  return [
    ...accountPlugins({ ...parts, proofs }),
    siteRoutes({ site }),
    deviceRoutes({
      series: watching.series,
      db,
      scrapeIntervalMs: () => config().collector.scrapeIntervalMs,
      readings: (device) => watching.readings(device),
      askAgent: watching.askAgent,
    }),
    trapRoutes(agentTraps(() => agentTargets(config().collector, env))),
    historyRoutes({ db }),
    auditRoutes({ db, clock }),
    ...alertPlugins(parts),
    roundRoutes({
      db,
      clock,
      site,
      proofs,
      askSensors: (query, atMs) => queries.instant(query, atMs, AbortSignal.timeout(SENSOR_LIMIT_MS)),
    }),
    watchRoutes({ ...parts.watch.routes, proofs: createProofs(parts) }),
    labRoutes({ isDemonstration: () => site().isDemonstration, socketPath: join(dataFolder, LAB_SOCKET) }),
    reloadRoutes({ reload }),
    rootRoutes({ root: () => (certificate?.isOfSite === false ? certificate.authority.root : undefined) }),
    writeRoutes({ receiver: watching.receiver, door: writersOf(env, agents, tokens), log }),
    agentRoutes({
      db,
      clock,
      agents,
      zones: () => zoneViews(config().devices, watching.head, clock.nowMs()),
    }),
    rosterPlugin(parts),
    ruleRoutes({
      queries,
      clock,
      groups: () => alerting.groups(),
      faults: () => alerting.faults().map(formatFault),
    }),
    prometheusRoutes({
      queries,
      targets: () => watching.targets(),
      scrapeIntervalMs: () => config().collector.scrapeIntervalMs,
      series: watching.series,
      clock,
      log,
      groups: () => alerting.groups(),
    }),
  ];
}

/** What is alarmed, who sees to it, who is told, and what it asks of the watch. */
function alertPlugins(parts: Parts & { readonly queries: Queries }): readonly ApiPlugin[] {
  const { queries, alerting, db, clock, config } = parts;
  const site = () => config().site;
  return [
    alertRoutes({ db, clock, alerting }),
    careRoutes({ db, clock, alerting, site, roster: parts.roster }),
    answerRoutes({ db, clock, alerting, site }),
    postedAlertRoutes({ alerting }),
    receiverRoutes({ db, clock, alerting }),
    chaseRoutes({ db, clock, alerting }),
    attentionRoutes({
      db,
      clock,
      site,
      queries,
      groups: () => alerting.groups(),
      headRetentionMs: () => config().collector.headRetentionMs,
    }),
  ];
}

/** The people, how they sign in, and what each does with the own account. */
function accountPlugins(parts: Parts & { readonly proofs: Proofs }): readonly ApiPlugin[] {
  const { db, clock, log, sessions, tokens, passwords, watching, config } = parts;
  const site = () => config().site;
  /** Who signs out is gone from the live socket at once. */
  const leaving: Sessions = {
    ...sessions,
    async end(step, session) {
      await sessions.end(step, session);
      watching.hub.endSession(session);
    },
  };
  const people = () => config().collector.people;
  const { publicUrl } = config().collector;
  const hasOwnRoot = (): boolean => parts.https.certificate?.isOfSite === false;
  const settings = { people, site, publicUrl, hasOwnRoot };
  const accounts = defined({ db, clock, log, passwords, sessions: leaving, ...settings });
  return [
    sessionRoutes(accounts),
    peopleRoutes({ ...accounts, tokens, timeZone: () => site().timeZone }),
    ownAccountRoutes({ ...accounts, proofs: parts.proofs }),
  ];
}

/** Who may push: the agent beside this collector, those that joined, and programs whose token is for it. */
function writersOf(env: Env, agents: JoinedAgents, tokens: AccessTokens): WriteDoor {
  const local = localWriters(env);
  return {
    async writer(token) {
      const agent = (await local.writer(token)) ?? (await agents.writer(token));
      if (agent !== undefined) return agent;
      const program = await tokens.holder(token);
      return program?.scopes.includes('metrics:write') === true ? { name: program.name } : undefined;
    },
    holder: (fingerprint) => agents.holder(fingerprint),
  };
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
