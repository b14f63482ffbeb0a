import { createHash, randomBytes } from 'node:crypto';

/** A secret that nobody guesses: 256 random bits, safe in an address and in a cookie. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored in a token's place. It has 256 bits of its own, so one pass of a fast hash is enough. */
export function tokenHashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
