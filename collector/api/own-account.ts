import { Type } from 'typebox';
import type { FactorBody, OwnAccountBody, RecoveryCodesBody } from '../../config/model/api.ts';
import { holdsOneOf } from '../../config/model/access.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { PASSWORD_MAX_LENGTH } from '../../config/model/password.ts';
import { Closed } from '../../config/schema/common.ts';
import { accountByName } from '../records/accounts.ts';
import { audited, type AuditEntry } from '../records/audit.ts';
import {
  codesOf,
  passwordsOf,
  replaceCodes,
  secondFactorOf,
  setPassword,
  setSecondFactor,
} from '../records/sign-in-secrets.ts';
import { removeSessionsOf, sessionsOf } from '../records/sessions.ts';
import type { Api, ApiPlugin } from './api.ts';
import { codeHashOf, newPrintedCode, RECOVERY_GROUPS } from './auth/codes.ts';
import { requireGoodPassword, requireNewPassword } from './auth/new-password.ts';
import type { Proofs } from './auth/proofs.ts';
import { newFactor, openedFactor, stepOfCode } from './auth/second-factor.ts';
import type { SignedIn } from './auth/sessions.ts';
import type { Db } from '../records/tables.ts';
import { inTransaction } from '../records/transaction.ts';
import { factorOf, vaultOf } from '../records/vault.ts';
import { InvalidRequestError } from './refusals.ts';
import { personOf, type SessionRoutesDeps } from './session.ts';

const RECOVERY_CODES = 10;
const RATE_LIMIT = { max: 20, timeWindow: 60_000 };
/** What a proof is for that changes the second factor. */
const FACTOR = 'second_factor';

const Secret = Type.String({ minLength: 1, maxLength: PASSWORD_MAX_LENGTH });
const Code = Type.String({ minLength: 1, maxLength: 32 });
const NewPasswordRequest = Closed({ password: Type.Optional(Secret), next: Secret }, 'A new password.');
const ProofRequest = Closed(
  {
    purpose: Type.String({ pattern: '^[a-z][a-z_-]{0,63}(:[0-9A-Za-z@._-]{1,80})?$' }),
    password: Type.Optional(Secret),
    code: Type.Optional(Code),
  },
  'Proves who one is.',
);
const Proved = Closed({ proof: Type.Optional(Type.String({ maxLength: 64 })) }, 'With a proof.');
const CodeRequest = Closed({ code: Code }, 'A code of the phone.');
const SessionParams = Closed({ id: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, 'A session.');

export interface OwnAccountDeps extends SessionRoutesDeps {
  readonly proofs: Proofs;
}

/** What a person does with the own account: password, second factor, sessions. */
export function ownAccountRoutes(deps: OwnAccountDeps): ApiPlugin {
  return (api) => {
    api.get('/api/account', (request) => ownAccount(deps, personOf(request)));
    addPassword(api, deps);
    addSessions(api, deps);
    addFactor(api, deps);
    addFactorRenewal(api, deps);
  };
}

/** Does a write of a person to the own account, with its line of the audit. */
function write<T>(
  { db, clock }: OwnAccountDeps,
  { account }: SignedIn,
  { action, origin }: Pick<AuditEntry, 'action' | 'origin'>,
  act: (step: Db) => Promise<T>,
): Promise<T> {
  const { name } = account;
  return audited(db, { atMs: clock.nowMs(), who: name, action, target: name, origin }, act);
}

async function endOthers(
  step: Db,
  { account, session }: SignedIn,
  { sessions }: OwnAccountDeps,
): Promise<void> {
  for (const ended of await removeSessionsOf(step, account.id, session)) await sessions.end(step, ended);
}

function addPassword(api: Api, deps: OwnAccountDeps): void {
  api.post(
    '/api/account/password',
    { config: { rateLimit: RATE_LIMIT }, schema: { body: NewPasswordRequest } },
    async (request) => {
      const signedIn = personOf(request);
      const passwordHash = await newPasswordHash(deps, signedIn, request.body, request.ip);
      const atMs = deps.clock.nowMs();
      await write(deps, signedIn, { action: 'password_changed', origin: request.ip }, async (step) => {
        await setPassword(step, signedIn.account.id, { passwordHash, atMs, mustChange: false });
        await replaceCodes(step, signedIn.account.id, 'first', []);
        await endOthers(step, signedIn, deps);
      });
      return { isChanged: true };
    },
  );

  api.post(
    '/api/account/proof',
    { config: { rateLimit: RATE_LIMIT }, schema: { body: ProofRequest } },
    async (request) => ({ proof: await deps.proofs.give(personOf(request), request.body, request.ip) }),
  );
}

function addSessions(api: Api, deps: OwnAccountDeps): void {
  api.delete('/api/account/sessions', async (request) => {
    const signedIn = personOf(request);
    await write(deps, signedIn, { action: 'sessions_ended', origin: request.ip }, (step) =>
      endOthers(step, signedIn, deps),
    );
    return ownAccount(deps, signedIn);
  });

  api.delete('/api/account/sessions/:id', { schema: { params: SessionParams } }, async (request) => {
    const signedIn = personOf(request);
    const own = await sessionsOf(deps.db, signedIn.account.id);
    if (!own.some(({ tokenHash }) => tokenHash === request.params.id)) {
      throw new WatchkeeperError('not_found', 'There is no such session of yours.');
    }
    await write(deps, signedIn, { action: 'session_ended', origin: request.ip }, (step) =>
      deps.sessions.end(step, request.params.id),
    );
    return ownAccount(deps, signedIn);
  });
}

function addFactor(api: Api, deps: OwnAccountDeps): void {
  api.post(
    '/api/account/second-factor',
    { schema: { body: Proved } },
    async (request): Promise<FactorBody> => {
      const signedIn = personOf(request);
      // Who must have one and has none yet has just shown the password.
      if (signedIn.setup !== 'second_factor') deps.proofs.take(signedIn, FACTOR, request.body.proof);
      if ((await secondFactorOf(deps.db, signedIn.account.id))?.isConfirmed === true) {
        throw new WatchkeeperError('conflict', 'There is a second factor already; remove it first.');
      }
      const { en } = deps.site().name;
      const factor = await newFactor(`Watchkeeper ${en}`, signedIn.account.name);
      const { id } = signedIn.account;
      const secret = vaultOf(deps.db).seal(factor.secret, factorOf(id));
      await inTransaction(deps.db, (step) =>
        setSecondFactor(step, id, { secret, isConfirmed: false, lastStep: 0 }),
      );
      return factor;
    },
  );

  api.put(
    '/api/account/second-factor',
    { config: { rateLimit: RATE_LIMIT }, schema: { body: CodeRequest } },
    async (request): Promise<RecoveryCodesBody> => {
      const signedIn = personOf(request);
      const { id } = signedIn.account;
      const factor = await secondFactorOf(deps.db, id);
      const step =
        factor && stepOfCode(openedFactor(deps.db, id, factor), request.body.code, deps.clock.nowMs());
      if (factor === undefined || factor.isConfirmed || step === undefined) {
        throw new InvalidRequestError([{ path: 'code', message: 'is not the code that the phone shows' }]);
      }
      const codes = newRecoveryCodes();
      await write(deps, signedIn, { action: 'second_factor_set', origin: request.ip }, async (records) => {
        await setSecondFactor(records, id, { ...factor, isConfirmed: true, lastStep: step });
        await replaceCodes(records, id, 'recovery', hashed(codes));
      });
      return { codes };
    },
  );
}

function addFactorRenewal(api: Api, deps: OwnAccountDeps): void {
  api.post(
    '/api/account/recovery-codes',
    { schema: { body: Proved } },
    async (request): Promise<RecoveryCodesBody> => {
      const signedIn = personOf(request);
      deps.proofs.take(signedIn, FACTOR, request.body.proof);
      const codes = newRecoveryCodes();
      await write(deps, signedIn, { action: 'recovery_codes_made', origin: request.ip }, (step) =>
        replaceCodes(step, signedIn.account.id, 'recovery', hashed(codes)),
      );
      return { codes };
    },
  );

  api.delete('/api/account/second-factor', { schema: { body: Proved } }, async (request) => {
    const signedIn = personOf(request);
    deps.proofs.take(signedIn, FACTOR, request.body.proof);
    await write(deps, signedIn, { action: 'second_factor_removed', origin: request.ip }, async (step) => {
      await setSecondFactor(step, signedIn.account.id, undefined);
      await replaceCodes(step, signedIn.account.id, 'recovery', []);
    });
    return ownAccount(deps, signedIn);
  });
}

const newRecoveryCodes = (): readonly string[] =>
  Array.from({ length: RECOVERY_CODES }, () => newPrintedCode(RECOVERY_GROUPS));

const hashed = (codes: readonly string[]) => codes.map((code) => ({ codeHash: codeHashOf(code) }));

async function newPasswordHash(
  { db, passwords, proofs }: OwnAccountDeps,
  signedIn: SignedIn,
  { password, next }: { readonly password?: string; readonly next: string },
  origin: string,
): Promise<string> {
  const { account, setup } = signedIn;
  requireGoodPassword(next, account.name, 'next');
  if (setup !== 'password') {
    if (password === undefined) throw new InvalidRequestError([{ path: 'password', message: 'is missing' }]);
    await proofs.give(signedIn, { purpose: 'password', password }, origin);
  }
  await requireNewPassword(passwords, next, { before: await passwordsOf(db, account.id), path: 'next' });
  return passwords.hash(next);
}

async function ownAccount(
  { db, people }: OwnAccountDeps,
  { account, session }: SignedIn,
): Promise<OwnAccountBody> {
  const factor = await secondFactorOf(db, account.id);
  const found = await accountByName(db, account.name);
  return {
    hasSecondFactor: factor?.isConfirmed === true,
    mustHaveSecondFactor: holdsOneOf(found?.account.roles ?? [], people().secondFactorFor),
    recoveryCodesLeft: (await codesOf(db, account.id, 'recovery')).length,
    sessions: (await sessionsOf(db, account.id)).map(({ tokenHash, ...entry }) => ({
      ...entry,
      id: tokenHash,
      isThis: tokenHash === session,
    })),
  };
}
