import { Type } from 'typebox';
import type { DueBody, PlacesBody, RoundTasksBody, RoundYearBody } from '../../config/model/round-api.ts';
import { Closed, Instant } from '../../config/schema/common.ts';
import { openTasks } from '../duty/rounds/lists.ts';
import { placeOf, placesOf } from '../duty/rounds/places.ts';
import { plannedNow, yearRange } from '../duty/rounds/plan.ts';
import { currentTemplates } from '../duty/rounds/templates.ts';
import type { ApiPlugin } from './api.ts';
import { archivePlugin } from './rounds/archive-routes.ts';
import { photoPlugin } from './rounds/photo-routes.ts';
import {
  assignRound,
  closeRoundTask,
  correctRound,
  renewPlaceCode,
  reviewRound,
  takeRoundTask,
} from './rounds/round-commands.ts';
import type { RoundDeps } from './rounds/round-deps.ts';
import { saveRoundTemplate } from './rounds/template-commands.ts';
import { walkPlugin } from './rounds/walk-routes.ts';

const DAY_MS = 86_400_000;
const LONGEST_RANGE_MS = 100 * DAY_MS;
const MOST_TASKS = 500;

const RangeQuery = Closed({ fromMs: Instant, toMs: Instant }, 'A time.');
const YearQuery = Closed({ year: Type.Integer({ minimum: 2000, maximum: 2200 }) }, 'A year.');
const COMMANDS = [
  assignRound,
  correctRound,
  reviewRound,
  takeRoundTask,
  closeRoundTask,
  renewPlaceCode,
  saveRoundTemplate,
] as const;

/** Inspection rounds: what is due, what a phone needs, what was handed in, and what came of it. */
export function roundRoutes(deps: RoundDeps): ApiPlugin {
  const { db, clock } = deps;
  const planned = (range: { readonly fromMs: number; readonly toMs: number }) =>
    plannedNow(db, range, { nowMs: clock.nowMs(), timeZone: deps.site().timeZone });
  return (api) => {
    for (const command of COMMANDS) command(deps)(api);
    photoPlugin(deps)(api);
    walkPlugin(deps)(api);
    archivePlugin(deps)(api);
    api.get(
      '/api/rounds/due',
      { schema: { querystring: RangeQuery } },
      async ({ query: { fromMs, toMs } }): Promise<DueBody> =>
        planned({ fromMs, toMs: Math.min(toMs, fromMs + LONGEST_RANGE_MS) }),
    );
    api.get('/api/rounds/tasks', async (): Promise<RoundTasksBody> => {
      const templates = (await currentTemplates(db)).map(({ template }) => template);
      return {
        tasks: await openTasks(db, MOST_TASKS),
        names: Object.fromEntries(templates.map((template) => [template.id, template])),
      };
    });
    api.get(
      '/api/rounds/year',
      { schema: { querystring: YearQuery } },
      async ({ query: { year } }): Promise<RoundYearBody> => {
        const nowMs = clock.nowMs();
        const { fromMs, toMs } = yearRange(year);
        const { templates, due } = await planned({ fromMs, toMs: Math.max(fromMs, Math.min(toMs, nowMs)) });
        return {
          year,
          templates,
          due: due.filter(({ day, fromMs: from }) => day.startsWith(`${year}-`) && from <= nowMs),
        };
      },
    );
    api.get('/api/rounds/places', async (): Promise<PlacesBody> => placesBody(deps));
  };
}

async function placesBody({ db }: RoundDeps): Promise<PlacesBody> {
  const { toDataURL } = await import('qrcode');
  const places = await placesOf(db);
  const templates = (await currentTemplates(db))
    .map(({ template }) => template)
    .filter((one) => !one.isRetired);
  const found = new Map<string, PlacesBody['places'][number]>();
  for (const template of templates)
    for (const { id, name } of template.checkpoints) {
      const place = placeOf(template, id);
      const code = places.get(place)?.code;
      if (code === undefined || found.has(place)) continue;
      const picture = await toDataURL(code, { margin: 1, errorCorrectionLevel: 'M' });
      found.set(place, { place, name, room: template.room ?? '', code, picture });
    }
  return { places: [...found.values()] };
}
