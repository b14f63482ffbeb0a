import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { SessionBody } from '../../config/model/api.ts';
import { LANGUAGES } from '../../config/model/localized.ts';
import { PASSWORD_MAX_LENGTH, passwordFault, type PasswordFault } from '../../config/model/password.ts';
import type { Site } from '../../config/model/site.ts';
import { Closed, OneOf } from '../../config/schema/common.ts';
import { hasAdministrator } from '../records/accounts.ts';
import { audited } from '../records/audit.ts';
import { SESSION_COOKIE } from './access.ts';
import { signedInOf, type ApiPlugin } from './api.ts';
import { redeemFirstRun } from './auth/first-run.ts';
import { LONGEST_SESSION_MS, type SignedIn } from './auth/sessions.ts';
import { signIn, type Admitted, type SignInDeps } from './auth/sign-in.ts';
import { InvalidRequestError } from './refusals.ts';

/** Of one address. Guessing at one name is bounded by its lock, guessing at many names by this. */
const ATTEMPTS_PER_MINUTE = 20;
const RATE_LIMIT = { max: ATTEMPTS_PER_MINUTE, timeWindow: 60_000 };

const SignInRequest = Closed(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: PASSWORD_MAX_LENGTH }),
  },
  'Name and password.',
);

const FirstRunRequest = Closed(
  {
    token: Type.String({ minLength: 1, maxLength: 64 }),
    name: Type.String({ pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*$', maxLength: 64 }),
    displayName: Type.String({ pattern: '^[^\\p{C}]*[^\\p{C}\\p{Z}][^\\p{C}]*$', maxLength: 100 }),
    password: Type.String({ minLength: 1, maxLength: PASSWORD_MAX_LENGTH }),
    language: OneOf(LANGUAGES, 'Language of the account.'),
  },
  'The first administrator.',
);

const PASSWORD_WORDS: Readonly<Record<PasswordFault, string>> = {
  too_short: 'must have at least 10 characters',
  too_long: 'must have at most 256 characters',
  like_name: 'must not be built on the name',
  too_common: 'is one of those that are tried first',
};

export interface SessionRoutesDeps extends SignInDeps {
  site(): Pick<Site, 'name' | 'isDemonstration'>;
  readonly publicUrl?: string;
}

/** Sign-in, sign-out, who is signed in, and the first run. */
export function sessionRoutes(deps: SessionRoutesDeps): ApiPlugin {
  const { db, clock, sessions } = deps;
  const cookieOf = (request: FastifyRequest) => ({
    path: '/',
    httpOnly: true,
    sameSite: 'strict' as const,
    secure: (request.headers.origin ?? deps.publicUrl ?? '').startsWith('https:'),
  });
  /** A new session for who was let in; the one that the browser had before ends, whoever gave it to it. */
  const letIn = async (request: FastifyRequest, reply: FastifyReply, admitted: Admitted) => {
    if (request.signedIn !== undefined) await sessions.end(db, request.signedIn.session);
    reply.setCookie(SESSION_COOKIE, admitted.token, {
      ...cookieOf(request),
      maxAge: LONGEST_SESSION_MS / 1000,
    });
    return sessionBody(deps, admitted);
  };

  return (api) => {
    api.get('/api/session', ({ signedIn }) => sessionBody(deps, signedIn));

    api.post(
      '/api/session',
      { config: { rateLimit: RATE_LIMIT }, schema: { body: SignInRequest } },
      async (request, reply) => letIn(request, reply, await signIn(deps, request.body, request.ip)),
    );

    api.delete('/api/session', async (request, reply) => {
      const { account, session } = signedInOf(request);
      const entry = { who: account.name, action: 'signed_out', target: account.name, origin: request.ip };
      await audited(db, { ...entry, atMs: clock.nowMs() }, (step) => sessions.end(step, session));
      reply.clearCookie(SESSION_COOKIE, cookieOf(request));
      return sessionBody(deps, undefined);
    });

    api.post(
      '/api/first-run',
      { config: { rateLimit: RATE_LIMIT }, schema: { body: FirstRunRequest } },
      async (request, reply) => {
        const { password, name } = request.body;
        const fault = passwordFault(password, name);
        if (fault !== undefined) {
          throw new InvalidRequestError([{ path: 'password', message: PASSWORD_WORDS[fault] }]);
        }
        return letIn(request, reply, await redeemFirstRun(deps, request.body, request.ip));
      },
    );
  };
}

async function sessionBody(
  deps: SessionRoutesDeps,
  signedIn: Pick<SignedIn, 'account'> | undefined,
): Promise<SessionBody> {
  const { name, isDemonstration } = deps.site();
  const isFirstRun = !(await hasAdministrator(deps.db));
  if (signedIn === undefined) return { isFirstRun, isDemonstration, siteName: name };
  const { id: _id, ...account } = signedIn.account;
  return { account, isFirstRun, isDemonstration, siteName: name };
}
