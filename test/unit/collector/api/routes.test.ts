import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tokenHashOf } from '../../../../collector/api/auth/token.ts';
import type { ApiPlugin } from '../../../../collector/api/api.ts';
import { addAccessToken } from '../../../../collector/records/sign-in-secrets.ts';
import { EVERYBODY, holdsOneOf, ROUTES, SCOPES, type Admission } from '../../../../config/model/access.ts';
import { ROLES } from '../../../../config/model/account.ts';
import { apiSite } from '../../../support/api-site.ts';
import { call, callAs, PLUGINS, siteWithRoutes } from '../../../support/all-routes.ts';

const API_FOLDER = join(import.meta.dirname, '../../../../collector/api');

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
        const { statusCode } = await callAs(site, route, { authorization: `Bearer ${bearer}` });
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

  it('admits a screen on the wall to exactly what a wall shows', async () => {
    const site = await siteWithRoutes();
    const screen = await site.account('viewer', 'wall');
    await site.db.updateTable('account').set({ is_display: 1 }).where('id', '=', screen.id).execute();
    const link = {
      tokenHash: tokenHashOf('link'),
      name: 'wall',
      scopes: ['display'],
      createdAtMs: 0,
    } as const;
    await addAccessToken(site.db, { ...link, ownerId: screen.id, endsAtMs: Number.MAX_SAFE_INTEGER });
    const surprises: string[] = [];
    for (const [route, admission] of Object.entries<typeof EVERYBODY | Admission>(ROUTES)) {
      if (admission === EVERYBODY) continue;
      const { statusCode } = await call(site, route, await site.cookieOf(screen));
      if ([401, 403].includes(statusCode) === (admission.isForDisplay === true))
        surprises.push(`${route}: ${statusCode}`);
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
