import { expect } from 'vitest';
import type { CommandDone, CommandName, CommandPreview } from '../../config/model/command.ts';
import { FROM_PAGE, type ApiSite } from './api-site.ts';

/** The commands of a site, given by people who are signed in; who is named by `as`. */
export interface Commands {
  ask(name: CommandName, body: object, as: string): Promise<{ status: number; body: unknown }>;
  preview(name: CommandName, input: object, as: string): Promise<CommandPreview>;
  /** Looks, and does it. */
  give<Result = unknown>(name: CommandName, input: object, as: string): Promise<CommandDone<Result>>;
  undo(name: CommandName, done: CommandDone, as: string): Promise<CommandDone>;
}

/** @param cookies the session of each, by name */
export function commandsOf(site: ApiSite, cookies: Readonly<Record<string, string>>): Commands {
  const ask: Commands['ask'] = async (name, payload, as) => {
    const answer = await site.api.inject({
      method: 'POST',
      url: `/api/commands/${name}`,
      headers: { ...FROM_PAGE, cookie: cookies[as] ?? '' },
      payload,
    });
    return { status: answer.statusCode, body: answer.json<unknown>() };
  };
  const must = async <T>(asked: ReturnType<typeof ask>): Promise<T> => {
    const { status, body } = await asked;
    expect(status, JSON.stringify(body)).toBe(200);
    return body as T;
  };
  const preview: Commands['preview'] = (name, input, as) => must(ask(name, { mode: 'preview', input }, as));
  return {
    ask,
    preview,
    async give(name, input, as) {
      const { version } = await preview(name, input, as);
      return must(ask(name, { mode: 'do', input, version }, as));
    },
    undo: (name, done, as) => must(ask(name, { mode: 'undo', token: done.undo?.token ?? '' }, as)),
  };
}
