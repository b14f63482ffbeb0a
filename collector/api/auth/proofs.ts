import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { ProofBody } from '../../../config/model/api.ts';
import { accountByName } from '../../records/accounts.ts';
import { inTransaction } from '../../records/transaction.ts';
import { enterAttempt } from './attempts.ts';
import { takeFactor } from './second-factor.ts';
import type { SignedIn } from './sessions.ts';
import type { SignInDeps } from './sign-in.ts';
import { newToken } from './token.ts';

/** How long a proof is good. */
const PROOF_MS = 2 * 60_000;
/** Of all people together; the oldest go first. */
const MAX_PROOFS = 1_000;

/**
 * Who signs proves anew that it is they: by password or by a code of the second factor. A proof is good for one
 * session, one purpose, once, for two minutes.
 */
export interface Proofs {
  /** @throws {WatchkeeperError} `wrong_credentials`; wrong tries count as those of the sign-in do. */
  give(signedIn: SignedIn, body: ProofBody, origin: string): Promise<string>;
  /** Uses a proof up. @throws {WatchkeeperError} `proof_required` when it is none for this session and purpose. */
  take(signedIn: SignedIn, purpose: string, proof: string | undefined): void;
}

interface Proof {
  readonly session: string;
  readonly purpose: string;
  readonly endsAtMs: number;
}

export function createProofs(deps: Pick<SignInDeps, 'db' | 'clock' | 'passwords'>): Proofs {
  const { clock } = deps;
  const proofs = new Map<string, Proof>();
  return {
    async give(signedIn, body, origin) {
      await reauthenticate(deps, signedIn, body, origin);
      const proof = newToken();
      const { session } = signedIn;
      proofs.set(proof, { session, purpose: body.purpose, endsAtMs: clock.nowMs() + PROOF_MS });
      for (const oldest of proofs.keys()) {
        if (proofs.size <= MAX_PROOFS) break;
        proofs.delete(oldest);
      }
      return proof;
    },
    take({ session }, purpose, text) {
      const proof = proofs.get(text ?? '');
      proofs.delete(text ?? '');
      const isGood =
        proof?.session === session && proof.purpose === purpose && clock.nowMs() < proof.endsAtMs;
      if (!isGood) throw new WatchkeeperError('proof_required', 'Prove with your password that it is you.');
    },
  };
}

async function reauthenticate(
  deps: Pick<SignInDeps, 'db' | 'clock' | 'passwords'>,
  { account }: SignedIn,
  { password, code }: ProofBody,
  origin: string,
): Promise<void> {
  const { db, clock, passwords } = deps;
  const found = await accountByName(db, account.name);
  const attempt = await enterAttempt(deps, account.name, origin, found);
  const isRight =
    password === undefined
      ? attempt.failures !== undefined &&
        (await inTransaction(db, (step) => takeFactor(step, account.id, code ?? '', clock.nowMs())))
      : await passwords.isRight(found?.passwordHash || undefined, password);
  if (attempt.failures === undefined || !isRight) {
    throw new WatchkeeperError('wrong_credentials', 'The password or code is wrong, or too many were wrong.');
  }
  await inTransaction(db, attempt.succeed);
}
