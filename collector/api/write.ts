import type { FastifyReply, FastifyRequest } from 'fastify';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Log } from '../../config/runtime/log.ts';
import { DEFAULT_WRITE_LIMITS } from '../../config/wire/remote-write.ts';
import type { Receiver, Writer } from '../ingest/receiver.ts';
import { clientCertificateOf, type ApiPlugin } from './api.ts';
import { WRITE_PATH } from './access.ts';
import { refusalOf } from './refusals.ts';

/** Who may push samples: by the token of the `Authorization: Bearer` header, or by a certificate of the own authority. */
export interface WriteDoor {
  writer(token: string): Promise<Writer | undefined>;
  /** By the SHA-256 of the certificate. */
  holder(fingerprint: string): Promise<Writer | undefined>;
}

export interface WriteDeps {
  readonly receiver: Receiver;
  readonly door: WriteDoor;
  readonly log: Log;
}

/** As a sender may pack them; unpacked, the receiver's own limits hold. */
const MAX_PACKED_BYTES = DEFAULT_WRITE_LIMITS.maxBytes / 2;

/**
 * `POST /api/v1/write`: the receiver of remote_write 1.0. Answers tell the sender what to do, as Prometheus has it:
 * 204 taken, 400 and 413 never try this again, 401 the token, 429 and 5xx try later.
 */
export function writeRoutes({ receiver, door, log }: WriteDeps): ApiPlugin {
  return (api) => {
    void api.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        'application/x-protobuf',
        { parseAs: 'buffer', bodyLimit: MAX_PACKED_BYTES },
        async (_request: FastifyRequest, body: string | Buffer) => body,
      );
      scope.setErrorHandler((error, { routeOptions }, reply) => {
        const { status, body } = refusalOf(error);
        if (status >= 500) log.error({ err: error, route: routeOptions.url }, 'request failed');
        // Senders log the body as it is.
        return reply.code(status).type('text/plain; charset=utf-8').send(body.message);
      });
      const writers = new WeakMap<FastifyRequest, Writer>();
      scope.post(WRITE_PATH, {
        config: { rateLimit: false },
        // Before the body is read: strangers send us nothing.
        onRequest: async (request) => void writers.set(request, await writerOf(request, door)),
        handler: async (request, reply): Promise<FastifyReply> => {
          const writer = writers.get(request);
          if (writer === undefined || !Buffer.isBuffer(request.body)) throw unreadable();
          receiver.write(request.body, writer);
          return reply.code(204).send();
        },
      });
    });
  };
}

async function writerOf(request: FastifyRequest, door: WriteDoor): Promise<Writer> {
  const { headers } = request;
  const [, token] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const writer = await (token === undefined ? holderOf(request, door) : door.writer(token));
  if (writer === undefined)
    throw new WatchkeeperError('unauthenticated', 'A token or a certificate that may write is needed.');
  const version = headers['x-prometheus-remote-write-version'] ?? '0.1.0';
  if (headers['content-encoding'] !== 'snappy' || !String(version).startsWith('0.')) throw unreadable();
  return writer;
}

async function holderOf(request: FastifyRequest, door: WriteDoor): Promise<Writer | undefined> {
  const fingerprint = clientCertificateOf(request);
  return fingerprint === undefined ? undefined : door.holder(fingerprint);
}

function unreadable(): WatchkeeperError {
  return new WatchkeeperError('write_invalid', 'only remote_write 1.0 is taken: protobuf packed with snappy');
}
