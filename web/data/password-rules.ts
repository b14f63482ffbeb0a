import { passwordFault } from '../../config/model/password.ts';

/** Begins with a letter or digit of any script, goes on with those, dot, underscore or hyphen. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;

export function isAccountName(name: string): boolean {
  return NAME.test(name);
}

/** Each rule of a first password with whether it is met, as the page shows them while somebody types. */
export interface PasswordRules {
  readonly length: boolean;
  readonly notName: boolean;
  readonly notCommon: boolean;
  readonly same: boolean;
}

export function passwordRules(password: string, again: string, name: string): PasswordRules {
  const fault = passwordFault(password, name);
  const isLongEnough = fault !== 'too_short' && fault !== 'too_long';
  return {
    length: isLongEnough,
    notName: isLongEnough && fault !== 'like_name',
    notCommon: isLongEnough && fault !== 'like_name' && fault !== 'too_common',
    same: password !== '' && password === again,
  };
}

export function areAllMet(rules: PasswordRules): boolean {
  return Object.values(rules).every(Boolean);
}
