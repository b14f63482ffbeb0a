import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tokenHashOf } from '../../../../collector/api/auth/token.ts';
import type { ApiPlugin } from '../../../../collector/api/api.ts';
import { agentRoutes } from '../../../../collector/api/agents.ts';
import { alertRoutes } from '../../../../collector/api/alerts.ts';
import { answerRoutes } from '../../../../collector/api/answer.ts';
import { receiverRoutes } from '../../../../collector/api/receivers.ts';
import { notifyOf } from '../../../support/notify.ts';
import { postedAlertRoutes } from '../../../../collector/api/posted-alerts.ts';
import { openCare } from '../../../../alerting/care/care.ts';
import { fakeCareStore } from '../../../support/alert-stores.ts';
import { careRoutes } from '../../../../collector/api/care.ts';
import { chaseRoutes } from '../../../../collector/api/chases.ts';
import { attentionRoutes } from '../../../../collector/api/attention.ts';
import { auditRoutes } from '../../../../collector/api/audit.ts';
import { deviceRoutes } from '../../../../collector/api/devices.ts';
import { growthRoutes } from '../../../../collector/api/growth.ts';
import { historyRoutes } from '../../../../collector/api/history.ts';
import { labRoutes } from '../../../../collector/api/lab.ts';
import { writeRoutes } from '../../../../collector/api/write.ts';
import { createJoinedAgents } from '../../../../collector/ingest/joined-agents.ts';
import { createReceiver } from '../../../../collector/ingest/receiver.ts';
import { peopleRoutes } from '../../../../collector/api/people.ts';
import { prometheusRoutes } from '../../../../collector/api/prometheus.ts';
import { reloadRoutes } from '../../../../collector/api/reload.ts';
import { rootRoutes } from '../../../../collector/api/root.ts';
import { createProofs } from '../../../../collector/api/auth/proofs.ts';
import { roundRoutes } from '../../../../collector/api/rounds.ts';
import { rosterRoutes } from '../../../../collector/api/roster.ts';
import { createRoster } from '../../../../collector/duty/roster/roster.ts';
import { ruleRoutes } from '../../../../collector/api/rules.ts';
import { siteRoutes } from '../../../../collector/api/site.ts';
import { trapRoutes } from '../../../../collector/api/traps.ts';
import { joinSeries } from '../../../../collector/series/history/joined.ts';
import { watchRoutes } from '../../../../collector/api/watch.ts';
import { createHead } from '../../../../collector/series/head.ts';
import { createAlertStore } from '../../../../collector/records/alerts.ts';
import { addAccessToken } from '../../../../collector/records/sign-in-secrets.ts';
import { createNotifyStore } from '../../../../collector/records/messages.ts';
import { WatchkeeperError } from '../../../../config/model/errors.ts';
import type { Site } from '../../../../config/model/site.ts';
import { EVERYBODY, holdsOneOf, ROUTES, SCOPES, type Admission } from '../../../../config/model/access.ts';
import { ROLES } from '../../../../config/model/account.ts';
import { apiSite, FROM_PAGE, type ApiSite, type PluginDeps } from '../../../support/api-site.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { quietWatch } from '../../../support/watch-site.ts';

type Method = 'GET' | 'POST' | 'DELETE' | 'HEAD';

const SITE: Site = {
  name: { 'zh-CN': '机房', en: 'Room' },
  isDemonstration: false,
  timeZone: 'Asia/Shanghai',
  rooms: [],
  devices: [],
};
const API_FOLDER = join(import.meta.dirname, '../../../../collector/api');
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
const PLUGINS: Readonly<Record<string, (deps: PluginDeps) => ApiPlugin>> = {
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
  deviceRoutes: ({ db }) =>
    deviceRoutes({
      series: { lines: async () => ({ older: [], newer: [] }) },
      db,
      scrapeIntervalMs: () => 5_000,
      readings: () => undefined,
      askAgent: nothing,
    }),
  growthRoutes: () => growthRoutes({ growth: { body: nothing } }),
  trapRoutes: () => trapRoutes(nothing),
  roundRoutes: (deps) =>
    roundRoutes({ ...deps, site: () => SITE, askSensors: nothing, proofs: createProofs(deps) }),
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

const siteWithRoutes = (): Promise<ApiSite> =>
  apiSite({ plugins: (deps) => Object.values(PLUGINS).map((plugin) => plugin(deps)) });

const call = (site: ApiSite, route: string, cookie?: string) => {
  const [method = '', url = ''] = route.split(' ');
  return site.api.inject({
    method: method as Method,
    url,
    headers: { ...FROM_PAGE, ...(cookie === undefined ? {} : { cookie }) },
  });
};

describe('each route', () => {
  it('belongs to a plug-in that this test knows', async () => {
    const found: string[] = ['sessionRoutes'];
    for (const file of readdirSync(API_FOLDER).filter((name) => name.endsWith('.ts'))) {
      const names = readFileSync(join(API_FOLDER, file), 'utf8').matchAll(/export function (\w+Routes)\b/g);
      found.push(...[...names].map(([, name = '']) => name));
    }
    expect(new Set(found)).toEqual(new Set(['sessionRoutes', 'ownAccountRoutes', ...Object.keys(PLUGINS)]));
  });

  it('of the table is there', async () => {
    const site = await siteWithRoutes();
    for (const route of Object.keys(ROUTES)) {
      const [method = '', url = ''] = route.split(' ');
      expect(site.api.hasRoute({ method, url }), route).toBe(true);
    }
  });

  it('of a command can be taken back, or says why not and what makes it good', async () => {
    const found = new Map<string, string | undefined>();
    const listen: ApiPlugin = (api) => {
      api.addHook('onRoute', ({ url, config }) => {
        const { undo } = { ...config } as { readonly undo?: string };
        if (url.startsWith('/api/commands/')) found.set(`POST ${url}`, undo);
      });
    };
    await apiSite({ plugins: (deps) => [listen, ...Object.values(PLUGINS).map((plugin) => plugin(deps))] });
    const commands = Object.keys(ROUTES).filter((route) => route.startsWith('POST /api/commands/'));
    expect(new Set(found.keys())).toEqual(new Set(commands));
    // Signatures, secrets and what a log says: why, and what is done instead.
    for (const [route, undo] of found) expect(undo, route).toMatch(/^possible$|^[A-Z][^;]{15,}; .{15,}\.$/);
    expect(found.get('POST /api/commands/end-alert')).toBe('possible');
  });

  it('admits exactly those whom the table names', async () => {
    const site = await siteWithRoutes();
    const people = await Promise.all(ROLES.map(async (role) => [role, await site.account(role)] as const));
    const surprises: string[] = [];
    const expectAnswer = (who: string, route: string, isAdmitted: boolean, statusCode: number): void => {
      if ([401, 403].includes(statusCode) === isAdmitted) surprises.push(`${who}: ${route}: ${statusCode}`);
    };
    for (const [route, admission] of Object.entries(ROUTES)) {
      // It asks for a token itself: write.test.ts.
      if (route === 'POST /api/v1/write') continue;
      const stranger = await call(site, route);
      expectAnswer('stranger', route, admission === EVERYBODY, stranger.statusCode);
      for (const [role, account] of people) {
        // A session for each call: some calls end it.
        const { statusCode } = await call(site, route, await site.cookieOf(account));
        const isAdmitted = admission === EVERYBODY || holdsOneOf([role], admission.roles);
        expectAnswer(role, route, isAdmitted, statusCode);
      }
    }
    expect(surprises).toEqual([]);
  });

  it('admits a program by a token of exactly the scope that the table names', async () => {
    const site = await siteWithRoutes();
    const owner = await site.account('sysAdmin');
    const surprises: string[] = [];
    for (const scope of SCOPES) {
      const bearer = scope.replace(':', '-');
      const tokenHash = tokenHashOf(bearer);
      const token = { tokenHash, ownerId: owner.id, name: scope, scopes: [scope], createdAtMs: 0 };
      await addAccessToken(site.db, { ...token, endsAtMs: Number.MAX_SAFE_INTEGER });
      for (const [route, admission] of Object.entries<typeof EVERYBODY | Admission>(ROUTES)) {
        if (admission === EVERYBODY) continue;
        const [method = '', url = ''] = route.split(' ');
        const headers = { authorization: `Bearer ${bearer}` };
        const { statusCode } = await site.api.inject({ method: method as Method, url, headers });
        const isAdmitted = admission.scope === scope;
        if ([401, 403].includes(statusCode) === isAdmitted)
          surprises.push(`${scope}: ${route}: ${statusCode}`);
      }
    }
    expect(surprises).toEqual([]);
  });

  it('is closed to who has yet to choose a password, but for what serves that', async () => {
    const site = await siteWithRoutes();
    const { id } = await site.account('sysAdmin');
    await site.db.updateTable('account').set({ must_change_password: 1 }).execute();
    const surprises: string[] = [];
    for (const [route, admission] of Object.entries<typeof EVERYBODY | Admission>(ROUTES)) {
      if (admission === EVERYBODY) continue;
      const answer = await call(site, route, await site.cookieOf({ id }));
      const isRefused = answer.statusCode === 403 && answer.body.includes('Choose a password');
      const isServing = admission.isForSetup === true || !admission.roles.includes('sysAdmin');
      if (isRefused === isServing) surprises.push(`${route}: ${answer.statusCode}`);
    }
    expect(surprises).toEqual([]);
  });

  it('admits who holds several posts where one of them is admitted', async () => {
    const site = await siteWithRoutes();
    const cookie = await site.cookieOf(await site.account(['viewer', 'operator']));
    expect((await call(site, 'GET /api/outbox', cookie)).statusCode).toBe(200);
    expect((await call(site, 'POST /-/reload', cookie)).statusCode).toBe(403);
  });

  it('is as closed to HEAD as to GET', async () => {
    const site = await siteWithRoutes();
    const viewer = await site.cookieOf(await site.account('viewer'));
    expect((await call(site, 'HEAD /api/outbox')).statusCode).toBe(401);
    expect((await call(site, 'HEAD /api/outbox', viewer)).statusCode).toBe(403);
  });
});

describe('the lists of what happened', () => {
  const ask = async (site: ApiSite, url: string) => {
    const cookie = await site.cookieOf(await site.account('operator'));
    return site.api.inject({ url, headers: { ...FROM_PAGE, cookie } });
  };

  it('give text back as text, as many at once as were asked for', async () => {
    const site = await siteWithRoutes();
    const html = '<script>alert(document.cookie)</script>';
    const message = (index: number) => ({
      messageId: `m${index}`,
      createdAtMs: index,
      receiver: 'duty',
      way: 'mail[0]',
      channel: 'mail' as const,
      alerts: [],
      to: 'a@example',
      subject: html,
      text: html,
      html,
      state: 'waiting' as const,
    });
    const messages = Array.from({ length: 60 }, (_, index) => message(index));
    await createNotifyStore(site.db).commit({ records: [], removed: [], messages });
    const answer = await ask(site, '/api/outbox');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const { messages: told } = answer.json<{ messages: { subject: string; createdAtMs: number }[] }>();
    expect(told.map(({ createdAtMs }) => createdAtMs)).toEqual(Array.from({ length: 50 }, (_, i) => 59 - i));
    expect(told[0]).toMatchObject({ subject: html, text: html, html, to: ['a@example'], state: 'waiting' });
  });

  it('show a mail in its own styles, and let nothing else of it be in force', async () => {
    const site = await siteWithRoutes();
    const html = '<p style="color:red">漏水</p><script>alert(1)</script>';
    const message = {
      messageId: 'm',
      createdAtMs: 1,
      receiver: 'duty',
      way: 'mail[0]',
      channel: 'mail' as const,
      alerts: [],
      to: 'a@example',
      subject: '',
      text: '',
      html,
      state: 'kept' as const,
    };
    await createNotifyStore(site.db).commit({ records: [], removed: [], messages: [message] });
    const answer = await ask(site, '/api/outbox/1/html');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toBe(html);
    expect(answer.headers['content-security-policy']).toBe(
      "sandbox;default-src 'none';style-src 'unsafe-inline';frame-ancestors 'self'",
    );
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const cookie = await site.cookieOf(await site.account('engineer'));
    for (const [id, status] of [
      ['2', 404],
      ['x', 400],
      ['0', 400],
    ] as const) {
      expect((await call(site, `GET /api/outbox/${id}/html`, cookie)).statusCode).toBe(status);
    }
  });

  it('go on where a page ended', async () => {
    const site = await siteWithRoutes();
    const alert = {
      fingerprint: 'f',
      rule: 'f',
      name: 'Leak',
      severity: 'critical' as const,
      phase: { kind: 'firing' as const, sinceMs: 1, firedAtMs: 1 },
      labels: {},
      summary: { 'zh-CN': '漏水', en: 'Leak' },
      response: { 'zh-CN': '', en: '' },
      consequence: { 'zh-CN': '', en: '' },
      value: 1,
    };
    const entries = [1, 2, 3].map((atMs) => ({ atMs, transition: 'fired' as const, alert }));
    await createAlertStore(site.db).save({ saved: [], removed: [], entries });
    const answer = await ask(site, '/api/alerts/history?limit=1&beforeMs=3');
    expect(answer.json()).toEqual({ entries: [{ id: 2, ...entries[1] }] });
  });

  it.each(['limit=0', 'limit=201', 'beforeMs=-1', 'beforeMs=x', 'offset=5', "beforeMs=1'or'1"])(
    'refuse %s',
    async (query) => {
      const site = await siteWithRoutes();
      expect((await ask(site, `/api/outbox?${query}`)).statusCode).toBe(400);
    },
  );
});
