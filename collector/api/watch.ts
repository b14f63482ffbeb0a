import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Localized } from '../../config/model/localized.ts';
import { peopleOf } from '../../config/model/handover.ts';
import { missingSigners } from '../../config/model/handover-step.ts';
import { responsibleBy } from '../../config/model/ledger.ts';
import type { Sheet, SheetLine } from '../../config/model/sheet.ts';
import { WATCH_POSTS, type WatchPost } from '../../config/model/watch.ts';
import type {
  HandoverBody,
  HandoversBody,
  ResponsibleBody,
  WatchBody,
  WatchLogBody,
} from '../../config/model/watch-api.ts';
import { Closed } from '../../config/schema/common.ts';
import { logBlock } from '../duty/watch/blocks/people.ts';
import type { FactsMoment } from '../duty/watch/facts.ts';
import { answerProbe, probeByToken, type ProbeDeps } from '../duty/watch/probes.ts';
import { historyBetween } from '../records/alerts.ts';
import { audited } from '../records/audit.ts';
import { findLog, marksNow } from '../records/duty.ts';
import { fromJson } from '../records/json.ts';
import { personsCalled } from '../records/roster-people.ts';
import { addendaOf, findHandovers, handoverById, ledgerLineAt } from '../records/watch.ts';
import type { Api, ApiPlugin } from './api.ts';
import {
  arriveStandIn,
  checkIn,
  comeBack,
  decideLeave,
  endLeave,
  noteAway,
  requestLeave,
} from './watch/attendance-commands.ts';
import { closeItem, countEquipment, openItem, recordCall, writeLog } from './watch/desk-commands.ts';
import {
  answerHandover,
  askHandover,
  carryOver,
  openBlock,
  returnHandover,
  startHandover,
  withdrawHandover,
} from './watch/handover-commands.ts';
import { answerProbeOf, probeWatch, setProbePlan } from './watch/probe-commands.ts';
import { addAddendumTo, recordTelephone, signHandover } from './watch/sign-commands.ts';
import { giveUpPost, takeWatch, transcribeHandover } from './watch/take-commands.ts';
import { RecordId, type WatchDeps } from './watch/watch-deps.ts';
import { addAttachments } from './watch/attachments.ts';
import { addPaper } from './watch/paper.ts';
import { addSigning } from './watch/signing.ts';
import { boardOf } from './watch/view.ts';

export interface WatchRoutesDeps extends WatchDeps {
  readonly probes: ProbeDeps;
  readonly moment: () => FactsMoment;
  readonly site: () => { readonly name: Localized; readonly timeZone: string };
}

const COMMANDS = [
  startHandover,
  openBlock,
  askHandover,
  answerHandover,
  carryOver,
  returnHandover,
  withdrawHandover,
  signHandover,
  recordTelephone,
  addAddendumTo,
  takeWatch,
  giveUpPost,
  transcribeHandover,
  checkIn,
  requestLeave,
  decideLeave,
  arriveStandIn,
  endLeave,
  noteAway,
  comeBack,
  writeLog,
  openItem,
  closeItem,
  countEquipment,
  recordCall,
  answerProbeOf,
  setProbePlan,
];

/** Who keeps the watch, how it is handed over, and what is written down meanwhile. */
export function watchRoutes(deps: WatchRoutesDeps): ApiPlugin {
  return async (api) => {
    for (const command of COMMANDS) command(deps)(api);
    probeWatch(deps, deps.probes)(api);
    addBoard(api, deps);
    addHandovers(api, deps);
    addLog(api, deps);
    addProbeDoor(api, deps);
    addSigning(api, deps);
    addAttachments(api, deps);
    addPaper(api, deps);
  };
}

const Offset = Type.Optional(RecordId);
const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 100 }));
const ListQuery = Closed(
  { text: Type.Optional(Type.String({ maxLength: 200 })), beforeId: Offset, limit: Limit },
  'A part of a list, newest first.',
);
const DEFAULT_LIMIT = 30;

function addBoard(api: Api, deps: WatchRoutesDeps): void {
  const { desk, moment, isGrave } = deps;
  api.get('/api/watch', async (): Promise<WatchBody> => {
    const now = moment();
    return { ...boardOf({ desk, moment: now, isGrave: isGrave() }), atMs: now.atMs };
  });
  api.get(
    '/api/responsible',
    {
      schema: {
        querystring: Closed(
          { atMs: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) },
          'An instant.',
        ),
      },
    },
    async (request): Promise<ResponsibleBody> => {
      const { atMs } = request.query;
      const found = await Promise.all(
        WATCH_POSTS.map(
          async (post) => [post, responsibleBy(await ledgerLineAt(deps.db, post, atMs))] as const,
        ),
      );
      const planned = await deps.roster.shiftAt(atMs);
      const posts = Object.fromEntries(found) as ResponsibleBody['posts'];
      const people = [
        ...Object.values(posts).flatMap((post) => (post.kind === 'person' ? post.person : [])),
        ...Object.values(planned?.posts ?? {}).flat(),
      ];
      const names = await personsCalled(deps.db, people);
      return { atMs, posts, names, ...(planned === undefined ? {} : { planned }) };
    },
  );
}

function addHandovers(api: Api, { db, isGrave }: WatchRoutesDeps): void {
  api.get(
    '/api/handovers',
    { schema: { querystring: ListQuery } },
    async (request): Promise<HandoversBody> => {
      const { limit = DEFAULT_LIMIT, ...query } = request.query;
      const found = await findHandovers(db, { ...query, limit: limit + 1 });
      const handovers = found.slice(0, limit);
      const names = await personsCalled(db, handovers.flatMap(peopleOf));
      return { handovers, isMore: found.length > limit, names };
    },
  );
  api.get(
    '/api/handovers/:id',
    { schema: { params: Closed({ id: RecordId }, 'A handover.') } },
    async (request): Promise<HandoverBody> => {
      const kept = await handoverById(db, request.params.id);
      if (kept === undefined) throw new WatchkeeperError('not_found', 'There is no such handover.');
      const { handover } = kept;
      const sheet = fromJson<Sheet>(kept.sheet);
      const isOpen = handover.state.kind === 'walking';
      const addenda = await addendaOf(db, handover.id);
      return {
        handover,
        sheet,
        missing: isOpen ? missingSigners(handover, isGrave()) : [],
        since: isOpen ? await sinceFreeze(db, sheet) : [],
        addenda,
        names: await personsCalled(db, [...peopleOf(handover), ...addenda.map(({ person }) => person)]),
      };
    },
  );
}

/** What has happened since, by the very numbers at which the next sheet begins. */
async function sinceFreeze(
  db: WatchDeps['db'],
  { through, frozenAtMs, post }: Sheet,
): Promise<readonly SheetLine[]> {
  const now = await marksNow(db);
  const moment = {
    db,
    post: post as WatchPost,
    atMs: frozenAtMs,
    fromMs: frozenAtMs,
    since: through,
    through: now,
  };
  const notes = await logBlock().lines(moment);
  const entries = await historyBetween(db, through.history, now.history, [
    'fired',
    'held',
    'resumed',
    'resolved',
  ]);
  const alerts = entries.map(
    ({ id, atMs, transition, alert }): SheetLine => ({
      key: `history ${id}`,
      code: `since_${transition}`,
      name: alert.summary,
      params: { atMs, level: alert.severity, device: alert.device ?? '' },
      weight: alert.severity === 'critical' && transition === 'fired' ? 'grave' : 'plain',
    }),
  );
  return [...alerts, ...notes].sort((a, b) => Number(a.params['atMs']) - Number(b.params['atMs']));
}

function addLog(api: Api, { db }: WatchRoutesDeps): void {
  api.get(
    '/api/watch-log',
    { schema: { querystring: ListQuery } },
    async (request): Promise<WatchLogBody> => {
      const { limit = DEFAULT_LIMIT, ...query } = request.query;
      const found = await findLog(db, { ...query, limit: limit + 1 });
      const entries = found.slice(0, limit);
      const authors = entries.flatMap(({ author }) => author ?? []);
      return { entries, isMore: found.length > limit, names: await personsCalled(db, authors) };
    },
  );
}

const PROBE_RATE = { max: 20, timeWindow: 60_000 };

/** The link of a mail: its page has one button, and only that acts. Its token is one person's, once, for one call. */
function addProbeDoor(api: Api, { db, clock, desk }: WatchRoutesDeps): void {
  api.post(
    '/api/duty-probe',
    {
      config: { rateLimit: PROBE_RATE },
      schema: { body: Closed({ token: Type.String({ minLength: 1, maxLength: 64 }) }, 'Of the link.') },
    },
    async (request: FastifyRequest<{ Body: { token: string } }>) => {
      const probe = await probeByToken(db, request.body.token);
      if (probe === undefined) throw new WatchkeeperError('not_found', 'This call is over.');
      const atMs = clock.nowMs();
      const { person: who } = probe;
      const entry = {
        atMs,
        who,
        action: 'answer_probe',
        target: who,
        after: { way: 'mail' },
        origin: request.ip,
      };
      await audited(db, entry, async (step) => {
        const open = await probeByToken(step, request.body.token);
        if (open === undefined) throw new WatchkeeperError('not_found', 'This call is over.');
        await answerProbe(step, open, { atMs, way: 'mail', by: who });
        desk.follow(step);
      });
      return { isAnswered: true };
    },
  );
}
