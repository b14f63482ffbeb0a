import { join } from 'node:path';
import type { Env } from '../config/load.ts';
import { defined } from '../config/model/defined.ts';
import { LAB_SOCKET } from '../config/model/lab.ts';
import { formatFault } from '../config/yaml-file.ts';
import { agentRoutes } from './api/agents.ts';
import { alertRoutes } from './api/alerts.ts';
import { answerRoutes } from './api/answer.ts';
import { postedAlertRoutes } from './api/posted-alerts.ts';
import type { ApiPlugin } from './api/api.ts';
import { attentionRoutes } from './api/attention.ts';
import { careRoutes } from './api/care.ts';
import { chaseRoutes } from './api/chases.ts';
import { auditRoutes } from './api/audit.ts';
import type { AccessTokens } from './api/auth/access-tokens.ts';
import { createProofs, type Proofs } from './api/auth/proofs.ts';
import type { Sessions } from './api/auth/sessions.ts';
import { deviceRoutes } from './api/devices.ts';
import { historyRoutes } from './api/history.ts';
import { marksRoutes } from './api/marks.ts';
import { labRoutes } from './api/lab.ts';
import { ownAccountRoutes } from './api/own-account.ts';
import { peopleRoutes } from './api/people.ts';
import { prometheusRoutes } from './api/prometheus.ts';
import { receiverRoutes } from './api/receivers.ts';
import { reloadRoutes } from './api/reload.ts';
import { agentTraps } from './api/agent-device.ts';
import { trapRoutes } from './api/traps.ts';
import { agentTargets } from './ingest/agents.ts';
import { writeRoutes, type WriteDoor } from './api/write.ts';
import { sessionRoutes } from './api/session.ts';
import { ruleRoutes } from './api/rules.ts';
import { siteRoutes } from './api/site.ts';
import { watchRoutes } from './api/watch.ts';
import { rosterPlugin } from './duty-work.ts';
import type { JoinedAgents } from './ingest/joined-agents.ts';
import { localWriters } from './ingest/local-writers.ts';
import { zoneViews } from './ingest/zones.ts';
import type { Queries } from './promql/worker/queries.ts';
import { rootRoutes } from './api/root.ts';
import { roundRoutes } from './api/rounds.ts';
import type { Parts } from './parts.ts';

/** How long a round waits for what a sensor says. */
const SENSOR_LIMIT_MS = 3_000;

/** Every route of the collector. */
export function plugins(parts: Parts & { readonly queries: Queries }): readonly ApiPlugin[] {
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
      site,
      scrapeIntervalMs: () => config().collector.scrapeIntervalMs,
      readings: (device) => watching.readings(device),
      askAgent: watching.askAgent,
    }),
    marksRoutes({ db, clock, site }),
    trapRoutes(agentTraps(() => agentTargets(config().collector, env))),
    historyRoutes({ db }),
    auditRoutes({ db, clock }),
    ...alertPlugins(parts),
    roundRoutes({
      db,
      clock,
      site,
      proofs,
      roster: parts.roster,
      tellHasty: parts.watch.tellHasty,
      askSensors: (query, atMs) => queries.instant(query, atMs, AbortSignal.timeout(SENSOR_LIMIT_MS)),
    }),
    watchRoutes({ ...parts.watch.routes, proofs }),
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
