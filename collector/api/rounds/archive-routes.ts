import { Type } from 'typebox';
import type { Localized } from '../../../config/model/localized.ts';
import { defined } from '../../../config/model/defined.ts';
import { DOUBT_CODES } from '../../../config/model/round-judge.ts';
import type { BoundBody, RoundBody, RoundsBody } from '../../../config/model/round-api.ts';
import { Closed, Id, Instant, OneOf } from '../../../config/schema/common.ts';
import { RoundId } from '../../../config/schema/round.ts';
import { boundRounds, roundBodies, roundBody } from '../../duty/rounds/bodies.ts';
import { roundLines } from '../../duty/rounds/lists.ts';
import { currentTemplates, versionName, type TemplateHead } from '../../duty/rounds/templates.ts';
import { roundsWorkbook } from '../../duty/rounds/workbook.ts';
import { personsCalled } from '../../records/roster-people.ts';
import type { ApiPlugin } from '../api.ts';
import { AccountName } from '../session.ts';
import type { RoundDeps } from './round-deps.ts';

const USUAL_LIMIT = 50;
const MOST_EXPORTED = 10_000;
const BOUND_AT_ONCE = 50;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const ListQuery = Closed(
  {
    beforeMs: Type.Optional(Instant),
    beforeId: Type.Optional(RoundId),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    template: Type.Optional(Id('Of the round.')),
    result: Type.Optional(OneOf(['normal', 'abnormal', 'incomplete'], 'What came of it.')),
    walkedBy: Type.Optional(AccountName),
    doubt: Type.Optional(OneOf(DOUBT_CODES, 'What speaks against it.')),
    fromDay: Type.Optional(Day),
    toDay: Type.Optional(Day),
  },
  'Part of the rounds, newest first.',
);
const ExportQuery = Closed(
  { fromDay: Day, toDay: Day, format: OneOf(['xlsx', 'csv'], 'As what.') },
  'Days, both included.',
);
const BoundQuery = Closed(
  {
    month: Type.String({ pattern: '^\\d{4}-(?:0[1-9]|1[0-2])$' }),
    after: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}\\.[0-9a-f-]{36}$' })),
    template: Type.Optional(Id('Of the round.')),
  },
  'A month, and where the part before has ended.',
);
const Params = Closed({ id: RoundId }, 'A round.');

/** The rounds that were handed in. */
export function archivePlugin({ db, site }: RoundDeps): ApiPlugin {
  return (api) => {
    api.get(
      '/api/rounds',
      { schema: { querystring: ListQuery } },
      async ({ query: { beforeMs, beforeId = '', ...query } }): Promise<RoundsBody> => {
        const rounds = await roundLines(db, {
          limit: USUAL_LIMIT,
          ...query,
          ...(beforeMs === undefined ? {} : { before: { atMs: beforeMs, id: beforeId } }),
        });
        const names = namesOf((await currentTemplates(db)).map(({ template }) => template));
        const walkers = rounds.map(({ walkedBy }) => walkedBy);
        return { rounds, names, people: await personsCalled(db, walkers) };
      },
    );
    api.get(
      '/api/rounds/export',
      { schema: { querystring: ExportQuery } },
      async ({ query: { fromDay, toDay, format } }, reply) => {
        const rounds = await roundLines(db, { fromDay, toDay, limit: MOST_EXPORTED });
        const bodies = await roundBodies(
          db,
          rounds.map(({ id }) => id),
        );
        const file = await roundsWorkbook(bodies, format, site().timeZone);
        return reply
          .type(format === 'xlsx' ? XLSX : 'text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="rounds-${fromDay}-${toDay}.${format}"`)
          .send(file);
      },
    );
    api.get(
      '/api/rounds/bound',
      { schema: { querystring: BoundQuery } },
      async ({ query: { month, after, template } }): Promise<BoundBody> => {
        const days = { fromDay: `${month}-01`, toDay: `${month}-31`, ...defined({ template }) };
        const { rounds, next } = await boundRounds(db, days, { after, limit: BOUND_AT_ONCE });
        return {
          rounds: rounds.map(({ template: _shared, ...round }) => round),
          templates: Object.fromEntries(
            rounds.map(({ template: one }) => [versionName(one.id, one.version), one]),
          ),
          ...defined({ next }),
        };
      },
    );
    api.get(
      '/api/rounds/:id',
      { schema: { params: Params } },
      async ({ params }): Promise<RoundBody> => roundBody(db, params.id),
    );
  };
}

function namesOf(templates: readonly TemplateHead[]): Readonly<Record<string, Localized>> {
  return Object.fromEntries(templates.map(({ id, name }) => [id, name]));
}
