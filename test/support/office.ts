import { peopleRoutes } from '../../collector/api/people.ts';
import type { CommandDone, CommandName, CommandPreview } from '../../config/model/command.ts';
import type { PeopleSettings } from '../../config/people.ts';
import { apiSite, FROM_PAGE, type ApiSite } from './api-site.ts';
import { commandsOf } from './commands.ts';

export const DETAILS = {
  displayName: '李雷',
  phone: '13800000000',
  mail: 'li@example.com',
  language: 'zh-CN',
  department: '信息科',
  qualifications: [],
};

/** Of an account that has a name and nothing else. */
export const UNNAMED = {
  ...DETAILS,
  displayName: 'li.lei',
  phone: '',
  mail: '',
  department: '',
  language: 'en',
};
/** Opened when nothing else was there. */
export const edit = (id: number, details: object) => ({ id, seen: UNNAMED, details });

export async function person(site: ApiSite, id: number): Promise<unknown> {
  const cookie = await site.cookieOf(await idOf(site, 'sysAdmin'));
  return (await site.api.inject({ url: `/api/people/${id}`, headers: { ...FROM_PAGE, cookie } })).json();
}

export interface Office {
  readonly site: ApiSite;
  readonly ask: (name: CommandName, body: object, as?: string) => Promise<{ status: number; body: unknown }>;
  readonly preview: (name: CommandName, input: object, as?: string) => Promise<CommandPreview>;
  readonly give: <Result>(name: CommandName, input: object, as?: string) => Promise<CommandDone<Result>>;
  readonly undo: (name: CommandName, done: CommandDone, as?: string) => Promise<CommandDone>;
  readonly signIn: (name: string, password: string) => Promise<number>;
}

/** A site with an administrator of each kind. */
export async function office(settings: Partial<PeopleSettings> = {}): Promise<Office> {
  const site = await apiSite({
    settings,
    plugins: (deps) => [peopleRoutes({ ...deps, timeZone: () => 'Asia/Shanghai' })],
  });
  const cookies: Record<string, string> = {};
  for (const role of ['sysAdmin', 'secAdmin', 'auditAdmin'] as const) {
    cookies[role] = await site.cookieOf(await site.account(role));
  }
  const commands = commandsOf(site, cookies);
  return {
    site,
    ask: (name, body, as = 'sysAdmin') => commands.ask(name, body, as),
    preview: (name, input, as = 'sysAdmin') => commands.preview(name, input, as),
    give: (name, input, as = 'sysAdmin') => commands.give(name, input, as),
    undo: (name, done, as = 'sysAdmin') => commands.undo(name, done, as),
    async signIn(name, password) {
      const payload = { name, password };
      const answer = await site.api.inject({
        method: 'POST',
        url: '/api/session',
        headers: FROM_PAGE,
        payload,
      });
      return answer.statusCode;
    },
  };
}

export async function list(site: ApiSite, query = '') {
  const cookie = await site.cookieOf(await idOf(site, 'sysAdmin'));
  const answer = await site.api.inject({ url: `/api/people?${query}`, headers: { ...FROM_PAGE, cookie } });
  return answer.json<{ people: { name: string; id: number; isDisabled: boolean }[]; total: number }>();
}

export async function idOf(site: ApiSite, name: string): Promise<{ id: number }> {
  return site.db.selectFrom('account').select('id').where('name', '=', name).executeTakeFirstOrThrow();
}

export async function actions(site: ApiSite): Promise<string[]> {
  const lines = await site.db.selectFrom('audit').select('action').orderBy('seq').execute();
  return lines.map(({ action }) => action);
}
