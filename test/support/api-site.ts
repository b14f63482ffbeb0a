import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Role } from '../../config/model/account.ts';
import { peopleSettings, type PeopleSettings } from '../../config/people.ts';
import type { Api, ApiPlugin } from '../../collector/api/api.ts';
import { createAccessTokens, type AccessTokens } from '../../collector/api/auth/access-tokens.ts';
import { createPasswords, type Passwords } from '../../collector/api/auth/passwords.ts';
import { createProofs } from '../../collector/api/auth/proofs.ts';
import { createSessions, type Sessions } from '../../collector/api/auth/sessions.ts';
import { buildApi, startServer, type ServerDeps } from '../../collector/api/server.ts';
import { ownAccountRoutes, type OwnAccountDeps } from '../../collector/api/own-account.ts';
import { sessionRoutes } from '../../collector/api/session.ts';
import { addAccount, type Account } from '../../collector/records/accounts.ts';
import { openRecords, SQLITE_FILE, type Records } from '../../collector/records/open.ts';
import type { Db } from '../../collector/records/tables.ts';
import { folderWith, makeFolder } from './folder.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';

export const PASSWORD = 'correct horse battery';
/** Hashing is slow by design; all accounts of the tests share one hash of `PASSWORD`. */
const passwords = createPasswords();
let passwordHash: Promise<string> | undefined;

/** The server with records of its own, and what a test needs to act on both. */
export interface ApiSite {
  readonly api: Api;
  readonly db: Db;
  readonly clock: ManualClock;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly deps: ServerDeps;
  /** What was logged as an error. */
  readonly errors: unknown[];
  readonly warnings: unknown[];
  readonly log: ServerDeps['log'];
  readonly people: () => PeopleSettings;
  account(roles: Role | readonly Role[], name?: string): Promise<Account>;
  /** The `Cookie` header of a session of an account. */
  cookieOf(account: Pick<Account, 'id'>): Promise<string>;
  /** Listens on a free port of loopback. */
  listen(): Promise<string>;
}

export type PluginDeps = OwnAccountDeps & { readonly clock: ManualClock; readonly tokens: AccessTokens };
const PLACE = { origin: '127.0.0.1', browser: 'test' };

export interface ApiSiteOptions {
  readonly plugins?: (deps: PluginDeps) => readonly ApiPlugin[];
  /** What differs from the settings of a small room. */
  readonly settings?: Partial<PeopleSettings>;
  readonly web?: Readonly<Record<string, string>>;
  readonly live?: ServerDeps['live'];
  readonly publicUrl?: string;
  /** Records that are there already, and that whoever opened them closes. */
  readonly records?: Pick<Records, 'db'>;
  readonly clock?: ManualClock;
}

/** Records that hold nothing yet: bringing them to their schema is most of a site's start, and the same for each. */
let emptyRecords: Promise<Buffer> | undefined;

async function makeEmptyRecords(): Promise<Buffer> {
  const folder = makeFolder();
  try {
    await (await openRecords(folder)).close();
    return readFileSync(join(folder, SQLITE_FILE));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function freshRecords(): Promise<Records> {
  emptyRecords ??= makeEmptyRecords();
  const folder = folderWith();
  writeFileSync(join(folder, SQLITE_FILE), await emptyRecords, { mode: 0o600 });
  return openRecords(folder);
}

async function ownRecords(): Promise<Records> {
  const records = await freshRecords();
  onTestFinished(() => records.close());
  return records;
}

export async function apiSite({
  plugins = () => [],
  web = {},
  live = { accept: (_request, socket) => socket.end() },
  publicUrl,
  settings = {},
  records: given,
  clock = manualClock(),
}: ApiSiteOptions = {}): Promise<ApiSite> {
  const webFolder = folderWith(web);
  const { db } = given ?? (await ownRecords());
  const people = (): PeopleSettings => ({
    ...peopleSettings({ allow_combined_administrators: true }),
    ...settings,
  });
  const sessions = createSessions({ db, clock, people });
  const tokens = createAccessTokens({ db, clock });
  const errors: unknown[] = [];
  const warnings: unknown[] = [];
  const nothing = (): void => {};
  const log = {
    error: (...line: unknown[]) => errors.push(line),
    warn: (...line: unknown[]) => warnings.push(line),
    info: nothing,
    debug: nothing,
  };
  const site = () => ({ name: { 'zh-CN': '机房', en: 'Room' }, isDemonstration: false });
  const proofs = createProofs({ db, clock, passwords });
  const own = { db, clock, log, passwords, sessions, people, site, proofs };
  const deps: ServerDeps = {
    log,
    listen: '127.0.0.1:0',
    webFolder,
    door: { ...sessions, program: (token) => tokens.holder(token) },
    live,
    faults: () => [],
    plugins: [sessionRoutes(own), ownAccountRoutes(own), ...plugins({ ...own, tokens })],
    ...(publicUrl === undefined ? {} : { publicUrl }),
  };
  const api = await buildApi(deps);
  onTestFinished(() => api.close());
  return {
    api,
    db,
    clock,
    passwords,
    sessions,
    deps,
    errors,
    warnings,
    people,
    log,
    async account(roles, name = [roles].flat().join('-')) {
      passwordHash ??= passwords.hash(PASSWORD);
      return addAccount(db, {
        name,
        displayName: name,
        roles: [roles].flat(),
        language: 'en',
        passwordHash: await passwordHash,
        createdAtMs: clock.nowMs(),
        isDemonstration: false,
      });
    },
    cookieOf: async ({ id }) => `watchkeeper_session=${await sessions.begin(db, id, PLACE)}`,
    async listen() {
      const server = await startServer(deps);
      onTestFinished(() => server.stop());
      return server.page;
    },
  };
}

/** What a browser sends with a request that acts. */
export const FROM_PAGE = { host: '127.0.0.1:8480', origin: 'http://127.0.0.1:8480' };
