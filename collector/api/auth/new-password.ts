import { passwordFault, type PasswordFault } from '../../../config/model/password.ts';
import { InvalidRequestError } from '../refusals.ts';
import type { Passwords } from './passwords.ts';

const PASSWORD_WORDS: Readonly<Record<PasswordFault, string>> = {
  too_short: 'must have at least 10 characters',
  too_long: 'must have at most 256 characters',
  like_name: 'must not be built on the name',
  too_common: 'is one of those that are tried first',
};

/** @throws {InvalidRequestError} when the password may not be chosen for the name. */
export function requireGoodPassword(password: string, name: string, path = 'password'): void {
  const fault = passwordFault(password, name);
  if (fault !== undefined) throw new InvalidRequestError([{ path, message: PASSWORD_WORDS[fault] }]);
}

/** @throws {InvalidRequestError} when the password is one of those that the person has had. */
export async function requireNewPassword(
  passwords: Passwords,
  password: string,
  { before, path = 'password' }: { readonly before: readonly string[]; readonly path?: string },
): Promise<void> {
  for (const hash of before) {
    if (await passwords.isRight(hash, password)) {
      throw new InvalidRequestError([{ path, message: 'was used before' }]);
    }
  }
}
