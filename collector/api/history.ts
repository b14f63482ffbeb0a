import { Type } from 'typebox';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { AlertHistoryBody, OutboxBody } from '../../config/model/api.ts';
import { Closed } from '../../config/schema/common.ts';
import { alertHistory } from '../records/alerts.ts';
import { outboxMessage, outboxMessages } from '../records/messages.ts';
import type { Db } from '../records/tables.ts';
import type { ApiPlugin } from './api.ts';

const USUAL_LIMIT = 50;

const PageQuery = Closed(
  {
    beforeMs: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    beforeId: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  'Part of a list, newest first.',
);

const MessageParams = Closed(
  { id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) },
  'A message.',
);

/**
 * A mail looks as its reader sees it only with the styles that stand in it, and hostile labels may stand in it too: it
 * is a document of its own that may have styles and nothing else, and only our pages may frame it.
 */
const MAIL_POLICY = {
  useDefaults: false,
  directives: {
    sandbox: [],
    'default-src': ["'none'"],
    'style-src': ["'unsafe-inline'"],
    'frame-ancestors': ["'self'"],
  },
};

/** What became of alerts, and what was sent because of them. */
export function historyRoutes({ db }: { db: Db }): ApiPlugin {
  return (api) => {
    api.get(
      '/api/alerts/history',
      { schema: { querystring: PageQuery } },
      async ({ query }): Promise<AlertHistoryBody> => ({
        entries: await alertHistory(db, { limit: USUAL_LIMIT, ...query }),
      }),
    );
    api.get(
      '/api/outbox',
      { schema: { querystring: PageQuery } },
      async ({ query }): Promise<OutboxBody> => ({
        messages: await outboxMessages(db, { limit: USUAL_LIMIT, ...query }),
      }),
    );
    api.get(
      '/api/outbox/:id/html',
      {
        schema: { params: MessageParams },
        helmet: { contentSecurityPolicy: MAIL_POLICY },
      },
      async ({ params }, reply) => {
        const message = await outboxMessage(db, params.id);
        if (message === undefined) throw new WatchkeeperError('not_found', 'There is no such message.');
        return reply.type('text/html; charset=utf-8').send(message.html);
      },
    );
  };
}
