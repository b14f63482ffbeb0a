export const PASSWORD_MIN_LENGTH = 10;

/** Bounds the work that a stranger can ask for. */
export const PASSWORD_MAX_LENGTH = 256;

/** The most used passwords of their length in published lists, Chinese ones among them, without digits at the end. */
const WORST = new Set([
  'password',
  'passwordpassword',
  'iloveyou',
  'qwertyuiop',
  'qwertyuiopasdfghjkl',
  'asdfghjkl',
  'qazwsxedc',
  'qwer1234asdf',
  '1q2w3e4r5t',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'q1w2e3r4t5',
  'zaq12wsxcde3',
  'administrator',
  'admin123admin',
  'changeme',
  'letmein',
  'welcome',
  'woaini',
  'woaini1314',
  'aa123456',
  'abc123456',
  'abcd1234',
  'a123456789',
  'watchkeeper',
  'zhishou',
]);
const RUNS = ['01234567890123456789', '98765432109876543210', 'abcdefghijklmnopqrstuvwxyz'];

/** What is wrong with a password; `too_common` is one of those that everybody tries first. */
export type PasswordFault = 'too_short' | 'too_long' | 'like_name' | 'too_common';

/** Whether a password may be chosen for an account of that name; `undefined` when nothing is wrong with it. */
export function passwordFault(password: string, name: string): PasswordFault | undefined {
  if (password.length < PASSWORD_MIN_LENGTH) return 'too_short';
  if (password.length > PASSWORD_MAX_LENGTH) return 'too_long';
  const folded = password.normalize('NFKC').toLowerCase();
  const foldedName = name.normalize('NFKC').trim().toLowerCase();
  const rest = foldedName === '' ? folded : folded.replaceAll(foldedName, '');
  if (rest !== folded && rest.length <= PASSWORD_MIN_LENGTH / 2) return 'like_name';
  return isCommon(folded) ? 'too_common' : undefined;
}

function isCommon(folded: string): boolean {
  const withoutEnd = folded.replace(/[\d\W_]+$/u, '');
  return (
    WORST.has(folded) ||
    WORST.has(withoutEnd) ||
    new Set(folded).size <= 3 ||
    RUNS.some((run) => run.includes(folded))
  );
}
