import { randomBytes } from 'node:crypto';
import { toDataURL } from 'qrcode';
import { Type } from 'typebox';
import type {
  DueBody,
  HandedIn,
  PlacesBody,
  RoundBody,
  RoundHandIn,
  RoundPack,
  RoundsBody,
  RoundTasksBody,
  RoundYearBody,
  SensorReading,
} from '../../config/model/round-api.ts';
import type { Localized } from '../../config/model/localized.ts';
import { itemsOf, type RoundTemplate } from '../../config/model/round.ts';
import { Closed, Id, OneOf } from '../../config/schema/common.ts';
import { Submission } from '../../config/schema/round.ts';
import { handIn } from '../duty/rounds/hand-in.ts';
import { openTasks, roundBody, roundLines } from '../duty/rounds/lists.ts';
import { codeHash, placeOf, placesOf } from '../duty/rounds/places.ts';
import { plannedRounds, yearRange } from '../duty/rounds/plan.ts';
import { isMeasured, prefilledItems, sensorValue } from '../duty/rounds/sensors.ts';
import { currentTemplates, templateOf } from '../duty/rounds/templates.ts';
import { roundsWorkbook } from '../duty/rounds/workbook.ts';
import type { ApiPlugin } from './api.ts';
import { photoRoutes, RoundIdParams } from './rounds/photo-routes.ts';
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
import { personOf } from './session.ts';

const DAY_MS = 86_400_000;
const LONGEST_RANGE_MS = 100 * DAY_MS;
/** A phone is in the room for so long without a connection, and still knows what is due. */
const PACK_AHEAD_MS = 36 * 3_600_000;
const PACK_BEHIND_MS = 3 * DAY_MS;
const MAX_ROUND_BYTES = 1024 * 1024;
const USUAL_LIMIT = 50;
const MOST_TASKS = 500;
const MOST_EXPORTED = 10_000;

const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const RangeQuery = Closed({ fromMs: Instant, toMs: Instant }, 'A time.');
const ListQuery = Closed(
  {
    beforeMs: Type.Optional(Instant),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    template: Type.Optional(Id('Of the round.')),
    result: Type.Optional(OneOf(['normal', 'abnormal', 'incomplete'], 'What came of it.')),
    fromDay: Type.Optional(Day),
    toDay: Type.Optional(Day),
  },
  'Part of the rounds, newest first.',
);
const ExportQuery = Closed(
  { fromDay: Day, toDay: Day, format: OneOf(['xlsx', 'csv'], 'As what.') },
  'Days, both included.',
);
const YearQuery = Closed({ year: Type.Integer({ minimum: 2000, maximum: 2200 }) }, 'A year.');
const CompareBody = Closed(
  {
    template: Id('Of the round.'),
    version: Type.Integer({ minimum: 1 }),
    item: Id('That somebody has read.'),
  },
  'Something that somebody has read.',
);
const HandInBody = Closed({ round: Submission, phoneNowMs: Instant }, 'A round, and the clock of the phone.');

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

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
  const { db, clock, askSensors } = deps;
  const timeZone = (): string => deps.site().timeZone;
  const planned = async (range: { readonly fromMs: number; readonly toMs: number }) => {
    const kept = await currentTemplates(db);
    const due = await plannedRounds(db, kept, range, { nowMs: clock.nowMs(), timeZone: timeZone() });
    return { templates: kept.map(({ template }) => template), due };
  };
  return (api) => {
    for (const command of COMMANDS) command(deps)(api);
    photoRoutes(deps)(api);
    api.get(
      '/api/rounds/due',
      { schema: { querystring: RangeQuery } },
      async ({ query: { fromMs, toMs } }): Promise<DueBody> =>
        planned({ fromMs, toMs: Math.min(toMs, fromMs + LONGEST_RANGE_MS) }),
    );
    api.get('/api/rounds/pack', async (request): Promise<RoundPack> => {
      const madeAtMs = clock.nowMs();
      const { templates, due } = await planned({
        fromMs: madeAtMs - PACK_BEHIND_MS,
        toMs: madeAtMs + PACK_AHEAD_MS,
      });
      const active = templates.filter(({ isRetired }) => !isRetired);
      return {
        madeAtMs,
        account: personOf(request).account.name,
        timeZone: timeZone(),
        templates: active,
        due,
        sensors: await prefill(deps, active, madeAtMs),
        codes: await codesOf(deps, active),
      };
    });
    api.post(
      '/api/rounds/compare',
      { schema: { body: CompareBody } },
      async ({ body: { template, version, item } }): Promise<Partial<SensorReading>> => {
        const asked = itemsOf(await templateOf(db, template, version)).find(
          (one) => one.item.id === item,
        )?.item;
        const atMs = clock.nowMs();
        const value =
          asked !== undefined && isMeasured(asked) ? await sensorValue(askSensors, asked, atMs) : undefined;
        return value === undefined ? {} : { value, atMs };
      },
    );
    api.post(
      '/api/rounds',
      { schema: { body: HandInBody }, bodyLimit: MAX_ROUND_BYTES },
      async (request): Promise<HandedIn> => {
        const { round, phoneNowMs } = request.body as RoundHandIn;
        const { account } = personOf(request);
        return handIn({ ...deps, timeZone }, round, {
          account: account.name,
          origin: request.ip,
          phoneNowMs,
        });
      },
    );
    api.get(
      '/api/rounds',
      { schema: { querystring: ListQuery } },
      async ({ query }): Promise<RoundsBody> => ({
        rounds: await roundLines(db, { limit: USUAL_LIMIT, ...query }),
        names: namesOf((await currentTemplates(db)).map(({ template }) => template)),
      }),
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
    api.get(
      '/api/rounds/export',
      { schema: { querystring: ExportQuery } },
      async ({ query: { fromDay, toDay, format } }, reply) => {
        const rounds = await roundLines(db, { fromDay, toDay, limit: MOST_EXPORTED });
        const bodies = await Promise.all(rounds.map(({ id }) => roundBody(db, id)));
        const file = await roundsWorkbook(bodies, format, timeZone());
        return reply
          .type(format === 'xlsx' ? XLSX : 'text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="rounds-${fromDay}-${toDay}.${format}"`)
          .send(file);
      },
    );
    api.get(
      '/api/rounds/:id',
      { schema: { params: RoundIdParams } },
      async ({ params }): Promise<RoundBody> => roundBody(db, params.id),
    );
  };
}

function namesOf(templates: readonly RoundTemplate[]): Readonly<Record<string, Localized>> {
  return Object.fromEntries(templates.map(({ id, name }) => [id, name]));
}

async function prefill(
  { askSensors }: RoundDeps,
  templates: readonly RoundTemplate[],
  atMs: number,
): Promise<Readonly<Record<string, SensorReading>>> {
  const found: Record<string, SensorReading> = {};
  for (const template of templates)
    for (const item of prefilledItems(template)) {
      const value = await sensorValue(askSensors, item, atMs);
      if (value !== undefined) found[`${template.id}/${item.id}`] = { value, atMs };
    }
  return found;
}

async function codesOf({ db }: RoundDeps, templates: readonly RoundTemplate[]): Promise<RoundPack['codes']> {
  const salt = randomBytes(16).toString('hex');
  const places = await placesOf(db);
  const wanted = templates.flatMap((template) => template.checkpoints.map(({ id }) => placeOf(template, id)));
  return {
    salt,
    hashes: Object.fromEntries(
      wanted.flatMap((place) => {
        const code = places.get(place)?.code;
        return code === undefined ? [] : [[place, codeHash(salt, code)]];
      }),
    ),
  };
}

async function placesBody({ db }: RoundDeps): Promise<PlacesBody> {
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
