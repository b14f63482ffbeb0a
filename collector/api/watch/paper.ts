import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { peopleOf } from '../../../config/model/handover.ts';
import { LANGUAGES, type Language, type Localized } from '../../../config/model/localized.ts';
import type { Sheet } from '../../../config/model/sheet.ts';
import { WATCH_WORDS } from '../../../config/model/watch-words.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { exportHandover } from '../../duty/watch/export.ts';
import { auditHead } from '../../records/audit.ts';
import { personsCalled } from '../../records/roster-people.ts';
import { dutyRecordsSince } from '../../records/duty.ts';
import { fromJson } from '../../records/json.ts';
import type { Db } from '../../records/tables.ts';
import { addendaOf, handoverById, sealedBetween, type KeptHandover } from '../../records/watch.ts';
import { paperOf, type PaperPlace, type PaperSource } from '../../texts/paper-model.ts';
import { paperPdf } from '../../texts/paper.ts';
import type { Api } from '../api.ts';
import { monthSpan } from './month.ts';
import { RecordId, type WatchDeps } from './watch-deps.ts';

export interface PaperDeps extends Pick<WatchDeps, 'db' | 'clock'> {
  readonly site: () => { readonly name: Localized; readonly timeZone: string };
}

const Params = Closed({ id: RecordId }, 'A handover.');
const InLanguage = { language: Type.Optional(OneOf([...LANGUAGES], 'A language.')) };
/** A drawing takes a thread: so many a minute are enough for people. */
const RATE_LIMIT = { max: 20, timeWindow: 60_000 };
const CHECK_INS_BEFORE_MS = 86_400_000;

/** A handover as a file that proves itself, as paper, and a month of them bound. */
export function addPaper(api: Api, deps: PaperDeps): void {
  const { db, clock, site } = deps;
  api.get('/api/handovers/:id/export', { schema: { params: Params } }, async (request, reply) => {
    const { id } = request.params;
    const text = await exportHandover(db, id, clock.nowMs());
    return attached(reply, `handover-${id}.wkh`, 'application/octet-stream').send(text);
  });
  api.get(
    '/api/handovers/:id/sheet.pdf',
    {
      config: { rateLimit: RATE_LIMIT },
      schema: { params: Params, querystring: Closed(InLanguage, 'How it is written.') },
    },
    async (request, reply) => {
      const { id } = request.params;
      const kept = await handoverById(db, id);
      if (kept === undefined) throw new WatchkeeperError('not_found', 'There is no such handover.');
      const place = await placeOf(deps, request.query.language);
      const paper = paperOf(await sourceOf(db, kept), place);
      const pdf = await paperPdf([paper], `${paper.title} ${id}`);
      return attached(reply, `handover-${id}.pdf`, 'application/pdf').send(pdf);
    },
  );
  api.get(
    '/api/handovers/month.pdf',
    {
      config: { rateLimit: RATE_LIMIT },
      schema: {
        querystring: Closed(
          { month: Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' }), ...InLanguage },
          'A month of the site.',
        ),
      },
    },
    async (request, reply) => {
      const { month, language } = request.query;
      const { fromMs, toMs } = monthSpan(month, site().timeZone);
      const place = await placeOf(deps, language);
      const kept = await sealedBetween(db, fromMs, toMs);
      const papers = await Promise.all(kept.map(async (one) => paperOf(await sourceOf(db, one), place)));
      const words = WATCH_WORDS.paper;
      const title = words.binder[place.language].replace('{month}', month);
      const pdf = await paperPdf(papers, title, words.binder_none[place.language]);
      return attached(reply, `handovers-${month}.pdf`, 'application/pdf').send(pdf);
    },
  );
}

function attached(reply: FastifyReply, name: string, type: string): FastifyReply {
  return reply
    .header('content-type', type)
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store');
}

async function placeOf({ db, site }: PaperDeps, language: Language = 'zh-CN'): Promise<PaperPlace> {
  const { name, timeZone } = site();
  return { language, timeZone, site: name[language], head: await auditHead(db) };
}

async function sourceOf(db: Db, { handover, sheet }: KeptHandover): Promise<PaperSource> {
  const { incoming, startedAtMs, id } = handover;
  const addenda = await addendaOf(db, id);
  const called = await personsCalled(db, [...peopleOf(handover), ...addenda.map(({ person }) => person)]);
  const checkIns = await dutyRecordsSince(db, 'check_in', startedAtMs - CHECK_INS_BEFORE_MS);
  const arrived = checkIns.find(
    ({ person, atMs }) => person === incoming && atMs <= startedAtMs + CHECK_INS_BEFORE_MS,
  );
  return {
    handover,
    sheet: fromJson<Sheet>(sheet),
    addenda,
    displayNames: new Map(Object.entries(called)),
    ...(arrived === undefined ? {} : { arrivedAtMs: arrived.atMs }),
  };
}
