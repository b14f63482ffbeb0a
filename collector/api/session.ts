import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ACCOUNT_NAME } from '../../config/model/account.ts';
import type { FirstRunAnswer, RescuedBody, SessionBody } from '../../config/model/api.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { LANGUAGES } from '../../config/model/localized.ts';
import { PASSWORD_MAX_LENGTH } from '../../config/model/password.ts';
import type { Site } from '../../config/model/site.ts';
import type { PeopleSettings } from '../../config/people.ts';
import type { Log } from '../../config/runtime/log.ts';
import { Closed, OneOf } from '../../config/schema/common.ts';
import { hasAdministrator } from '../records/accounts.ts';
import { audited } from '../records/audit.ts';
import { SESSION_COOKIE } from './access.ts';
import { signedInOf, type ApiPlugin } from './api.ts';
import { signInDisplay } from './auth/displays.ts';
import { redeemFirstRun } from './auth/first-run.ts';
import { requireGoodPassword } from './auth/new-password.ts';
import { LONGEST_SESSION_MS, type Place, type SignedIn } from './auth/sessions.ts';
import { signIn, signInByEmergency, type Admitted, type SignInDeps } from './auth/sign-in.ts';

/** Of one address: each costs us a slow hash. A hall full of people who come on duty stays below it. */
const ATTEMPTS_PER_MINUTE = 60;
const RATE_LIMIT = { max: ATTEMPTS_PER_MINUTE, timeWindow: 60_000 };
/** A sealed code is typed once; who guesses at it shall not even begin. */
const SEALED_RATE_LIMIT = { max: 5, timeWindow: 60_000 };

/** A screen on the wall stays signed in for as long as browsers keep a cookie. */
const DISPLAY_COOKIE_SECONDS = 400 * 24 * 3_600;

const Name = Type.String({ minLength: 1, maxLength: 64 });
const SignInRequest = Closed(
  {
    name: Name,
    password: Type.String({ minLength: 1, maxLength: PASSWORD_MAX_LENGTH }),
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 32 })),
  },
  'Name, password and the code of a second factor.',
);
const EmergencyRequest = Closed(
  { name: Name, code: Type.String({ minLength: 1, maxLength: 64 }) },
  'The sealed code of an account.',
);
const DisplayRequest = Closed(
  { token: Type.String({ minLength: 1, maxLength: 64 }) },
  'The link of a screen on the wall.',
);

export const AccountName = Type.String({ pattern: ACCOUNT_NAME });
export const DisplayName = Type.String({
  pattern: '^[^\\p{C}]*[^\\p{C}\\p{Z}][^\\p{C}]*$',
  maxLength: 100,
});
const Other = Closed({ name: AccountName, displayName: DisplayName }, 'Another administrator.');

const FirstRunRequest = Closed(
  {
    token: Type.String({ minLength: 1, maxLength: 64 }),
    name: AccountName,
    displayName: DisplayName,
    password: Type.String({ minLength: 1, maxLength: PASSWORD_MAX_LENGTH }),
    language: OneOf(LANGUAGES, 'Language of the account.'),
    others: Type.Optional(Closed({ secAdmin: Other, auditAdmin: Other }, 'The other two administrators.')),
  },
  'The first administrators.',
);

export interface SessionRoutesDeps extends SignInDeps {
  readonly log: Log;
  readonly people: () => PeopleSettings;
  site(): Pick<Site, 'name' | 'isDemonstration'>;
  readonly publicUrl?: string;
  readonly hasOwnRoot?: () => boolean;
}

/** Where a request signs in. */
function placeOf(request: FastifyRequest): Place {
  return { origin: request.ip, browser: request.headers['user-agent'] ?? '' };
}

/** Sign-in, sign-out, who is signed in, and the first run. */
export function sessionRoutes(deps: SessionRoutesDeps): ApiPlugin {
  const { db, clock, sessions } = deps;
  const cookieOf = (request: FastifyRequest) => ({
    path: '/',
    httpOnly: true,
    sameSite: 'strict' as const,
    secure:
      request.protocol === 'https' || (request.headers.origin ?? deps.publicUrl ?? '').startsWith('https:'),
  });
  /** A new session for who was let in; the one that the browser had before ends, whoever gave it to it. */
  const letIn = async (request: FastifyRequest, reply: FastifyReply, { account, token }: Admitted) => {
    if (request.signedIn !== undefined) await sessions.end(db, request.signedIn.session);
    reply.setCookie(SESSION_COOKIE, token, {
      ...cookieOf(request),
      maxAge: account.isDisplay ? DISPLAY_COOKIE_SECONDS : LONGEST_SESSION_MS / 1000,
    });
    return sessionBody(deps, await sessions.holder(token));
  };

  return (api) => {
    api.get('/api/session', ({ signedIn }) => sessionBody(deps, signedIn));

    // That it came is all that it says: somebody is there.
    api.put('/api/session', (request) => sessionBody(deps, signedInOf(request)));

    api.post(
      '/api/session',
      { config: { rateLimit: RATE_LIMIT }, schema: { body: SignInRequest } },
      async (request, reply) => letIn(request, reply, await signIn(deps, request.body, placeOf(request))),
    );

    api.post(
      '/api/session/emergency',
      { config: { rateLimit: SEALED_RATE_LIMIT }, schema: { body: EmergencyRequest } },
      async (request, reply): Promise<RescuedBody> => {
        const rescued = await signInByEmergency(deps, request.body, placeOf(request));
        return { ...(await letIn(request, reply, rescued)), nextCode: rescued.nextCode };
      },
    );

    api.post(
      '/api/session/display',
      { config: { rateLimit: RATE_LIMIT }, schema: { body: DisplayRequest } },
      async (request, reply) =>
        letIn(request, reply, await signInDisplay(deps, request.body.token, placeOf(request))),
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
      async (request, reply): Promise<FirstRunAnswer> => {
        requireGoodPassword(request.body.password, request.body.name);
        const { slips, ...admitted } = await redeemFirstRun(deps, request.body, placeOf(request));
        return { ...(await letIn(request, reply, admitted)), slips };
      },
    );
  };
}

async function sessionBody(deps: SessionRoutesDeps, signedIn: SignedIn | undefined): Promise<SessionBody> {
  const { name, isDemonstration } = deps.site();
  const { idleLogOffMs, mayCombineAdministrators } = deps.people();
  const body = {
    isFirstRun: !(await hasAdministrator(deps.db)),
    isDemonstration,
    siteName: name,
    idleLogOffMs,
    mayCombineAdministrators,
    ...(deps.hasOwnRoot?.() === true ? { hasOwnRoot: true } : {}),
  };
  if (signedIn === undefined) return body;
  const { id: _id, ...account } = signedIn.account;
  const { setup } = signedIn;
  return { ...body, account: { ...account, ...(setup === undefined ? {} : { setup }) } };
}

/** Who is signed in and has an account to look after: a screen on the wall has none. */
export function personOf(request: FastifyRequest): SignedIn {
  const signedIn = signedInOf(request);
  if (signedIn.account.isDisplay) throw new WatchkeeperError('forbidden', 'A screen on the wall only looks.');
  return signedIn;
}
