import type { FastifyReply, FastifyRequest } from 'fastify';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { Closed } from '../../../config/schema/common.ts';
import { PhotoId } from '../../../config/schema/round.ts';
import { MAX_PHOTO_BYTES, photoId, plainPhoto } from '../../duty/rounds/photo.ts';
import type { ApiPlugin } from '../api.ts';
import { personOf } from '../session.ts';
import type { RoundDeps } from './round-deps.ts';

const Params = Closed({ id: PhotoId }, 'A photo, by the SHA-256 of its bytes.');
/** Somebody's own bytes must never be taken for a page. */
const PHOTO_POLICY = { useDefaults: false, directives: { 'default-src': ["'none'"], sandbox: [] } };

/** Photos come before the round that they belong to; the same again is the same photo. */
export function photoPlugin({ db, clock }: Pick<RoundDeps, 'db' | 'clock'>): ApiPlugin {
  return (api) => {
    void api.register(async (scope) => {
      scope.addContentTypeParser(
        'image/jpeg',
        { parseAs: 'buffer', bodyLimit: MAX_PHOTO_BYTES + 1 },
        async (_request: FastifyRequest, body: string | Buffer) => body,
      );
      scope.put('/api/rounds/photos/:id', {
        schema: { params: Params },
        handler: async (request, reply): Promise<FastifyReply> => {
          const { id } = request.params as { id: string };
          const { body } = request;
          if (!Buffer.isBuffer(body)) throw new WatchkeeperError('invalid_request', 'A photo is image/jpeg.');
          if (photoId(body) !== id)
            throw new WatchkeeperError('invalid_request', 'The photo was damaged on its way; send it again.');
          const bytes = plainPhoto(body).toString('base64');
          const row = { id, at_ms: clock.nowMs(), by: personOf(request).account.name, bytes };
          await db
            .insertInto('round_photo')
            .values(row)
            .onConflict((known) => known.doNothing())
            .execute();
          return reply.code(204).send();
        },
      });
      scope.get(
        '/api/rounds/photos/:id',
        { schema: { params: Params }, helmet: { contentSecurityPolicy: PHOTO_POLICY } },
        async (request, reply) => {
          const { id } = request.params as { id: string };
          const row = await db
            .selectFrom('round_photo')
            .select('bytes')
            .where('id', '=', id)
            .executeTakeFirst();
          if (row === undefined) throw new WatchkeeperError('not_found', 'There is no such photo.');
          return reply
            .type('image/jpeg')
            .header('cache-control', 'private, max-age=31536000, immutable')
            .send(Buffer.from(row.bytes, 'base64'));
        },
      );
    });
  };
}
