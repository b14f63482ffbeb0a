import type { ApiPlugin } from '../../collector/api/api.ts';
import { agentRoutes } from '../../collector/api/agents.ts';
import { alertRoutes } from '../../collector/api/alerts.ts';
import { answerRoutes } from '../../collector/api/answer.ts';
import { receiverRoutes } from '../../collector/api/receivers.ts';
import { notifyOf } from './notify.ts';
import { postedAlertRoutes } from '../../collector/api/posted-alerts.ts';
import { openCare } from '../../alerting/care/care.ts';
import { fakeCareStore } from './alert-stores.ts';
import { careRoutes } from '../../collector/api/care.ts';
import { chaseRoutes } from '../../collector/api/chases.ts';
import { attentionRoutes } from '../../collector/api/attention.ts';
import { auditRoutes } from '../../collector/api/audit.ts';
import { deviceRoutes } from '../../collector/api/devices.ts';
import { growthRoutes } from '../../collector/api/growth.ts';
import { historyRoutes } from '../../collector/api/history.ts';
import { marksRoutes } from '../../collector/api/marks.ts';
import { labRoutes } from '../../collector/api/lab.ts';
import { writeRoutes } from '../../collector/api/write.ts';
import { createJoinedAgents } from '../../collector/ingest/joined-agents.ts';
import { createReceiver } from '../../collector/ingest/receiver.ts';
import { peopleRoutes } from '../../collector/api/people.ts';
import { prometheusRoutes } from '../../collector/api/prometheus.ts';
import { reloadRoutes } from '../../collector/api/reload.ts';
import { rootRoutes } from '../../collector/api/root.ts';
import { createProofs } from '../../collector/api/auth/proofs.ts';
import { roundRoutes } from '../../collector/api/rounds.ts';
import { rosterRoutes } from '../../collector/api/roster.ts';
import { createRoster } from '../../collector/duty/roster/roster.ts';
import { ruleRoutes } from '../../collector/api/rules.ts';
import { siteRoutes } from '../../collector/api/site.ts';
import { trapRoutes } from '../../collector/api/traps.ts';
import { joinSeries } from '../../collector/series/history/joined.ts';
import { watchRoutes } from '../../collector/api/watch.ts';
import { createHead } from '../../collector/series/head.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Site } from '../../config/model/site.ts';
import { apiSite, FROM_PAGE, type ApiSite, type PluginDeps } from './api-site.ts';
import { manualClock } from './manual-clock.ts';
import { silentLog } from './silent-log.ts';
import { quietWatch } from './watch-site.ts';

type Method = 'GET' | 'POST' | 'DELETE' | 'HEAD';

const SITE: Site = {
  name: { 'zh-CN': '机房', en: 'Room' },
  isDemonstration: false,
  timeZone: 'Asia/Shanghai',
  rooms: [],
  devices: [],
};
const nobody = async () => undefined;
const nothing = async (): Promise<never> => {
  throw new WatchkeeperError('not_found', 'There is none.');
};

const nowhere = (): never => {
  throw new WatchkeeperError('not_found', 'There is none.');
};

const NO_CARE = await openCare({
  store: fakeCareStore(),
  nowMs: () => 0,
  instances: () => [],
  onChange: () => undefined,
});

/** All that there are but those of `session.ts` and `own-account.ts`, which are always there. */
export const PLUGINS: Readonly<Record<string, (deps: PluginDeps) => ApiPlugin>> = {
  agentRoutes: ({ db }) =>
    agentRoutes({
      db,
      clock: manualClock(),
      agents: createJoinedAgents({ db, clock: manualClock(), head: createHead() }),
      zones: () => [],
    }),
  alertRoutes: ({ db }) =>
    alertRoutes({
      db,
      clock: manualClock(),
      alerting: {
        active: () => [],
        verdicts: () => [],
        escalation: () => undefined,
        chases: () => [],
        endings: nowhere,
      },
    }),
  answerRoutes: ({ db }) =>
    answerRoutes({
      db,
      clock: manualClock(),
      site: () => SITE,
      alerting: { active: () => [], care: NO_CARE },
    }),
  receiverRoutes: ({ db }) =>
    receiverRoutes({
      db,
      clock: manualClock(),
      alerting: {
        notifySettings: () => notifyOf('receivers: []'),
        testMessages: () => [],
        sendNow: () => undefined,
        waysDown: () => [],
      },
    }),
  postedAlertRoutes: () => postedAlertRoutes({ alerting: { post: async () => 0 } }),
  chaseRoutes: ({ db }) =>
    chaseRoutes({
      db,
      clock: manualClock(),
      alerting: { chases: () => [], chaseTook: () => undefined },
    }),
  attentionRoutes: ({ db }) =>
    attentionRoutes({
      db,
      clock: manualClock(),
      site: () => SITE,
      groups: () => [],
      queries: { range: () => Promise.reject(new Error('unused')) },
      headRetentionMs: () => 0,
    }),
  auditRoutes: ({ db }) => auditRoutes({ db, clock: manualClock() }),
  careRoutes: ({ db }) =>
    careRoutes({
      db,
      clock: manualClock(),
      site: () => SITE,
      roster: { shiftAt: nobody },
      alerting: {
        active: () => [],
        seen: () => [],
        care: NO_CARE,
        escalation: () => undefined,
        groups: () => [],
        receiversOf: () => [],
      },
    }),
  historyRoutes: ({ db }) => historyRoutes({ db }),
  peopleRoutes: (deps) => peopleRoutes({ ...deps, timeZone: () => 'Asia/Shanghai' }),
  rosterRoutes: ({ db, clock, people }) =>
    rosterRoutes({
      db,
      clock,
      people,
      roster: createRoster({ db, timeZone: () => 'Asia/Shanghai', years: () => [] }),
      settings: () => ({ minRestMs: 0 }),
      timeZone: () => 'Asia/Shanghai',
      siteName: () => SITE.name,
    }),
  siteRoutes: () => siteRoutes({ site: () => SITE }),
  deviceRoutes: () =>
    deviceRoutes({
      series: { lines: async () => ({ older: [], newer: [] }) },
      site: () => SITE,
      scrapeIntervalMs: () => 5_000,
      readings: () => undefined,
      askAgent: nothing,
    }),
  marksRoutes: ({ db }) => marksRoutes({ db, clock: manualClock(), site: () => SITE }),
  growthRoutes: () => growthRoutes({ growth: { body: nothing } }),
  trapRoutes: () => trapRoutes(nothing),
  roundRoutes: (deps) =>
    roundRoutes({
      ...deps,
      site: () => SITE,
      roster: createRoster({ db: deps.db, timeZone: () => 'Asia/Shanghai', years: () => [] }),
      askSensors: nothing,
      proofs: createProofs(deps),
    }),
  watchRoutes: (deps) => watchRoutes(quietWatch(deps)),
  labRoutes: () => labRoutes({ isDemonstration: () => false, socketPath: '/nowhere' }),
  rootRoutes: () => rootRoutes({ root: () => undefined }),
  reloadRoutes: () => reloadRoutes({ reload: nothing }),
  ruleRoutes: () =>
    ruleRoutes({ queries: { dryRun: nothing }, clock: manualClock(), groups: () => [], faults: () => [] }),
  writeRoutes: () => {
    const receiver = createReceiver({ head: createHead(), clock: manualClock(), outOfOrderMs: () => 0 });
    return writeRoutes({ receiver, door: { writer: nobody, holder: nobody }, log: silentLog() });
  },
  prometheusRoutes: () =>
    prometheusRoutes({
      queries: {
        instant: () => Promise.reject(new Error('unused')),
        range: () => Promise.reject(new Error('unused')),
      },
      targets: () => [],
      scrapeIntervalMs: () => 5_000,
      series: joinSeries({ head: createHead(), history: undefined, headFromMs: () => 0, maxSamples: 1e6 }),
      clock: manualClock(),
      log: silentLog(),
      groups: () => [],
    }),
};

/** A site with all of them. */
export const siteWithRoutes = (): Promise<ApiSite> =>
  apiSite({ plugins: (deps) => Object.values(PLUGINS).map((plugin) => plugin(deps)) });

/** Asks a route of the table, like `GET /api/outbox`, with no more than these headers. */
export const callAs = (site: ApiSite, route: string, headers: Readonly<Record<string, string>>) => {
  const [method = '', url = ''] = route.split(' ');
  return site.api.inject({ method: method as Method, url, headers });
};

/** Asks a route as a page of this site does. */
export const call = (site: ApiSite, route: string, cookie?: string) =>
  callAs(site, route, { ...FROM_PAGE, ...(cookie === undefined ? {} : { cookie }) });
