import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { ATTACHMENT_MAX_BYTES, type AttachmentView } from '../../../config/model/watch-log.ts';
import { Closed } from '../../../config/schema/common.ts';
import { strippedFile } from '../../duty/watch/file-kind.ts';
import { audited } from '../../records/audit.ts';
import { addAttachment, attachmentById } from '../../records/duty.ts';
import type { Api } from '../api.ts';
import { personOf } from '../session.ts';
import { RecordId, type WatchDeps } from './watch-deps.ts';

const RATE_LIMIT = { max: 30, timeWindow: 60_000 };
/** Base64 and the frame around it. */
const BODY_LIMIT = Math.ceil((ATTACHMENT_MAX_BYTES * 4) / 3) + 4_096;
const Upload = Closed(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    content: Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: BODY_LIMIT }),
  },
  'A photo or file, in Base64.',
);

/** Photos and files of the watch log: known kinds alone, without what a camera says of place and owner. */
export function addAttachments(api: Api, { db, clock }: WatchDeps): void {
  api.post(
    '/api/attachments',
    { bodyLimit: BODY_LIMIT, config: { rateLimit: RATE_LIMIT }, schema: { body: Upload } },
    async (request): Promise<AttachmentView> => {
      const { account } = personOf(request);
      const { mediaType, content } = strippedFile(Buffer.from(request.body.content, 'base64'));
      const name = plainName(request.body.name);
      const atMs = clock.nowMs();
      const hash = createHash('sha256').update(content).digest('hex');
      const entry = {
        atMs,
        who: account.name,
        action: 'attachment_added',
        target: name,
        after: { hash, mediaType },
        origin: request.ip,
      };
      const id = await audited(db, entry, (step) =>
        addAttachment(step, { atMs, person: account.name, name, mediaType, hash, content }),
      );
      return { id, name, mediaType, bytes: content.length };
    },
  );
  api.get(
    '/api/attachments/:id',
    { schema: { params: Closed({ id: RecordId }, 'An attachment.') } },
    async (request, reply) => {
      const found = await attachmentById(db, request.params.id);
      if (found === undefined) throw new WatchkeeperError('not_found', 'There is no such attachment.');
      const isPicture = found.mediaType.startsWith('image/');
      return reply
        .header('content-type', found.mediaType)
        .header(
          'content-disposition',
          `${isPicture ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(found.name)}`,
        )
        .header('cache-control', 'private, max-age=86400')
        .send(Buffer.from(found.content));
    },
  );
}

/** The last part of a path, without what controls a terminal or turns text around. */
function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const plain = last.replace(/[\p{Cc}\p{Cf}]/gu, '').trim();
  return plain === '' ? 'file' : plain;
}
