import { randomBytes } from 'node:crypto';
import { messageOf, WatchkeeperError } from '../../../config/model/errors.ts';
import { createTurnstile } from './turnstile.ts';

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Each takes 19 MiB and a core, so that a storm of sign-ins leaves the rest of the machine its share. */
const AT_ONCE = 2;
const MAX_WAITING = 64;

/** Turns passwords into what may be stored. The work is done off the main loop, a bounded amount at a time. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Costs the same when there is no hash to compare with: the time tells nothing. */
  isRight(passwordHash: string | undefined, password: string): Promise<boolean>;
}

export function createPasswords(): Passwords {
  const turnstile = createTurnstile({ atOnce: AT_ONCE, maxWaiting: MAX_WAITING });
  // Two keyboards may compose the same letters differently.
  const hashed = async (password: string): Promise<string> => {
    const { hash } = await import('@node-rs/argon2');
    return hash(password.normalize('NFKC'), COST);
  };
  let nobodysHash: Promise<string> | undefined;

  return {
    hash: (password) => turnstile.pass(() => hashed(password)),
    isRight: (passwordHash, password) =>
      turnstile.pass(async () => {
        nobodysHash ??= hashed(randomBytes(32).toString('base64url'));
        const right = await isMatch(passwordHash ?? (await nobodysHash), password.normalize('NFKC'));
        return right && passwordHash !== undefined;
      }),
  };
}

async function isMatch(passwordHash: string, password: string): Promise<boolean> {
  try {
    const { verify } = await import('@node-rs/argon2');
    return await verify(passwordHash, password);
  } catch (error) {
    throw new WatchkeeperError(
      'records_failed',
      `A stored password cannot be compared: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
