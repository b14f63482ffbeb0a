import { Type } from 'typebox';
import type {
  OwnRosterBody,
  RosterBody,
  RosterNowBody,
  RosterPeopleBody,
} from '../../config/model/roster-api.ts';
import { Closed } from '../../config/schema/common.ts';
import { qualificationsAt } from '../duty/people/qualifications.ts';
import { findPeople } from '../records/people.ts';
import type { ApiPlugin } from './api.ts';
import { askAbsence, decideAbsence, withdrawAbsence } from './roster/absence-commands.ts';
import { sendFeed } from './roster/feed.ts';
import { makeFeed, revokeFeed } from './roster/feed-commands.ts';
import { importRoster } from './roster/import-command.ts';
import { changePattern, endPattern } from './roster/pattern-commands.ts';
import { Day, rulesOf, todayOf, type RosterApiDeps } from './roster/roster-deps.ts';
import { assignShifts } from './roster/shift-commands.ts';
import { answerSwap, decideSwap, offerSwap } from './roster/swap-commands.ts';
import { nowView, ownView, rosterView, sheetOf } from './roster/views.ts';
import { personOf } from './session.ts';

const Days = Type.Integer({ minimum: 1, maximum: 62 });
const RosterQuery = Closed({ from: Type.Optional(Day), days: Type.Optional(Days) }, 'Some days of the plan.');
const SheetQuery = Closed(
  {
    from: Type.Optional(Day),
    days: Type.Optional(Days),
    language: Type.Optional(Type.Enum(['zh-CN', 'en'])),
  },
  'Some days of the plan.',
);
const Search = Closed({ search: Type.Optional(Type.String({ maxLength: 100 })) }, 'Words of a name.');
const Token = Closed({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{20,64}\\.ics$' }) }, 'A secret.');
const MONTH_DAYS = 31;
/** A list to choose from has no more. */
const FOUND_PEOPLE = 20;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const COMMANDS = [
  changePattern,
  endPattern,
  assignShifts,
  importRoster,
  offerSwap,
  answerSwap,
  decideSwap,
  askAbsence,
  decideAbsence,
  withdrawAbsence,
  makeFeed,
  revokeFeed,
] as const;

export interface RosterRouteDeps extends RosterApiDeps {
  readonly siteName: () => { readonly 'zh-CN': string; readonly en: string };
}

/** The plan of the watch: who is to keep it when, one's own shifts, and how both are changed. */
export function rosterRoutes(deps: RosterRouteDeps): ApiPlugin {
  const { db, clock } = deps;
  return (api) => {
    api.get('/api/roster', { schema: { querystring: RosterQuery } }, (request): Promise<RosterBody> => {
      const { from = todayOf(deps, clock.nowMs()), days = MONTH_DAYS } = request.query;
      return rosterView(deps, { from, days }, personOf(request));
    });
    api.get('/api/roster/now', (): Promise<RosterNowBody> => nowView(deps));
    api.get('/api/roster/mine', (request): Promise<OwnRosterBody> => ownView(deps, personOf(request)));
    api.get(
      '/api/roster/people',
      { schema: { querystring: Search } },
      async ({ query: { search = '' } }): Promise<RosterPeopleBody> => {
        const { people } = await findPeople(db, { search, offset: 0, limit: FOUND_PEOPLE * 2 });
        const able = people.filter(
          ({ isDisabled, isDisplay, roles }) =>
            !isDisabled && !isDisplay && roles.some((role) => role !== 'viewer'),
        );
        return {
          people: able.slice(0, FOUND_PEOPLE).map((person) => ({
            name: person.name,
            displayName: person.displayName,
            department: person.department,
            verdict: qualificationsAt(person, clock.nowMs(), rulesOf(deps)).verdict,
          })),
        };
      },
    );
    api.get('/api/roster/sheet.xlsx', { schema: { querystring: SheetQuery } }, async ({ query }, reply) => {
      const { from = todayOf(deps, clock.nowMs()), days = MONTH_DAYS, language = 'zh-CN' } = query;
      return reply
        .type(XLSX)
        .header('content-disposition', `attachment; filename="roster-${from}.xlsx"`)
        .send(await sheetOf(deps, { from, days, language }));
    });
    api.get('/api/roster/feed/:token', { schema: { params: Token } }, ({ params }, reply) =>
      sendFeed(deps, params.token.slice(0, -'.ics'.length), reply),
    );
    for (const command of COMMANDS) command(deps)(api);
  };
}
