import type { Effect } from '../../config/model/command.ts';
import type { Words } from '../i18n/words.ts';

const ROLE_CODES = ['viewer', 'operator', 'engineer', 'sysAdmin', 'secAdmin', 'auditAdmin'] as const;

/**
 * An effect in words: the words of roles, not their codes, and instants as people read them.
 * @param instant writes what stands under a name that ends in `Ms`
 */
export function effectText(
  { code, params = {} }: Effect,
  { t }: Pick<Words, 't'>,
  instant: (atMs: number) => string,
): string {
  const isRoles = (key: string): boolean =>
    key === 'roles' || (code === 'roles_changed' && (key === 'before' || key === 'after'));
  const words = Object.entries(params).map(([key, value]): [string, string | number] => {
    if (isRoles(key)) return [key, posts(String(value), t)];
    return [key, key.endsWith('Ms') ? instant(Number(value)) : value];
  });
  return t(`effect.${code}`, Object.fromEntries(words));
}

function posts(text: string, t: Words['t']): string {
  return text
    .split(' ')
    .map((word) => ROLE_CODES.find((role) => role === word))
    .map((role) => (role === undefined ? '' : t(`account.role.${role}`)))
    .join('、');
}
