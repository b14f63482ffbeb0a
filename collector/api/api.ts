import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { SignedIn } from './auth/sessions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    signedIn: SignedIn | undefined;
  }
}

/** The HTTP server as routes see it: bodies, queries and parameters are checked by their TypeBox schema. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Adds the routes of one resource. */
export type ApiPlugin = (api: Api) => void;

/** Who is signed in, on a route that admits only such. */
export function signedInOf({ signedIn }: FastifyRequest): SignedIn {
  if (signedIn === undefined) throw new WatchkeeperError('unauthenticated', 'Sign in first.');
  return signedIn;
}

/** The SHA-256 of the certificate that the caller showed, if our own authority made it. */
export function clientCertificateOf({ raw: { socket } }: FastifyRequest): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  return socket.getPeerX509Certificate()?.fingerprint256;
}
