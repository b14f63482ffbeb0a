import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { admissionTo, EVERYBODY, holdsOneOf, type Admission } from '../../config/model/access.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { AccessToken } from '../records/sign-in-secrets.ts';
import type { SignedIn } from './auth/sessions.ts';
import { isOwnHost, isOwnOrigin, type OwnSite } from './own-site.ts';

export const SESSION_COOKIE = 'watchkeeper_session';

/** Who a request comes from, by the token of its cookie or by the one in its header. */
export interface Door {
  holder(token: string, address?: string): Promise<SignedIn | undefined>;
  /** A program with a token of its own. */
  program(token: string): Promise<Pick<AccessToken, 'scopes'> | undefined>;
  /** Somebody has acted. */
  touch(session: string): Promise<void>;
}

/** Where agents push to. */
export const WRITE_PATH = '/api/v1/write';

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
export async function signedInBy(
  headers: IncomingHttpHeaders,
  door: Door,
  address?: string,
): Promise<SignedIn | undefined> {
  const token = fastifyCookie.parse(headers.cookie ?? '')[SESSION_COOKIE];
  return token === undefined ? undefined : door.holder(token, address);
}

/**
 * Looks at each request before anything else does: it must name this collector, come from a page of ours if it acts,
 * and its account must have one of the roles that the table names for the route.
 */
export function checkAccess(site: OwnSite, door: Door) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    const { headers, method } = request;
    const admission = admissionTo(method, request.routeOptions.url ?? '') ?? EVERYBODY;
    if (isProgram(request, admission)) return;
    // Only a program of its own sends such a header; no page of another site can.
    const bearer = bearerOf(headers);
    if (bearer !== undefined && admission !== EVERYBODY) return admitProgram(bearer, admission, door);
    requireOwnHost(headers, site);
    if (!SAFE_METHODS.has(method)) requireOwnOrigin(headers, site);
    if (admission === EVERYBODY && !request.url.startsWith('/api/')) return;
    request.signedIn = await signedInBy(headers, door, request.ip);
    if (admission !== EVERYBODY) await admitPerson(request, admission, door);
  };
}

/**
 * A program with a token, on a route that looks at the token itself. A browser sends no such header to a site that it
 * was led to, and its cookie does not count here.
 */
function isProgram(request: FastifyRequest, admission: typeof EVERYBODY | Admission): boolean {
  if (admission !== EVERYBODY) return false;
  return request.headers.authorization !== undefined || isPusher(request);
}

/** Who pushes shows a token or a certificate, which the route looks at; a browser would say where it comes from. */
function isPusher({ headers, routeOptions }: FastifyRequest): boolean {
  const isBrowser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  return routeOptions.url === WRITE_PATH && !isBrowser;
}

async function admitPerson(
  { signedIn, method }: FastifyRequest,
  { roles, isForSetup, isForDisplay }: Admission,
  door: Door,
): Promise<void> {
  if (signedIn === undefined) throw new WatchkeeperError('unauthenticated', 'Sign in first.');
  const isTooCurious = signedIn.account.isDisplay && isForDisplay !== true;
  if (isTooCurious || !holdsOneOf(signedIn.account.roles, roles)) {
    throw new WatchkeeperError('forbidden', 'Your account may not do this.');
  }
  if (signedIn.setup !== undefined && isForSetup !== true) {
    throw new WatchkeeperError('setup_required', 'Choose a password and a second factor first.');
  }
  // Who acts is there; what a page asks by itself says nothing.
  if (!SAFE_METHODS.has(method)) await door.touch(signedIn.session);
}

async function admitProgram(bearer: string, { scope }: Admission, door: Door): Promise<void> {
  const program = await door.program(bearer);
  if (program === undefined) throw new WatchkeeperError('unauthenticated', 'The token is not valid.');
  if (scope === undefined || !program.scopes.includes(scope)) {
    throw new WatchkeeperError('forbidden', 'The token is not for this.');
  }
}

/** The token of an `Authorization: Bearer` header (RFC 6750). */
function bearerOf({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^bearer +([\w.~+/=-]{1,200})$/i.exec(authorization ?? '')?.[1];
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
