import type { ErrorCode } from '../../config/model/errors.ts';
import { Secret } from '../../config/runtime/secret.ts';
import type { ProfileBody, ProfileSummary } from '../../config/model/profile.ts';
import type { ProfileTraps, Settings } from './settings.ts';

/** What the process that reads the site's files is asked. */
export type Question =
  | { readonly kind: 'settings' }
  | { readonly kind: 'traps' }
  | { readonly kind: 'profile'; readonly name: string; readonly place: number };

export interface Answers {
  readonly settings: Omit<Settings, 'profiles'> & { readonly profiles: readonly ProfileSummary[] };
  readonly traps: readonly ProfileTraps[];
  /** `undefined`: there is no such profile any more. */
  readonly profile: ProfileBody | undefined;
}

/** A question with the number by which its answer is told from others. */
export interface Asked {
  readonly number: number;
  readonly question: Question;
}

export type Answered = { readonly number: number } & (
  | { readonly answer: unknown }
  | { readonly code: ErrorCode; readonly message: string }
);

/** What stands for a secret between two processes: a message has no place for objects that hide what they hold. */
const SECRET = '\u0000secret';

/** A value with its secrets in clear, to be sent to the other process and nowhere else. */
export function withSecretsPacked(value: unknown): unknown {
  if (value instanceof Secret) return { [SECRET]: value.reveal() };
  return inside(value, withSecretsPacked);
}

/** The value as it was before `withSecretsPacked`. */
export function withSecretsUnpacked(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && SECRET in value)
    return new Secret(String(value[SECRET]));
  return inside(value, withSecretsUnpacked);
}

function inside(value: unknown, each: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(each);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, each(inner)]));
}
