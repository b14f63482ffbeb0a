import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ROLES, type Role } from '../../config/model/account.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { SignedIn } from './auth/sessions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. Each route states this or `public`, or the server does not start. */
    roles?: readonly Role[];
    /** Anybody may, signed in or not. */
    public?: true;
  }
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

/** Everybody who is signed in. */
export const ANY_ROLE: readonly Role[] = ROLES;

/** Who is signed in, on a route that admits only such. */
export function signedInOf({ signedIn }: FastifyRequest): SignedIn {
  if (signedIn === undefined) throw new WatchkeeperError('unauthenticated', 'Sign in first.');
  return signedIn;
}
