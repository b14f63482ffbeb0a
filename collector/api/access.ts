import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { admissionTo, EVERYBODY, holdsOneOf } from '../../config/model/access.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { SignedIn } from './auth/sessions.ts';
import { isOwnHost, isOwnOrigin, type OwnSite } from './own-site.ts';

export const SESSION_COOKIE = 'watchkeeper_session';

/** Who a request comes from, by the token of its cookie. */
export interface Door {
  holder(token: string): Promise<SignedIn | undefined>;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses a route that the table of `config/model/access.ts` does not know, when the server starts. */
export function requireAdmission({ method, url }: RouteOptions): void {
  for (const each of [method].flat()) {
    if (admissionTo(each, url) === undefined) {
      throw new Error(`config/model/access.ts does not say who may call ${each} ${url}`);
    }
  }
}

/** Who sent these headers, if somebody who is signed in did. */
export async function signedInBy(headers: IncomingHttpHeaders, door: Door): Promise<SignedIn | undefined> {
  const token = fastifyCookie.parse(headers.cookie ?? '')[SESSION_COOKIE];
  return token === undefined ? undefined : door.holder(token);
}

/**
 * Looks at each request before anything else does: it must name this collector, come from a page of ours if it acts,
 * and its account must have one of the roles that the table names for the route.
 */
export function checkAccess(site: OwnSite, door: Door) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    const { headers, method } = request;
    if (isProgram(request)) return;
    requireOwnHost(headers, site);
    if (!SAFE_METHODS.has(method)) requireOwnOrigin(headers, site);
    const admission = admissionTo(method, request.routeOptions.url ?? '') ?? EVERYBODY;
    if (admission === EVERYBODY && !request.url.startsWith('/api/')) return;
    request.signedIn = await signedInBy(headers, door);
    if (admission === EVERYBODY) return;
    if (request.signedIn === undefined) throw new WatchkeeperError('unauthenticated', 'Sign in first.');
    if (!holdsOneOf(request.signedIn.account.roles, admission.roles)) {
      throw new WatchkeeperError('forbidden', 'Your account may not do this.');
    }
  };
}

/**
 * A program with a token, on a route that looks at the token itself. A browser sends no such header to a site that it
 * was led to, and its cookie does not count here.
 */
function isProgram({ headers, method, routeOptions }: FastifyRequest): boolean {
  return headers.authorization !== undefined && admissionTo(method, routeOptions.url ?? '') === EVERYBODY;
}

/** @throws {WatchkeeperError} `bad_origin` */
export function requireOwnHost(headers: IncomingHttpHeaders, site: OwnSite): void {
  if (isOwnHost(headers.host, site)) return;
  throw new WatchkeeperError(
    'bad_origin',
    'This name is not known here; `public_url` in collector.yaml makes it known.',
  );
}

/** @throws {WatchkeeperError} `bad_origin` */
export function requireOwnOrigin(headers: IncomingHttpHeaders, site: OwnSite): void {
  if (isOwnOrigin(headers, site)) return;
  const isSilent = headers.origin === undefined && headers['sec-fetch-site'] === undefined;
  throw new WatchkeeperError(
    'bad_origin',
    isSilent
      ? 'The request must say where it comes from: send the header `Origin` with the address of this site. What only asks can be asked with GET.'
      : 'The request did not come from a page of this site.',
  );
}
