import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { AuditBody, AuditLineView } from '../../config/model/audit.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { Closed, Instant } from '../../config/schema/common.ts';
import { audited, auditHead } from '../records/audit.ts';
import { exportAudit } from '../records/audit-export.ts';
import { auditPage, type AuditLine } from '../records/audit-lines.ts';
import type { Db } from '../records/tables.ts';
import { signedInOf, type ApiPlugin } from './api.ts';

const USUAL_LIMIT = 50;

const AuditQuery = Closed(
  {
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    who: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    action: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' })),
    fromMs: Type.Optional(Instant),
    untilMs: Type.Optional(Instant),
    beforeSeq: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  'Lines of the audit, newest first.',
);

/** The audit, to be read and taken away; there is no route that changes it. */
export function auditRoutes({ db, clock }: { readonly db: Db; readonly clock: Clock }): ApiPlugin {
  return (api) => {
    api.get('/api/audit', { schema: { querystring: AuditQuery } }, async ({ query }): Promise<AuditBody> => {
      const { lines, ...rest } = await auditPage(db, { limit: USUAL_LIMIT, ...query });
      return { lines: lines.map(viewOf), ...rest, head: await auditHead(db), atMs: clock.nowMs() };
    });
    api.get('/api/audit/export', async (request, reply) => {
      const { name } = signedInOf(request).account;
      const atMs = clock.nowMs();
      const { hash } = await auditHead(db);
      const entry = { atMs, who: name, action: 'audit_exported', target: hash, origin: request.ip };
      await audited(db, entry, async () => undefined);
      const day = new Date(atMs).toISOString().slice(0, 10);
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('content-disposition', `attachment; filename="watchkeeper-audit-${day}.jsonl"`)
        .send(Readable.from(exportAudit(db, atMs)));
    });
  };
}

function viewOf({ seq, atMs, action, personal }: AuditLine): AuditLineView {
  if (personal === undefined) return { seq, atMs, action };
  const { who, target, origin, change } = personal;
  const { before, after } = JSON.parse(change) as { readonly before?: unknown; readonly after?: unknown };
  return {
    seq,
    atMs,
    action,
    people: {
      who,
      target,
      origin,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  };
}
