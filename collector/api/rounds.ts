import { Type } from 'typebox';
import { defined } from '../../config/model/defined.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type {
  DueBody,
  DueView,
  PlacesBody,
  RoundHead,
  RoundSwapsBody,
  RoundsTodayBody,
  RoundTasksBody,
  RoundYearBody,
  TodayRound,
  YearDay,
} from '../../config/model/round-api.ts';
import type { RoundTemplate } from '../../config/model/round.ts';
import { Closed, Id, Instant } from '../../config/schema/common.ts';
import { openSwaps } from '../duty/rounds/assign.ts';
import { namedTasks } from '../duty/rounds/lists.ts';
import { placeOf, placesOf } from '../duty/rounds/places.ts';
import { plannedNow, yearRange } from '../duty/rounds/plan.ts';
import { dayOfInstant } from '../duty/roster/days.ts';
import { currentTemplate, wholeTemplates, type TemplateHead } from '../duty/rounds/templates.ts';
import { withPeople } from '../duty/rounds/whose.ts';
import { personsCalled } from '../records/roster-people.ts';
import type { ApiPlugin } from './api.ts';
import { archivePlugin } from './rounds/archive-routes.ts';
import { photoPlugin } from './rounds/photo-routes.ts';
import { assignRound } from './rounds/assign-command.ts';
import {
  closeRoundTask,
  correctRound,
  renewPlaceCode,
  reviewRound,
  takeRoundTask,
} from './rounds/round-commands.ts';
import type { RoundDeps } from './rounds/round-deps.ts';
import { answerRoundSwap, offerRoundSwap } from './rounds/swap-commands.ts';
import { saveRoundTemplate } from './rounds/template-commands.ts';
import { walkPlugin } from './rounds/walk-routes.ts';

const DAY_MS = 86_400_000;
const LONGEST_RANGE_MS = 100 * DAY_MS;
const MOST_TASKS = 500;

const RangeQuery = Closed({ fromMs: Instant, toMs: Instant }, 'A time.');
const YearQuery = Closed({ year: Type.Integer({ minimum: 2000, maximum: 2200 }) }, 'A year.');
const TemplateParams = Closed({ id: Id('Of the round.') }, 'A template.');
const COMMANDS = [
  assignRound,
  offerRoundSwap,
  answerRoundSwap,
  correctRound,
  reviewRound,
  takeRoundTask,
  closeRoundTask,
  renewPlaceCode,
  saveRoundTemplate,
] as const;

/** Inspection rounds: what is due, what a phone needs, what was handed in, and what came of it. */
export function roundRoutes(deps: RoundDeps): ApiPlugin {
  const { db } = deps;
  return (api) => {
    for (const command of COMMANDS) command(deps)(api);
    photoPlugin(deps)(api);
    walkPlugin(deps)(api);
    archivePlugin(deps)(api);
    api.get(
      '/api/rounds/due',
      { schema: { querystring: RangeQuery } },
      async ({ query: { fromMs, toMs } }): Promise<DueBody> => {
        const { templates, due } = await planned(deps, {
          fromMs,
          toMs: Math.min(toMs, fromMs + LONGEST_RANGE_MS),
        });
        return { templates, ...(await withPeople(deps, due)) };
      },
    );
    api.get('/api/rounds/today', async (): Promise<RoundsTodayBody> => todayBody(deps));
    api.get('/api/rounds/swaps', async (): Promise<RoundSwapsBody> => swapsBody(deps));
    api.get(
      '/api/rounds/tasks',
      async (): Promise<RoundTasksBody> => ({ tasks: await namedTasks(db, MOST_TASKS) }),
    );
    api.get(
      '/api/rounds/year',
      { schema: { querystring: YearQuery } },
      async ({ query: { year } }): Promise<RoundYearBody> => yearBody(deps, year),
    );
    api.get(
      '/api/rounds/templates/:id',
      { schema: { params: TemplateParams } },
      async ({ params: { id } }): Promise<RoundTemplate> => {
        const found = await currentTemplate(db, id);
        if (found === undefined) throw new WatchkeeperError('not_found', 'There is no such round.');
        return found;
      },
    );
    api.get('/api/rounds/places', async (): Promise<PlacesBody> => placesBody(deps));
  };
}

async function planned(
  { db, clock, site }: RoundDeps,
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<Pick<DueBody, 'templates' | 'due'>> {
  const { kept, due } = await plannedNow(db, range, { nowMs: clock.nowMs(), timeZone: site().timeZone });
  return { templates: kept.map(({ template }) => headOf(template)), due };
}

async function swapsBody({ db }: RoundDeps): Promise<RoundSwapsBody> {
  const swaps = await openSwaps(db);
  const names = swaps.flatMap(({ from, to }) => [from, to]);
  return { swaps, people: await personsCalled(db, names) };
}

/** What became of all that was due in a year until now. */
async function yearBody(deps: RoundDeps, year: number): Promise<RoundYearBody> {
  const nowMs = deps.clock.nowMs();
  const { fromMs, toMs } = yearRange(year);
  const range = { fromMs, toMs: Math.max(fromMs, Math.min(toMs, nowMs)) };
  const { templates, due } = await planned(deps, range);
  const own = due.filter(({ day, fromMs: from }) => day.startsWith(`${year}-`) && from <= nowMs);
  const byTemplate = Map.groupBy(own, ({ template }) => template);
  return {
    year,
    templates: templates.flatMap((head) => {
      const days = byTemplate.get(head.id)?.map(dayOfYear) ?? [];
      return days.length === 0 ? [] : [{ ...head, days }];
    }),
  };
}

/** The rounds of the site's day, and those that are overdue since before. */
async function todayBody({ db, clock, site }: RoundDeps): Promise<RoundsTodayBody> {
  const nowMs = clock.nowMs();
  const { timeZone } = site();
  const today = dayOfInstant(nowMs, timeZone);
  // One that ends in the night may belong to the day before; a quarterly one is overdue for long.
  const range = { fromMs: nowMs - LONGEST_RANGE_MS, toMs: nowMs + DAY_MS };
  const { kept, due } = await plannedNow(db, range, { nowMs, timeZone });
  const known = new Map(kept.map((one) => [one.template.id, one]));
  return {
    rounds: due.flatMap(({ day, template, state, result, byMs, fromMs }): readonly TodayRound[] => {
      const found = known.get(template);
      const isShown = day === today || state === 'open' || state === 'overdue';
      // One that had begun before its template was there is nobody's fault.
      if (found === undefined || !isShown || (state === 'overdue' && fromMs < found.sinceMs)) return [];
      const { name, room } = found.template;
      return [{ name, state, byMs, ...defined({ room, result }) }];
    }),
  };
}

function headOf({ id, version, name, kind, room, isRetired }: TemplateHead): RoundHead {
  return { id, version, name, kind, isRetired, ...defined({ room }) };
}

function dayOfYear({ day, state, round, result }: DueView): YearDay {
  return { day, state, ...defined({ round, result }) };
}

async function placesBody({ db }: RoundDeps): Promise<PlacesBody> {
  const { toString } = await import('qrcode');
  const places = await placesOf(db);
  const templates = (await wholeTemplates(db)).filter((one) => !one.isRetired);
  const found = new Map<string, PlacesBody['places'][number]>();
  for (const template of templates)
    for (const { id, name } of template.checkpoints) {
      const place = placeOf(template, id);
      const code = places.get(place)?.code;
      if (code === undefined || found.has(place)) continue;
      const svg = await toString(code, { type: 'svg', margin: 1, errorCorrectionLevel: 'M' });
      const picture = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
      found.set(place, { place, name, room: template.room ?? '', code, picture });
    }
  return { places: [...found.values()] };
}
