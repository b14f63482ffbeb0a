import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Alerting } from '../../alerting/alerting.ts';
import { holdsOneOf, ROUTES } from '../../config/model/access.ts';
import type { AlertView } from '../../config/model/api.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Site } from '../../config/model/site.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { Closed } from '../../config/schema/common.ts';
import { accountByName } from '../records/accounts.ts';
import { answerLinkState, useAnswerLink, type AnswerLinkState } from '../records/answer-links.ts';
import { saveCare } from '../records/care.ts';
import type { Db } from '../records/tables.ts';
import { afterCommit } from '../records/transaction.ts';
import { ANSWER_STYLE, answerPage, type AnswerSheet } from './answer/page.ts';
import type { ApiPlugin } from './api.ts';
import { tokenHashOf } from './auth/token.ts';
import { inTurn } from './commands.ts';

export interface AnswerDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly alerting: Pick<Alerting, 'active' | 'care'>;
  readonly site: () => Site;
}

/** More alerts of one message than these are seen to on the page of alerts. */
const MAX_ALERTS = 50;

const Params = Closed({ token: Type.String({ maxLength: 100 }) }, 'A link in a message.');

/**
 * The page behind a link in a message, whose reader need not sign in: GET shows what he was told of and one button, since
 * mail scanners follow links; only the button acts, once, in his name.
 */
export function answerRoutes(deps: AnswerDeps): ApiPlugin {
  return (api) => {
    api.get('/answer.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(ANSWER_STYLE));
    void api.register(async (own) => {
      const scope = own.withTypeProvider<TypeBoxTypeProvider>();
      // A button of a plain page sends an empty form; nothing of it is read.
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit: 1_024 },
        async () => ({}),
      );
      scope.get('/a/:token', { schema: { params: Params } }, async ({ params }, reply) =>
        show(reply, await sheetOf(deps, params.token)),
      );
      scope.post('/a/:token', { schema: { params: Params } }, async (request, reply) =>
        show(reply, await answer(deps, request.params.token, request)),
      );
    });
  };
}

const STATUS: Readonly<Record<AnswerSheet['kind'], number>> = {
  unknown: 404,
  used: 410,
  ended: 410,
  forbidden: 403,
  nothing: 200,
  open: 200,
  done: 200,
};

function show(reply: FastifyReply, sheet: AnswerSheet): FastifyReply {
  return (
    reply
      .code(STATUS[sheet.kind])
      .header('cache-control', 'no-store')
      .header('x-robots-tag', 'noindex')
      // Without a word of where it comes from a browser sends the form as nobody's; to other sites it says nothing.
      .header('referrer-policy', 'same-origin')
      .type('text/html; charset=utf-8')
      .send(answerPage(sheet))
  );
}

type Open = Extract<AnswerLinkState, { readonly kind: 'open' }>;

async function sheetOf({ db, clock, alerting, site }: AnswerDeps, token: string): Promise<AnswerSheet> {
  const atMs = clock.nowMs();
  const link = await answerLinkState(db, tokenHashOf(token), atMs);
  if (link.kind === 'unknown') return { kind: 'unknown' };
  const holder = await holderOf(db, link);
  const { language, person } = holder;
  const frame = { language, person, site: site() };
  if (link.kind === 'used') return { ...frame, kind: 'used', atMs: link.usedAtMs };
  if (link.kind === 'ended') return { ...frame, kind: 'ended', atMs: link.endedAtMs };
  if (!holder.mayAct) return { ...frame, kind: 'forbidden' };
  const active = activeOf(alerting, link);
  const free = active.filter(({ claim }) => claim === undefined).slice(0, MAX_ALERTS);
  const held = active.filter(({ claim }) => claim !== undefined);
  return free.length === 0
    ? { ...frame, kind: 'nothing', held, over: link.alerts.length - active.length }
    : { ...frame, kind: 'open', alerts: free, held, endsAtMs: link.endsAtMs, token };
}

/** Whose link it is, as he is now. */
async function holderOf(db: Db, { account: name }: { readonly account: string }) {
  const found = await accountByName(db, name);
  if (found === undefined) return { language: 'zh-CN', person: name, mayAct: false } as const;
  const { account, isDisabled } = found;
  return {
    language: account.language,
    person: account.displayName,
    mayAct: !isDisabled && holdsOneOf(account.roles, ROUTES['POST /api/commands/claim-alert'].roles),
  };
}

function activeOf({ active }: Pick<Alerting, 'active'>, { alerts }: Open): readonly AlertView[] {
  const told = new Set(alerts);
  return active().filter(({ fingerprint }) => told.has(fingerprint));
}

/** Acknowledges what the message tells of and nobody sees to yet; the link is used up by that alone. */
async function answer(deps: AnswerDeps, token: string, { ip }: FastifyRequest): Promise<AnswerSheet> {
  const { db, clock, alerting } = deps;
  const seen = await sheetOf(deps, token);
  if (seen.kind !== 'open') return seen;
  const atMs = clock.nowMs();
  const tokenHash = tokenHashOf(token);
  const link = await answerLinkState(db, tokenHash, atMs);
  if (link.kind !== 'open') return sheetOf(deps, token);
  const target = seen.alerts.map(({ fingerprint }) => fingerprint).join(' ');
  const entry = { atMs, who: link.account, action: 'claim_alert_by_link', target, origin: ip };
  try {
    const alerts = await inTurn(db, entry, async (step) => {
      if (!(await useAnswerLink(step, tokenHash, atMs))) throw lost();
      const by = { person: link.account, origin: '' };
      const free = seen.alerts.filter(({ fingerprint }) => alerting.care.claimOf(fingerprint) === undefined);
      if (free.length === 0) throw lost();
      for (const { fingerprint } of free) {
        const { change } = alerting.care.decide.claim({ fingerprint, note: '', isUntilWorse: true }, by);
        await saveCare(step, change);
        afterCommit(step, () => alerting.care.took(change));
      }
      return free;
    });
    return { ...seen, kind: 'done', alerts };
  } catch (error) {
    // Another was quicker, or it ended meanwhile: the page says how it is now.
    if (error instanceof WatchkeeperError && ['conflict', 'not_found'].includes(error.code))
      return sheetOf(deps, token);
    throw error;
  }
}

function lost(): WatchkeeperError {
  return new WatchkeeperError('conflict', 'Another was quicker.');
}
